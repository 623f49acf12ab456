#pragma once
// Requests with messages whose ids are never repeated. Pure.
#include <cstdint>
#include <string>
#include <string_view>

namespace onefold::load {

struct Shape {
    std::string key;    // write key
    std::string prefix; // of message ids and users
    int batch = 50;     // 1: /v1/track
    std::int64_t users = 100'000;
    std::int64_t crowd = 0; // so many visitors of demo/crowd.h instead
};

// The request whose messages are numbered from `first` on.
std::string request_of(const Shape& shape, std::int64_t first);

// The head of a POST of JSON with a write key.
std::string head_of(std::string_view path, std::string_view key, std::size_t body_bytes);

// The message with this number.
void append_message(const Shape& shape, std::int64_t number, std::string& out);

std::string base64(std::string_view bytes);

} // namespace onefold::load
