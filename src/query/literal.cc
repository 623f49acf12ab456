#include "query/literal.h"

#include "core/id.h"
#include "core/text.h"
#include "core/time.h"

#include <charconv>
#include <fmt/format.h>
#include <limits>
#include <map>

namespace onefold::query {
namespace {

bool is_date(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-')
        return false;
    const auto digits = [&](std::size_t at, std::size_t count) {
        int value = 0;
        for (const char c : text.substr(at, count)) {
            if (c < '0' || c > '9')
                return -1;
            value = value * 10 + (c - '0');
        }
        return value;
    };
    const int year = digits(0, 4), month = digits(5, 2), day = digits(8, 2);
    if (year < 1 || month < 1 || day < 1)
        return false;
    return std::chrono::year_month_day(
        std::chrono::year(year), std::chrono::month(unsigned(month)), std::chrono::day(unsigned(day)))
        .ok();
}

Failure mismatch(Operand::Kind kind, const std::string& where) {
    const auto name = name_of(kind);
    return wrong_type(where, {fmt::format("The value at {} must be {}.", where, name.in("en")),
                                 fmt::format("{} 处的值须为{}。", where, name.in("zh-CN"))});
}

std::optional<Decimal> number_in(const formula::Literal& literal) {
    if (const auto* number = std::get_if<Decimal>(&literal))
        return *number;
    const auto* text = std::get_if<std::string>(&literal);
    if (!text || text->size() > 60)
        return std::nullopt;
    const auto parsed = Decimal::parse(*text);
    return parsed ? std::optional(*parsed) : std::nullopt;
}

std::optional<std::int64_t> id_in(const formula::Literal& literal) {
    const auto* number = std::get_if<Decimal>(&literal);
    if (number)
        return parse_id(number->to_string());
    const auto* text = std::get_if<std::string>(&literal);
    return text ? parse_id(*text) : std::nullopt;
}

} // namespace

Place place_of(const Decimal& number, int scale) {
    const std::string text = number.to_string();
    const bool is_negative = number.is_negative();
    const std::size_t first = is_negative ? 1 : 0, point = std::min(text.find('.'), text.size());
    std::string digits = text.substr(first, point - first);
    std::string places = point < text.size() ? text.substr(point + 1) : "";
    const bool is_exact = places.size() <= std::size_t(scale);
    places.resize(std::size_t(scale), '0');
    digits += places;

    const auto outside = Place{is_negative ? Place::Fit::below_all : Place::Fit::above_all, 0};
    const std::size_t significant = std::min(digits.find_first_not_of('0'), digits.size());
    if (digits.size() - significant > 19)
        return outside;
    __int128 units = 0;
    for (const char c : digits)
        units = units * 10 + (c - '0');
    if (is_negative)
        units = -units - (is_exact ? 0 : 1);
    using Limits = std::numeric_limits<std::int64_t>;
    if (units < Limits::min() || units > Limits::max())
        return outside;
    return {is_exact ? Place::Fit::exact : Place::Fit::between, std::int64_t(units)};
}

std::optional<std::int64_t> instant_ago(Instant now, const formula::Literal& number, const formula::Literal& unit) {
    using namespace std::chrono;
    static const std::map<std::string, microseconds, std::less<>> units{
        {"minute", minutes{1}}, {"hour", hours{1}}, {"day", days{1}}, {"week", weeks{1}}};
    const auto count = id_in(number);
    const auto* name = std::get_if<std::string>(&unit);
    const auto found = name ? units.find(*name) : units.end();
    if (!count || *count > 100'000 || found == units.end())
        return std::nullopt;
    return micros_of(now - *count * found->second);
}

Result<Reading> read_literal(const formula::Literal& literal, Operand::Kind kind, int scale, const std::string& where) {
    if (std::holds_alternative<std::monostate>(literal))
        return Reading{};
    const auto* text = std::get_if<std::string>(&literal);
    switch (kind) {
    case Operand::Kind::text:
        if (text && text->find('\0') == text->npos && is_valid_utf8(*text))
            return Reading{*text};
        break;
    case Operand::Kind::date:
        if (text && is_date(*text))
            return Reading{*text};
        break;
    case Operand::Kind::number:
    case Operand::Kind::average:
        if (const auto number = number_in(literal))
            return Reading{place_of(*number, scale)};
        break;
    case Operand::Kind::instant:
        if (!text)
            break;
        if (const auto at = parse_rfc3339(*text))
            return Reading{micros_of(*at)};
        break;
    case Operand::Kind::id:
        if (const auto id = id_in(literal))
            return Reading{*id};
        break;
    case Operand::Kind::boolean:
        if (const auto* flag = std::get_if<bool>(&literal))
            return Reading{*flag};
        break;
    case Operand::Kind::json:
    case Operand::Kind::many:
        break;
    }
    return mismatch(kind, where);
}

} // namespace onefold::query
