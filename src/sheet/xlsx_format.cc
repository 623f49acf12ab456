#include "sheet/xlsx_format.h"

#include <charconv>
#include <chrono>
#include <cmath>
#include <fmt/format.h>
#include <optional>

namespace onefold::sheet {
namespace {

constexpr double serial_max = 2'958'466; // the year 10000

std::optional<double> number_of(std::string_view raw) {
    double value = 0;
    const auto [end, error] = std::from_chars(raw.data(), raw.data() + raw.size(), value);
    return error == std::errc() && end == raw.data() + raw.size() && std::isfinite(value) ? std::optional(value)
                                                                                          : std::nullopt;
}

bool is_short_plain(std::string_view raw) {
    std::size_t digits = 0;
    for (const char c : raw) {
        if (c >= '0' && c <= '9')
            ++digits;
        else if (c != '.' && c != '-')
            return false;
    }
    return digits <= 15;
}

// Plain digits, at most 15 that count.
std::string plain_text(double value) {
    std::string text = fmt::format("{:.15g}", value);
    if (text.find('e') == std::string::npos)
        return text;
    if (std::fabs(value) >= 1)
        return std::fabs(value) < 1e30 ? fmt::format("{:.0f}", value) : text;
    text = fmt::format("{:.20f}", value);
    text.erase(text.find_last_not_of('0') + 1);
    return text.ends_with('.') ? text.substr(0, text.size() - 1) : text;
}

std::string clock_text(long long seconds) {
    return fmt::format("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

// Excel thinks that 1900 was a leap year: its day 60 is one that was not.
std::string day_text(long long day, Epoch epoch) {
    using namespace std::chrono;
    if (epoch == Epoch::of_1900 && day == 60)
        return "1900-02-29";
    const sys_days first = epoch == Epoch::of_1904 ? sys_days{year{1904} / 1 / 1}
                           : day < 60              ? sys_days{year{1899} / 12 / 31}
                                                   : sys_days{year{1899} / 12 / 30};
    const year_month_day date{first + days{day}};
    return fmt::format("{:04}-{:02}-{:02}", int(date.year()), unsigned(date.month()), unsigned(date.day()));
}

std::string date_text(double serial, Epoch epoch) {
    const auto seconds = std::llround(serial * 86400);
    const long long day = seconds / 86400, of_day = seconds % 86400;
    if (of_day == 0)
        return day_text(day, epoch);
    if (day == 0 && epoch == Epoch::of_1900)
        return clock_text(of_day);
    return day_text(day, epoch) + " " + clock_text(of_day);
}

} // namespace

CellFormat format_of_code(std::string_view code) {
    bool has_day = false, has_time = false, has_percent = false, has_digit = false;
    for (std::size_t i = 0; i < code.size(); ++i) {
        const char c = code[i];
        if (c == ';')
            break; // the other sections are for negative numbers and text
        if (c == '\\' || c == '_' || c == '*') {
            ++i;
        } else if (c == '"') {
            i = code.find('"', i + 1);
            if (i == std::string_view::npos)
                break;
        } else if (c == '[') {
            const auto end = code.find(']', i);
            const auto inside = code.substr(i + 1, end == std::string_view::npos ? 0 : end - i - 1);
            has_time |= !inside.empty() && inside.find_first_not_of("hHmMsS") == std::string_view::npos;
            if (end == std::string_view::npos)
                break;
            i = end;
        } else if (c == 'y' || c == 'Y' || c == 'd' || c == 'D' || c == 'e') {
            has_day = true;
        } else if (c == 'h' || c == 'H' || c == 's' || c == 'S') {
            has_time = true;
        } else if (c == 'm' || c == 'M') {
            has_day |= !has_time; // minutes stand beside hours or seconds; else months
        } else if (c == '%') {
            has_percent = true;
        } else if (c == '0' || c == '#' || c == '?') {
            has_digit = true;
        } else if (c == 'G' || c == 'E') {
            break; // General, exponent
        }
    }
    if (has_percent)
        return CellFormat::percent;
    if (has_digit && !has_time)
        return CellFormat::general;
    return has_day ? CellFormat::date : has_time ? CellFormat::time : CellFormat::general;
}

CellFormat format_of_builtin(int id) {
    if (id == 9 || id == 10)
        return CellFormat::percent;
    if ((id >= 18 && id <= 21) || (id >= 45 && id <= 47) || (id >= 32 && id <= 35) || id == 55 || id == 56)
        return CellFormat::time;
    if ((id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 36) || (id >= 50 && id <= 58))
        return CellFormat::date;
    return CellFormat::general;
}

std::string number_text(std::string_view raw, CellFormat format, Epoch epoch) {
    if (format == CellFormat::general && is_short_plain(raw))
        return std::string(raw);
    const auto value = number_of(raw);
    if (!value)
        return std::string(raw);
    switch (format) {
    case CellFormat::general:
        break;
    case CellFormat::percent:
        return plain_text(*value * 100) + "%";
    case CellFormat::date:
    case CellFormat::time:
        if (*value >= 0 && *value < serial_max)
            return date_text(*value, epoch);
        break;
    }
    return plain_text(*value);
}

std::string unescaped(std::string_view text) {
    std::string result;
    for (std::size_t at = 0;;) {
        const auto begin = text.find("_x", at);
        if (begin == std::string_view::npos || text.size() - begin < 7)
            return result.append(text.substr(at));
        unsigned code = 0;
        const char* digits = text.data() + begin + 2;
        const auto [end, error] = std::from_chars(digits, digits + 4, code, 16);
        const bool is_escape =
            error == std::errc() && end == digits + 4 && *end == '_' && (code < 0xD800 || code > 0xDFFF);
        result.append(text.substr(at, begin - at));
        at = begin + (is_escape ? 7 : 1);
        if (!is_escape) {
            result += '_';
        } else if (code < 0x80) {
            result += char(code);
        } else if (code < 0x800) {
            result += char(0xC0 | code >> 6);
            result += char(0x80 | (code & 0x3F));
        } else {
            result += char(0xE0 | code >> 12);
            result += char(0x80 | (code >> 6 & 0x3F));
            result += char(0x80 | (code & 0x3F));
        }
    }
}

} // namespace onefold::sheet
