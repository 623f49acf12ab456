#include "formula/fault.h"

#include "core/text.h"

#include <charconv>
#include <fmt/format.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

namespace onefold::formula {
namespace {

int width_of(UChar32 c) {
    if (u_charType(c) == U_NON_SPACING_MARK || u_charType(c) == U_ENCLOSING_MARK)
        return 0;
    const int width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
    return width == U_EA_FULLWIDTH || width == U_EA_WIDE ? 2 : 1;
}

} // namespace

Failure fault(Span at, std::string_view code, const LocalText& message) {
    const auto place = at.begin + 1;
    return fail(ErrorKind::invalid, code,
        {fmt::format("Character {}: {}", place, message.in("en")),
            fmt::format("第 {} 个字符：{}", place, message.in("zh-CN"))},
        {{fmt::format("{}+{}", at.begin, at.length), std::string(code), message}});
}

std::optional<Span> span_of(const Error& error) {
    if (error.fields.size() != 1)
        return std::nullopt;
    const std::string& path = error.fields.front().path;
    const std::size_t plus = path.find('+');
    Span at;
    if (plus == path.npos || std::from_chars(path.data(), path.data() + plus, at.begin).ec != std::errc{} ||
        std::from_chars(path.data() + plus + 1, path.data() + path.size(), at.length).ec != std::errc{})
        return std::nullopt;
    return at;
}

std::string with_caret(std::string_view text, Span at) {
    std::string line, mark;
    int before = 0, under = 0;
    std::uint32_t index = 0;
    bool is_line_of_place = false;
    const auto size = std::int32_t(text.size());
    for (std::int32_t offset = 0; offset < size; ++index) {
        const std::int32_t begin = offset;
        UChar32 c;
        U8_NEXT(text.data(), offset, size, c);
        is_line_of_place = is_line_of_place || index == at.begin;
        if (c == '\n' || c == '\r') {
            if (is_line_of_place)
                break;
            line.clear();
            before = 0;
            continue;
        }
        const bool is_shown = c >= 0x20 && c != 0x7F;
        line += is_shown ? text.substr(std::size_t(begin), std::size_t(offset - begin)) : " ";
        const int width = is_shown ? width_of(c) : 1;
        if (index < at.begin)
            before += width;
        else if (index < at.begin + at.length)
            under += width;
    }
    return fmt::format(
        "{}\n{}{}", line, std::string(std::size_t(before), ' '), std::string(std::size_t(std::max(1, under)), '^'));
}

} // namespace onefold::formula
