#pragma once
// One answer of a server, read out of the bytes that came so far. Pure.
#include <cstddef>
#include <optional>
#include <string_view>

namespace onefold::load {

struct Answer {
    int status = 0;
    int retry_after_s = -1; // -1: not said
    bool closes = false;
    std::size_t bytes = 0; // with head and body
};

// nullopt while it is not complete. A head without Content-Length has no body.
std::optional<Answer> read_answer(std::string_view bytes);

} // namespace onefold::load
