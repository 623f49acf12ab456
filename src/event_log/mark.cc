#include "event_log/mark.h"

#include "core/crc32c.h"
#include "core/text.h"
#include "event_log/damage.h"

#include <charconv>
#include <fmt/format.h>

namespace onefold::event_log {
namespace {

template <class Number>
bool read_hex(std::string_view text, Number& value) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
    return error == std::errc{} && end == text.data() + text.size();
}

std::optional<Mark> mark_of(std::string_view text) {
    constexpr std::size_t position_at = 14, chain_at = position_at + 17;
    Mark mark;
    if (text.size() != text_of(mark).size())
        return std::nullopt;
    if (!read_hex(text.substr(position_at, 16), mark.position))
        return std::nullopt;
    for (std::size_t i = 0; i < mark.chain.size(); ++i)
        if (!read_hex(text.substr(chain_at + 2 * i, 2), mark.chain[i]))
            return std::nullopt;
    return text_of(mark) == text ? std::optional(mark) : std::nullopt;
}

} // namespace

std::string text_of(const Mark& mark) {
    const std::string_view chain{reinterpret_cast<const char*>(mark.chain.data()), mark.chain.size()};
    const std::string text = fmt::format("onefold-hwm-1 {:016x} {} ", mark.position, to_hex(chain));
    return fmt::format("{}{:08x}\n", text, crc32c(text));
}

Result<std::optional<Mark>> read_mark(runtime::Files& files, const std::string& folder, std::string_view file) {
    const std::string path = fmt::format("{}/{}", folder, file);
    if (!files.exists(path))
        return std::nullopt;
    const auto text = files.read_all(path, 4096);
    if (!text && text.error().code != "files.too_large")
        return fail(text.error());
    const auto mark = text ? mark_of(*text) : std::nullopt;
    if (!mark)
        return damaged({path, 0, {"the mark cannot be read", "标记无法读取"}});
    return mark;
}

Result<> write_mark(runtime::Files& files, const std::string& folder, std::string_view file, const Mark& mark) {
    return files.replace(fmt::format("{}/{}", folder, file), text_of(mark));
}

} // namespace onefold::event_log
