#include "http/body_size.h"

#include <charconv>
#include <fmt/format.h>

namespace onefold::http {

LocalText size_words(std::size_t bytes) {
    if (bytes == 0 || bytes % (1 << 10) != 0)
        return {fmt::format("{} bytes", bytes), fmt::format("{} 字节", bytes)};
    const auto text = bytes % (1 << 20) == 0 ? fmt::format("{} MiB", bytes >> 20) : fmt::format("{} KiB", bytes >> 10);
    return {text, text};
}

Error too_large(std::size_t bytes_max) {
    const LocalText most = size_words(bytes_max);
    return {ErrorKind::too_large, "http.too_large",
        {fmt::format("The body is larger than the {} that are taken here. Nothing was changed.", most.in("en")),
            fmt::format("请求体超过此处允许的 {}。未做任何更改。", most.in("zh-CN"))}};
}

bool is_unread(const Incoming& incoming, std::size_t bytes_max) {
    const std::string_view length = incoming.header("content-length");
    std::uint64_t bytes = 0;
    const auto read = std::from_chars(length.data(), length.data() + length.size(), bytes);
    return incoming.body.empty() && read.ec == std::errc() && bytes > bytes_max;
}

} // namespace onefold::http
