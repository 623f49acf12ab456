#include "columns/mask.h"

#include "core/text.h"

namespace onefold::columns {
namespace {

constexpr std::size_t characters_max = 80;
constexpr std::size_t digits_min = 7, digits_kept_in_front = 3, digits_kept_behind = 2;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_between_digits(char c) {
    return c == ' ' || c == '-' || c == '.' || c == '(' || c == ')';
}
bool is_of_address(char c) {
    return is_digit(c) || ((c | 32) >= 'a' && (c | 32) <= 'z') || std::string_view("._%+-").contains(c) || (c & 0x80);
}

// "2026-01-05" or "2026/1/5", perhaps with a time behind it.
bool begins_with_date(std::string_view text) {
    return text.size() >= 8 && std::ranges::all_of(text.substr(0, 4), is_digit) && (text[4] == '-' || text[4] == '/') &&
           is_digit(text[5]) && (text[6] == text[4] || (is_digit(text[6]) && text[7] == text[4]));
}

void mask_addresses(std::string& text) {
    for (auto at = text.find('@'); at != std::string::npos; at = text.find('@', at + 1)) {
        std::size_t begin = at;
        while (begin > 0 && is_of_address(text[begin - 1]))
            --begin;
        if (begin == at || at + 1 == text.size() || !is_of_address(text[at + 1]))
            continue;
        const auto first = beginning_of(std::string_view(text).substr(begin, at - begin), 1).size();
        text.replace(begin + first, at - begin - first, "***");
        at = text.find('@', begin);
    }
}

void mask_digits(std::string& text, std::size_t begin, std::size_t end, std::size_t digits) {
    std::size_t seen = 0;
    for (std::size_t i = begin; i < end; ++i)
        if (is_digit(text[i]) && ++seen > digits_kept_in_front && seen + digits_kept_behind <= digits)
            text[i] = '*';
}

void mask_numbers(std::string& text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!is_digit(text[i]))
            continue;
        std::size_t digits = 0, end = i, last = i;
        for (; end < text.size() && (is_digit(text[end]) || is_between_digits(text[end])); ++end)
            if (is_digit(text[end])) {
                ++digits;
                last = end;
            }
        if (digits >= digits_min)
            mask_digits(text, i, last + 1, digits);
        i = end;
    }
}

} // namespace

std::string masked(std::string_view example) {
    std::string text(example);
    mask_addresses(text);
    if (!begins_with_date(text))
        mask_numbers(text);
    const auto shown = beginning_of(text, characters_max);
    return shown.size() == text.size() ? text : std::string(shown) + "…";
}

} // namespace onefold::columns
