#include "search/runs.h"

#include "core/text.h"
#include "search/pinyin.h"

#include <algorithm>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

namespace onefold::search {
namespace {

constexpr std::size_t code_points_max = 200;

} // namespace

std::string utf8_of(std::u32string_view text) {
    std::string utf8;
    for (const char32_t character : text) {
        char bytes[4];
        std::int32_t size = 0;
        U8_APPEND_UNSAFE(bytes, size, character);
        utf8.append(bytes, std::size_t(size));
    }
    return utf8;
}

std::u32string code_points_of(std::string_view utf8) {
    std::u32string text;
    const auto size = std::int32_t(utf8.size());
    for (std::int32_t at = 0; at < size;) {
        UChar32 character;
        U8_NEXT(utf8.data(), at, size, character);
        if (character >= 0)
            text += char32_t(character);
    }
    return text;
}

bool is_in_words(char32_t character) {
    return u_isalnum(UChar32(character));
}

bool Run::is_digits() const {
    return std::ranges::all_of(text, [](char32_t c) { return c >= U'0' && c <= U'9'; });
}

std::vector<Run> runs_of(std::string_view value) {
    std::vector<Run> runs;
    bool is_open = false;
    for (const char32_t character : code_points_of(folded(beginning_of(value, code_points_max)))) {
        if (!is_in_words(character)) {
            is_open = false;
            continue;
        }
        const bool is_han_now = is_han(character);
        if (!is_open || runs.back().is_han != is_han_now)
            runs.push_back({{}, is_han_now});
        runs.back().text += character;
        is_open = true;
    }
    return runs;
}

std::string whole_of(std::string_view value) {
    std::string whole;
    for (const Run& run : runs_of(value))
        whole += run.utf8();
    return whole;
}

std::string digits_of(std::string_view value) {
    std::string digits;
    for (const char c : folded(value))
        if (c >= '0' && c <= '9')
            digits += c;
    return digits;
}

std::string sound_of(std::u32string_view han) {
    std::string all;
    const auto readings = readings_of(han);
    for (const std::string& syllable : readings.front())
        all += syllable;
    return all;
}

} // namespace onefold::search
