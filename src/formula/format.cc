#include "formula/format.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace onefold::formula {
namespace {

using namespace std::chrono;

// A pattern's words in "…" stand for themselves.
struct Piece {
    std::string text;
    bool is_literal;
};
std::vector<Piece> pieces_of(std::string_view pattern) {
    std::vector<Piece> pieces;
    bool is_literal = false;
    std::string text;
    const auto end_piece = [&] {
        if (!text.empty())
            pieces.push_back({std::move(text), is_literal});
        text.clear();
    };
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == '"') {
            end_piece();
            is_literal = !is_literal;
        } else if (pattern[i] == '\\' && !is_literal && i + 1 < pattern.size()) {
            end_piece();
            pieces.push_back({std::string(1, pattern[++i]), true});
        } else {
            text += pattern[i];
        }
    }
    end_piece();
    return pieces;
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? char(c + 32) : c;
}

constexpr std::array<std::string_view, 12> month_names{"January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December"};
constexpr std::array<std::string_view, 7> day_names{
    "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 7> chinese_days{"日", "一", "二", "三", "四", "五", "六"};

struct Unit {
    char letter; // y m d h s a; n for minutes
    int count;
    std::string literal;
};

// The letters of a pattern; an m beside hours or seconds means minutes.
std::vector<Unit> units_of(std::string_view pattern) {
    std::vector<Unit> units;
    for (const Piece& piece : pieces_of(pattern)) {
        if (piece.is_literal) {
            units.push_back({0, 0, piece.text});
            continue;
        }
        const std::string& text = piece.text;
        for (std::size_t i = 0; i < text.size();) {
            std::string start;
            for (const char c : text.substr(i, 5))
                start += lower(c);
            if (start == "am/pm") {
                units.push_back({'p', 5, ""});
                i += 5;
                continue;
            }
            const char letter = lower(text[i]);
            std::size_t end = i + 1;
            if (std::string_view("ymdhsa").find(letter) == std::string_view::npos) {
                units.push_back({0, 0, text.substr(i, 1)});
            } else {
                while (end < text.size() && lower(text[end]) == letter)
                    ++end;
                units.push_back({letter, int(end - i), ""});
            }
            i = end;
        }
    }
    Unit* last = nullptr;
    for (Unit& unit : units) {
        if (unit.letter == 0 || unit.letter == 'p')
            continue;
        if (unit.letter == 'm' && unit.count <= 2 && last && last->letter == 'h')
            unit.letter = 'n';
        if (unit.letter == 's' && last && last->letter == 'm' && last->count <= 2)
            last->letter = 'n';
        last = &unit;
    }
    return units;
}

// 0 is always written, # only where it counts.
void add_place(Digits& digits, char c) {
    ++digits.most;
    if (c == '0')
        digits.least = digits.most;
}

std::string digits_of(unsigned number, int count) {
    return fmt::format("{:0{}}", number, count >= 2 ? 2 : 1);
}

} // namespace

std::string format_digits(const Decimal& number, const Digits& digits) {
    const Decimal rounded = number.rounded(digits.most).value_or(number);
    std::string text = rounded.to_string();
    const bool is_negative = text.starts_with('-');
    text.erase(0, is_negative ? 1 : 0);
    const std::size_t point = std::min(text.find('.'), text.size());
    std::string before = text.substr(0, point), behind = point < text.size() ? text.substr(point + 1) : "";
    if (before == "0" && digits.whole_least == 0)
        before.clear();
    while (int(before.size()) < digits.whole_least)
        before.insert(before.begin(), '0');
    while (int(behind.size()) < digits.least)
        behind += '0';
    if (digits.is_grouped)
        for (std::ptrdiff_t at = std::ptrdiff_t(before.size()) - 3; at > 0; at -= 3)
            before.insert(std::size_t(at), ",");
    return fmt::format("{}{}{}{}", is_negative ? "-" : "", before, behind.empty() ? "" : ".", behind);
}

std::optional<std::string> format_number(const Decimal& number, std::string_view pattern) {
    std::string before, behind;
    Digits digits{.whole_least = 0};
    bool is_found = false, is_behind_point = false, is_over = false;
    Decimal shown = number;
    for (const Piece& piece : pieces_of(pattern))
        for (const char c : piece.text) {
            const bool is_place = !piece.is_literal && (c == '0' || c == '#' || c == '.' || (c == ',' && is_found));
            if (is_place && !is_over) {
                is_found = true;
                if (c == '.')
                    is_behind_point = true;
                else if (c == ',')
                    digits.is_grouped = true;
                else if (is_behind_point)
                    add_place(digits, c);
                else
                    digits.whole_least += c == '0' ? 1 : 0;
                continue;
            }
            is_over = is_found;
            if (c == '%' && !piece.is_literal)
                if (const auto hundredfold = shown.times(Decimal::of(100)))
                    shown = *hundredfold;
            (is_found ? behind : before) += c;
        }
    if (!is_found)
        return std::nullopt;
    std::string text = format_digits(shown, digits);
    const bool is_negative = text.starts_with('-');
    return (is_negative ? "-" : "") + before + text.substr(is_negative ? 1 : 0) + behind;
}

std::string format_moment(Date day, microseconds time, std::string_view pattern) {
    const year_month_day date{day};
    const hh_mm_ss clock{time};
    const auto weekday = std::chrono::weekday{day}.c_encoding();
    const auto units = units_of(pattern);
    const bool is_halved = std::ranges::any_of(units, [](const Unit& unit) { return unit.letter == 'p'; });
    const auto hour = unsigned(clock.hours().count());
    std::string text;
    for (const Unit& unit : units) {
        const auto month = unsigned(date.month());
        switch (unit.letter) {
        case 'y':
            text += unit.count <= 2 ? digits_of(unsigned(int(date.year())) % 100, 2)
                                    : fmt::format("{:04}", int(date.year()));
            break;
        case 'm':
            text += unit.count == 3  ? std::string(month_names[month - 1].substr(0, 3))
                    : unit.count > 3 ? std::string(month_names[month - 1])
                                     : digits_of(month, unit.count);
            break;
        case 'd':
            text += unit.count == 3  ? std::string(day_names[weekday].substr(0, 3))
                    : unit.count > 3 ? std::string(day_names[weekday])
                                     : digits_of(unsigned(date.day()), unit.count);
            break;
        case 'a':
            text += (unit.count > 3 ? "星期" : "") + std::string(chinese_days[weekday]);
            break;
        case 'h':
            text += digits_of(is_halved ? (hour + 11) % 12 + 1 : hour, unit.count);
            break;
        case 'n':
            text += digits_of(unsigned(clock.minutes().count()), unit.count);
            break;
        case 's':
            text += digits_of(unsigned(clock.seconds().count()), unit.count);
            break;
        case 'p':
            text += hour < 12 ? "AM" : "PM";
            break;
        default:
            text += unit.literal;
        }
    }
    return text;
}

} // namespace onefold::formula
