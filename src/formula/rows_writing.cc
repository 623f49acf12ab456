// Functions of the family text that write values as text, and read and join texts.
#include "core/text.h"
#include "formula/arithmetic.h"
#include "formula/format.h"
#include "formula/function.h"
#include "formula/passage.h"

#include <unicode/utf8.h>

namespace onefold::formula {
namespace {

using Args = std::span<const Value>;

std::string_view text_at(Args args, std::size_t index) {
    return args[index].get<std::string_view>();
}
// A count that stands at a place, or the one that is meant where there is none; negative ones are below every use.
std::int64_t count_at(Args args, std::size_t index, std::int64_t otherwise) {
    return index < args.size() ? cut(args[index].get<Decimal>()).value_or(-1) : otherwise;
}

// Every value, those in lists too.
template <class Visit>
bool for_each(Args args, Visit visit) {
    for (const Value& arg : args) {
        const auto* list = arg.as<Value::List>();
        for (const Value& value : list ? *list : Value::List(&arg, 1))
            if (!visit(value))
                return false;
    }
    return true;
}

Value concat(Run& run, Args args) {
    Draft draft{run};
    for_each(args, [&](const Value& value) { return draft.add(to_text(value)); });
    return draft.value();
}

Value joined(Run& run, Args parts, std::string_view between, bool skips_empty) {
    Draft draft{run};
    bool is_first = true;
    for_each(parts, [&](const Value& value) {
        const std::string text = to_text(value);
        if (skips_empty && text.empty())
            return run.step();
        const bool is_added = is_first || draft.add(between);
        is_first = false;
        return is_added && draft.add(text);
    });
    return draft.value();
}

Value text_join(Run& run, Args args) {
    if (args[0].is_blank() || args[1].is_blank())
        return {};
    return joined(run, args.subspan(2), text_at(args, 0), args[1].is_true());
}

Value repeat(Run& run, Args args) {
    const auto text = text_at(args, 0);
    const auto count = count_at(args, 1, 0);
    if (count < 0)
        return run.fail(Why::bad_argument, to_text(args[1]));
    if (text.empty())
        return text;
    if (std::uint64_t(count) > (std::size_t(1) << 40) / text.size() || !run.may_take(std::size_t(count) * text.size()))
        return run.give_up(Why::memory);
    std::string result;
    result.reserve(std::size_t(count) * text.size());
    for (std::int64_t i = 0; i < count; ++i)
        result += text;
    return run.text(result);
}

Value in_format(Run& run, Args args) {
    const auto pattern = text_at(args, 1);
    if (const auto* number = args[0].as<Decimal>()) {
        const auto text = format_number(*number, pattern);
        return text ? run.text(*text) : run.fail(Why::bad_argument, pattern);
    }
    if (const auto* day = args[0].as<Date>())
        return run.text(format_moment(*day, {}, pattern));
    const auto* at = args[0].as<Instant>();
    if (!at)
        return run.text(to_text(args[0]));
    const auto local = run.moment().zone.local_of(*at);
    const auto midnight = std::chrono::floor<std::chrono::days>(local);
    return run.text(format_moment(Date{midnight.time_since_epoch()}, local - midnight, pattern));
}

Value fixed(Run& run, Args args) {
    const auto places = count_at(args, 1, 2);
    if (places < 0 || places > Decimal::places_max)
        return run.fail(Why::bad_argument, to_text(args[1]));
    const Digits digits{1, int(places), int(places), args.size() < 3 || !args[2].is_true()};
    return run.text(format_digits(args[0].get<Decimal>(), digits));
}

// "1,234.50", "12%", "￥5"
Value number_in(Run& run, Args args) {
    const auto given = text_at(args, 0);
    if (given.size() > 200)
        return run.fail(Why::not_a_number, given);
    const std::string narrow = folded(given);
    std::string_view text = trimmed(narrow);
    for (const std::string_view sign : {"$", "¥", "€", "£"})
        if (text.starts_with(sign))
            text = trimmed(text.substr(sign.size()));
    const bool is_percent = text.ends_with('%');
    if (is_percent)
        text = trimmed(text.substr(0, text.size() - 1));
    std::string digits;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (text[i] != ',' || i == 0 || i + 1 == text.size() || text[i - 1] < '0' || text[i - 1] > '9')
            digits += text[i];
    auto number = Decimal::parse(digits);
    if (number && is_percent)
        number = number->over(Decimal::of(100));
    if (!number)
        return run.fail(number.error().code == "decimal.invalid" ? Why::not_a_number : Why::out_of_range, given);
    return *number;
}

Value character(Run& run, Args args) {
    const auto code = count_at(args, 0, 0);
    if (code < 1 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000))
        return run.fail(Why::bad_argument, to_text(args[0]));
    char bytes[U8_MAX_LENGTH];
    std::int32_t length = 0;
    U8_APPEND_UNSAFE(bytes, length, UChar32(code));
    return run.text({bytes, std::size_t(length)});
}

Value code_point(Run& run, Args args) {
    const auto text = text_at(args, 0);
    if (text.empty())
        return run.fail(Why::bad_argument, "\"\"");
    std::int32_t at = 0;
    UChar32 c;
    U8_NEXT(text.data(), at, std::int32_t(text.size()), c);
    return Decimal::of(c);
}

Value split(Run& run, Args args) {
    const auto text = text_at(args, 0), mark = text_at(args, 1);
    if (mark.empty())
        return run.fail(Why::bad_argument, "\"\"");
    std::vector<Value> parts;
    for (std::size_t from = 0; from != text.npos;) {
        if (!run.step() || !run.may_take(parts.size() * sizeof(Value)))
            return run.give_up(Why::memory);
        const auto found = find_passage(text, mark, from);
        parts.push_back(text.substr(from, found == text.npos ? text.npos : found - from));
        from = found == text.npos ? found : found + mark.size();
    }
    return run.list(parts);
}

} // namespace

std::vector<Row> writing_rows() {
    constexpr auto taken = Blanks::taken;
    return {
        {"CONCAT(part: parts, more: parts?...): text", concat,
            "All in one text, blanks as nothing; also written a & b.", "连接为一个文本，空视为无；也可写作 a & b。",
            {{R"(CONCAT("a", 1, BLANK(), {"b", "c"}))", "a1bc"}}, {"CONCATENATE"}, taken},
        {"TEXTJOIN(between: text, skip_empty: truth, part: parts, more: parts?...): text", text_join,
            "All in one text with something between them.", "用分隔符连接为一个文本。",
            {{R"(TEXTJOIN(", ", TRUE, "a", "", "b"))", "a, b"}, {R"(TEXTJOIN("-", FALSE, {"a", "", "b"}))", "a--b"}},
            {}, taken},
        {"REPT(text: text, count: number): text", repeat, "The text so many times.", "将文本重复若干次。",
            {{R"(REPT("*-", 3))", "*-*-*-"}, {R"(REPT("x", 0))", ""},
                {R"(REPT("x", 99999999999))", "formula.too_much_memory"}}},
        {"TEXT(value: any, format: text): text", in_format,
            "A number, date or time by a pattern such as 0.00, #,##0 or yyyy-mm-dd hh:mm.",
            "按格式（如 0.00、#,##0、yyyy-mm-dd hh:mm）显示数字或日期。",
            {{R"(TEXT(1234.567, "#,##0.00"))", "1,234.57"}, {R"(TEXT(0.285, "0.0%"))", "28.5%"},
                {R"(TEXT(DATE(2012, 3, 14), "mm/dd/yy"))", "03/14/12"},
                {R"(TEXT(DATE(2012, 3, 14), "yyyy年m月d日"))", "2012年3月14日"},
                {R"(TEXT(1234, "0000000"))", "0001234"}}},
        {"FIXED(number: number, places: number?, plain: truth?): text", fixed,
            "A number with so many places (2), grouped unless told otherwise.",
            "按小数位数（默认 2）显示数字，默认带千位分隔符。",
            {{"FIXED(1234.567, 1)", "1,234.6"}, {"FIXED(-1234.567, 1, TRUE)", "-1234.6"}, {"FIXED(44.332)", "44.33"}}},
        {"VALUE(text: text): number", number_in, "The number that a text says.", "将文本读作数字。",
            {{R"(VALUE("$1,000"))", "1000"}, {R"(VALUE(" 12.5% "))", "0.125"}, {R"(VALUE("１２"))", "12"},
                {R"(VALUE("x"))", "formula.not_a_number"}}},
        {"UNICHAR(code: number): text", character, "The character of a number.", "编码对应的字符。",
            {{"UNICHAR(66)", "B"}, {"UNICHAR(20013)", "中"}}, {"CHAR"}},
        {"UNICODE(text: text): number", code_point, "The number of the first character.", "首字符的编码。",
            {{R"(UNICODE("B"))", "66"}, {R"(UNICODE("中"))", "20013"}}, {"CODE"}},
        {"SPLIT(text: text, mark: text): texts", split, "The parts between the marks, as a list.", "按标记拆分为列表。",
            {{R"(SPLIT("a,b,,c", ","))", R"(["a","b","","c"])"}}, {"TEXTSPLIT"}},
    };
}

} // namespace onefold::formula
