#include "core/text.h"
#include "sheet/written.h"

namespace onefold::sheet {
namespace {

constexpr std::size_t number_bytes_max = 64;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool take_end(std::string_view& text, std::string_view end) {
    if (!text.ends_with(end))
        return false;
    text = trimmed(text.substr(0, text.size() - end.size()));
    return true;
}
bool take_begin(std::string_view& text, std::string_view begin) {
    if (!text.starts_with(begin))
        return false;
    text = trimmed(text.substr(begin.size()));
    return true;
}

struct Sign {
    std::string_view text, currency;
};
constexpr Sign signs[] = {{"rmb", "CNY"}, {"cny", "CNY"}, {"人民币", "CNY"}, {"元", "CNY"}, {"圆", "CNY"},
    {"块", "CNY"}, {"¥", "CNY"}, {"us$", "USD"}, {"usd", "USD"}, {"hk$", "HKD"}, {"hkd", "HKD"}, {"nt$", "TWD"},
    {"twd", "TWD"}, {"$", "USD"}, {"美元", "USD"}, {"eur", "EUR"}, {"€", "EUR"}, {"欧元", "EUR"}, {"gbp", "GBP"},
    {"£", "GBP"}, {"jpy", "JPY"}, {"円", "JPY"}};

constexpr std::pair<std::string_view, std::int64_t> units[] = {{"百万", 1'000'000}, {"千万", 10'000'000},
    {"万亿", 1'000'000'000'000}, {"亿", 100'000'000}, {"万", 10'000}, {"千", 1'000}};

// Where the digits of a whole number stand in groups by one of these: of three, but for the first (and of two, as in
// India).
bool is_grouped(std::string_view whole, char mark) {
    std::size_t begin = 0;
    bool is_first = true;
    for (;;) {
        const auto end = whole.find(mark, begin);
        const auto group = whole.substr(begin, end == std::string_view::npos ? end : end - begin);
        const bool is_last = end == std::string_view::npos;
        if (!std::ranges::all_of(group, is_digit) || group.empty() || group.size() > 3)
            return false;
        if (!is_first && group.size() != 3 && (is_last || group.size() != 2))
            return false;
        if (is_last)
            return !is_first;
        begin = end + 1;
        is_first = false;
    }
}

struct Plain {
    std::string digits; // "1234.50"
    bool may_be_otherwise = false;
};

std::optional<Plain> with_marks(std::string_view text, char point, char group) {
    const auto at = text.find(point);
    std::string_view whole = text.substr(0, at);
    const std::string_view places = at == std::string_view::npos ? std::string_view() : text.substr(at + 1);
    if (!std::ranges::all_of(places, is_digit) || (at != std::string_view::npos && places.empty()))
        return std::nullopt;
    const bool has_groups = whole.find(group) != std::string_view::npos;
    if (has_groups ? !is_grouped(whole, group) : !std::ranges::all_of(whole, is_digit))
        return std::nullopt;
    if (whole.empty() && places.empty())
        return std::nullopt;
    Plain plain;
    for (const char c : whole)
        if (is_digit(c))
            plain.digits += c;
    if (plain.digits.empty())
        plain.digits = "0";
    if (!places.empty())
        (plain.digits += '.') += places;
    return plain;
}

// One mark and three digits behind it: both readings hold.
bool is_ambiguous(std::string_view text) {
    const auto at = text.find_first_of(".,");
    return at != std::string_view::npos && at > 0 && at <= 3 && text.size() - at == 4 && text[0] != '0' &&
           std::ranges::count_if(text, is_digit) == std::ptrdiff_t(text.size() - 1);
}

std::optional<Plain> read_plain(std::string_view text, DecimalMark mark) {
    const char group_by_blank = text.find(' ') != std::string_view::npos    ? ' '
                                : text.find('\'') != std::string_view::npos ? '\''
                                                                            : '\0';
    if (group_by_blank) {
        const char point = text.find(',') != std::string_view::npos ? ',' : '.';
        return with_marks(text, point, group_by_blank);
    }
    const char point = mark == DecimalMark::point ? '.' : ',', other = mark == DecimalMark::point ? ',' : '.';
    auto plain = with_marks(text, point, other);
    if (!plain)
        plain = with_marks(text, other, point);
    if (plain)
        plain->may_be_otherwise = is_ambiguous(text);
    return plain;
}

// "1.5e+3" as spreadsheets write large and small numbers.
std::optional<Decimal> read_exponent(std::string_view text) {
    const auto at = text.find('e');
    if (at == std::string_view::npos || at == 0)
        return std::nullopt;
    std::string_view exponent = text.substr(at + 1);
    const bool is_negative = exponent.starts_with('-');
    if (is_negative || exponent.starts_with('+'))
        exponent.remove_prefix(1);
    if (exponent.empty() || exponent.size() > 2 || !std::ranges::all_of(exponent, is_digit))
        return std::nullopt;
    int places = 0;
    for (const char c : exponent)
        places = places * 10 + (c - '0');
    auto value = Decimal::parse(text.substr(0, at));
    for (; value && places > 0; --places)
        value = value->times(is_negative ? Decimal::parse("0.1").value() : Decimal::of(10));
    return value ? std::optional(*value) : std::nullopt;
}

} // namespace

bool is_blank_mark(std::string_view text) {
    static constexpr std::string_view marks[] = {
        "n/a", "#n/a", "无", "暂无", "--", "—", "——", "/", "未填写", "(空)", "-"};
    if (text.size() > 16)
        return false;
    const std::string plain = folded(trimmed(text));
    return std::ranges::find(marks, plain) != std::end(marks);
}

bool is_blank_word(std::string_view text) {
    static constexpr std::string_view words[] = {"na", "null", "nil", "none", "nan", "空", "没有", "未知", "unknown",
        "(null)", "(blank)", "(none)", "tbd", "待定", "不详", "?", ".", "\\n"};
    text = trimmed(text);
    if (text.empty() || is_blank_mark(text))
        return true;
    return text.size() <= 16 && std::ranges::find(words, folded(text)) != std::end(words);
}

std::optional<WrittenNumber> read_number(std::string_view written, DecimalMark mark) {
    if (written.size() > number_bytes_max || trimmed(written).empty())
        return std::nullopt;
    std::string plain_text = folded(trimmed(written));
    for (const std::string_view minus : {"\xE2\x88\x92", "\xE2\x80\x93"}) // minus sign, en dash
        for (auto at = plain_text.find(minus); at != std::string::npos; at = plain_text.find(minus))
            plain_text.replace(at, minus.size(), "-");
    std::string_view text = plain_text;
    WrittenNumber number;
    bool is_negative = false;
    if (text.starts_with('(') && text.ends_with(')')) {
        is_negative = true;
        text = trimmed(text.substr(1, text.size() - 2));
    }
    const auto take_sign = [&] {
        if (text.starts_with('-') || text.starts_with('+')) {
            is_negative ^= text[0] == '-';
            text = trimmed(text.substr(1));
            return true;
        }
        return false;
    };
    bool has_sign = take_sign();
    const auto take_currency = [&](auto take) {
        for (const Sign& sign : signs)
            if (number.currency.empty() && take(text, sign.text))
                number.currency = sign.currency;
    };
    take_currency(take_begin);
    has_sign = has_sign || take_sign();
    take_currency(take_end);
    Decimal factor = Decimal::of(1);
    if (take_end(text, "%")) {
        number.is_percent = true;
        factor = Decimal::parse("0.01").value();
    } else if (take_end(text, "‰")) {
        factor = Decimal::parse("0.001").value();
    } else {
        for (const auto& [unit, value] : units)
            if (take_end(text, unit)) {
                factor = Decimal::of(value);
                break;
            }
    }
    if (!has_sign && take_end(text, "-"))
        is_negative = true;
    if (text.empty() || !std::ranges::any_of(text, is_digit))
        return std::nullopt;
    std::optional<Decimal> value;
    if (const auto plain = read_plain(text, mark)) {
        if (const auto parsed = Decimal::parse(plain->digits))
            value = *parsed;
        number.may_be_otherwise = plain->may_be_otherwise;
    } else {
        value = read_exponent(text);
    }
    const auto scaled = value ? value->times(factor) : Result<Decimal>(Decimal{});
    const auto signed_value = scaled ? scaled->times(Decimal::of(is_negative ? -1 : 1)) : scaled;
    if (!value || !signed_value)
        return std::nullopt;
    number.value = *signed_value;
    return number;
}

std::optional<DecimalMark> find_decimal_mark(std::span<const std::string> values) {
    int points = 0, commas = 0;
    for (const std::string& value : values) {
        const auto as_point = read_number(value, DecimalMark::point), as_comma = read_number(value, DecimalMark::comma);
        const auto last = value.find_last_of(".,");
        if (!as_point || !as_comma || as_point->may_be_otherwise || last == std::string::npos)
            continue;
        // Both readings fall back to the one that makes sense: the last mark is decimal unless it groups.
        const bool groups = std::ranges::count(value, value[last]) > 1;
        ((value[last] == '.') != groups ? points : commas) += 1;
    }
    if (points == commas)
        return std::nullopt;
    return points > commas ? DecimalMark::point : DecimalMark::comma;
}

} // namespace onefold::sheet
