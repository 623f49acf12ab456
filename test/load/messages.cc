#include "load/messages.h"

#include "demo/crowd.h"

#include <fmt/compile.h>

namespace onefold::load {

std::string base64(std::string_view bytes) {
    static constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t group = 0;
        for (std::size_t j = i; j < i + 3; ++j)
            group = group << 8 | (j < bytes.size() ? static_cast<unsigned char>(bytes[j]) : 0U);
        for (std::size_t j = 0; j < 4; ++j)
            out += i + j <= bytes.size() ? letters[group >> (18 - 6 * j) & 63] : '=';
    }
    return out;
}

std::string head_of(std::string_view path, std::string_view key, std::size_t body_bytes) {
    return fmt::format(
        "POST {} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {}\r\nContent-Type: application/json\r\n"
        "Content-Length: {}\r\n\r\n",
        path, base64(fmt::format("{}:", key)), body_bytes);
}

void append_crowd_message(const Shape& shape, std::int64_t number, std::string& out) {
    const demo::Crowd crowd({.customers = std::uint64_t(shape.crowd)});
    const auto message = crowd.message(std::uint64_t(number));
    out += fmt::format(R"({{"messageId":"{}-{}",)", shape.prefix, message.message_id);
    out.append(message.payload, 1); // behind its brace
}

// About what a browser's tracker sends: 400 bytes.
void append_message(const Shape& shape, std::int64_t number, std::string& out) {
    if (shape.crowd > 0)
        return append_crowd_message(shape, number, out);
    // The multiplication scatters users over the whole range.
    const std::int64_t user = number * 7919 % shape.users;
    fmt::memory_buffer text;
    fmt::format_to(fmt::appender(text),
        FMT_COMPILE(
            R"({{"type":"track","userId":"{0}-{1}","messageId":"{0}-{2}","event":"Product Viewed","timestamp":"2026-01-05T08:{3:02}:{4:02}.{5:03}Z",)"
            R"("properties":{{"product_id":"P{6}","price":{7}.99,"currency":"EUR","category":"shoes"}},)"
            R"("context":{{"ip":"203.0.113.7","userAgent":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36","page":{{"path":"/p/{6}","referrer":"https://shop.example/"}}}}}})"),
        shape.prefix, user, number, number / 60 % 60, number % 60, number % 1000, number % 5000, number % 300);
    out.append(text.data(), text.size());
}

std::string request_of(const Shape& shape, std::int64_t first) {
    std::string body;
    if (shape.batch == 1) {
        append_message(shape, first, body);
    } else {
        body = "{\"batch\":[";
        for (std::int64_t i = 0; i < shape.batch; ++i) {
            if (i > 0)
                body += ',';
            append_message(shape, first + i, body);
        }
        body += "]}";
    }
    return head_of(shape.batch == 1 ? "/v1/track" : "/v1/batch", shape.key, body.size()) + body;
}

} // namespace onefold::load
