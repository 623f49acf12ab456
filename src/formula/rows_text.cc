// Functions of the family text. Characters are code points.
#include "core/text.h"
#include "formula/arithmetic.h"
#include "formula/format.h"
#include "formula/function.h"
#include "formula/passage.h"

#include <unicode/uchar.h>
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

Value length(Run& run, Args args) {
    const auto text = text_at(args, 0);
    return run.step_over(text.size()) ? Value(Decimal::of(std::int64_t(length_of(text)))) : run.spent();
}

Value left(Run& run, Args args) {
    const auto count = count_at(args, 1, 1);
    return count < 0 ? run.fail(Why::bad_argument, to_text(args[1]))
                     : Value(beginning_of(text_at(args, 0), std::size_t(count)));
}

Value right(Run& run, Args args) {
    const auto text = text_at(args, 0);
    const auto count = count_at(args, 1, 1), size = std::int64_t(length_of(text));
    if (count < 0)
        return run.fail(Why::bad_argument, to_text(args[1]));
    return text.substr(byte_at(text, std::size_t(std::max<std::int64_t>(0, size - count))));
}

Value middle(Run& run, Args args) {
    const auto start = count_at(args, 1, 1), count = count_at(args, 2, 0);
    if (start < 1 || count < 0)
        return run.fail(Why::bad_argument, to_text(args[start < 1 ? 1 : 2]));
    const auto text = text_at(args, 0);
    return beginning_of(text.substr(byte_at(text, std::size_t(start - 1))), std::size_t(count));
}

template <class Map>
std::string mapped(std::string_view text, Map map) {
    std::string result;
    const auto size = std::int32_t(text.size());
    for (std::int32_t at = 0; at < size;) {
        UChar32 c;
        U8_NEXT(text.data(), at, size, c);
        c = map(c);
        if (c < 0)
            continue;
        char bytes[U8_MAX_LENGTH];
        std::int32_t length = 0;
        U8_APPEND_UNSAFE(bytes, length, c);
        result.append(bytes, std::size_t(length));
    }
    return result;
}

template <class Map>
Value mapped(Run& run, std::string_view text, Map map) {
    return run.may_take(text.size() * 2) ? run.text(mapped(text, map)) : run.give_up(Why::memory);
}

Value upper(Run& run, Args args) {
    return mapped(run, text_at(args, 0), u_toupper);
}
Value lower(Run& run, Args args) {
    return mapped(run, text_at(args, 0), u_tolower);
}

Value proper(Run& run, Args args) {
    bool is_within = false;
    return mapped(run, text_at(args, 0), [&](UChar32 c) {
        const UChar32 result = is_within ? u_tolower(c) : u_toupper(c);
        is_within = u_isalpha(c);
        return result;
    });
}

bool is_space(UChar32 c) {
    return c == ' ' || c == '\t' || c == 0xA0 || c == 0x3000;
}

Value trim(Run& run, Args args) {
    bool is_after_space = true;
    std::string text = mapped(text_at(args, 0), [&](UChar32 c) -> UChar32 {
        const bool is_dropped = is_space(c) && is_after_space;
        is_after_space = is_space(c);
        return is_dropped ? -1 : is_after_space ? ' ' : c;
    });
    if (text.ends_with(' '))
        text.pop_back();
    return run.text(text);
}

Value clean(Run& run, Args args) {
    return mapped(run, text_at(args, 0), [](UChar32 c) -> UChar32 { return c < 0x20 || c == 0x7F ? -1 : c; });
}

Value half_width(Run& run, Args args) {
    return mapped(run, text_at(args, 0), [](UChar32 c) -> UChar32 {
        return c == 0x3000 ? ' ' : c >= 0xFF01 && c <= 0xFF5E ? c - 0xFEE0 : c;
    });
}

Value substitute(Run& run, Args args) {
    const auto text = text_at(args, 0), old = text_at(args, 1), fresh = text_at(args, 2);
    const auto only = count_at(args, 3, 0);
    if (args.size() > 3 && only < 1)
        return run.fail(Why::bad_argument, to_text(args[3]));
    Draft draft{run};
    std::size_t from = 0;
    for (std::int64_t nth = 1; !old.empty(); ++nth) {
        const std::size_t found = find_passage(text, old, from);
        if (found == text.npos)
            break;
        const bool is_meant = only == 0 || nth == only;
        if (!run.step() || !draft.add(text.substr(from, found - from)) || !draft.add(is_meant ? fresh : old))
            return draft.value();
        from = found + old.size();
    }
    draft.add(text.substr(from));
    return draft.value();
}

Value replace(Run& run, Args args) {
    const auto start = count_at(args, 1, 1), count = count_at(args, 2, 0);
    if (start < 1 || count < 0)
        return run.fail(Why::bad_argument, to_text(args[start < 1 ? 1 : 2]));
    const auto text = text_at(args, 0);
    const auto from = byte_at(text, std::size_t(start - 1));
    Draft draft{run};
    draft.add(text.substr(0, from));
    draft.add(text_at(args, 3));
    draft.add(text.substr(from + byte_at(text.substr(from), std::size_t(count))));
    return draft.value();
}

Value found_at(Run& run, std::string_view part, std::string_view text, Args args) {
    const auto start = count_at(args, 2, 1);
    if (start < 1)
        return run.fail(Why::bad_argument, to_text(args[2]));
    if (!run.step_over(text.size()))
        return run.spent();
    const auto found = start - 1 > std::int64_t(length_of(text))
                           ? text.npos
                           : find_passage(text, part, byte_at(text, std::size_t(start - 1)));
    if (found == text.npos)
        return run.fail(Why::not_found, text_at(args, 0));
    return Decimal::of(std::int64_t(length_of(text.substr(0, found))) + 1);
}

Value find(Run& run, Args args) {
    return found_at(run, text_at(args, 0), text_at(args, 1), args);
}

Value search(Run& run, Args args) {
    if (!run.may_take(2 * (text_at(args, 0).size() + text_at(args, 1).size())))
        return run.give_up(Why::memory);
    return found_at(run, mapped(text_at(args, 0), u_tolower), mapped(text_at(args, 1), u_tolower), args);
}

Value starts_with(Run&, Args args) {
    return text_at(args, 0).starts_with(text_at(args, 1));
}
Value ends_with(Run&, Args args) {
    return text_at(args, 0).ends_with(text_at(args, 1));
}
Value exact(Run&, Args args) {
    return text_at(args, 0) == text_at(args, 1);
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

Value text_before(Run& run, Args args) {
    const auto text = text_at(args, 0), mark = text_at(args, 1);
    const auto found = find_passage(text, mark);
    return found == text.npos ? run.fail(Why::not_found, mark) : Value(text.substr(0, found));
}
Value text_after(Run& run, Args args) {
    const auto text = text_at(args, 0), mark = text_at(args, 1);
    const auto found = find_passage(text, mark);
    return found == text.npos ? run.fail(Why::not_found, mark) : Value(text.substr(found + mark.size()));
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

std::vector<Row> text_rows() {
    constexpr auto taken = Blanks::taken;
    return {
        {"LEN(text: text): number", length, "How many characters.", "字符数。",
            {{R"(LEN("Phoenix, AZ"))", "11"}, {R"(LEN(""))", "0"}, {R"(LEN("北京😀"))", "3"}}, {"LENGTH"}},
        {"LEFT(text: text, count: number?): text", left, "The first characters, one unless told.",
            "开头的若干字符，默认 1 个。",
            {{R"(LEFT("Sale Price", 4))", "Sale"}, {R"(LEFT("Sweden"))", "S"}, {R"(LEFT("上海市", 2))", "上海"}}},
        {"RIGHT(text: text, count: number?): text", right, "The last characters, one unless told.",
            "末尾的若干字符，默认 1 个。", {{R"(RIGHT("Sale Price", 5))", "Price"}, {R"(RIGHT("Stock Number"))", "r"}}},
        {"MID(text: text, start: number, count: number): text", middle, "Characters from a place on, counting from 1.",
            "从指定位置（从 1 开始）起的若干字符。",
            {{R"(MID("Fluid Flow", 1, 5))", "Fluid"}, {R"(MID("Fluid Flow", 7, 20))", "Flow"},
                {R"(MID("Fluid Flow", 20, 5))", ""}}},
        {"UPPER(text: text): text", upper, "In capital letters.", "转为大写。",
            {{R"(UPPER("total"))", "TOTAL"}, {R"(UPPER("é上"))", "É上"}}},
        {"LOWER(text: text): text", lower, "In small letters.", "转为小写。",
            {{R"(LOWER("E. E. Cummings"))", "e. e. cummings"}}},
        {"PROPER(text: text): text", proper, "Each word with a capital first letter.", "每个单词首字母大写。",
            {{R"(PROPER("this is a TITLE"))", "This Is A Title"}, {R"(PROPER("76BudGet"))", "76Budget"}}},
        {"TRIM(text: text): text", trim, "Without blanks at the ends, one between words.",
            "去除首尾空格，词间只留一个空格。",
            {{R"(TRIM(" First Quarter   Earnings "))", "First Quarter Earnings"}, {R"(TRIM("　上海　"))", "上海"}}},
        {"CLEAN(text: text): text", clean, "Without characters that cannot be seen.", "去除不可见的控制字符。",
            {{R"(CLEAN(UNICHAR(9) & "Monthly report" & UNICHAR(10)))", "Monthly report"}}},
        {"HALFWIDTH(text: text): text", half_width, "Full-width letters and digits as ordinary ones.",
            "全角字母、数字转为半角。", {{R"(HALFWIDTH("ＡＢ１２３"))", "AB123"}}, {"ASC"}},
        {"SUBSTITUTE(text: text, old: text, new: text, which: number?): text", substitute,
            "With another text in place of each that is found, or of the one that is numbered.",
            "替换文本中的全部匹配项，或仅第几个。",
            {{R"(SUBSTITUTE("Sales Data", "Sales", "Cost"))", "Cost Data"},
                {R"(SUBSTITUTE("Quarter 1, 2011", "1", "2", 3))", "Quarter 1, 2012"}}},
        {"REPLACE(text: text, start: number, count: number, new: text): text", replace,
            "With another text in place of these characters.", "用新文本替换指定位置的字符。",
            {{R"(REPLACE("abcdefghijk", 6, 5, "*"))", "abcde*k"}, {R"(REPLACE("2009", 3, 2, "10"))", "2010"}}},
        {"FIND(part: text, text: text, start: number?): number", find,
            "Where the part begins, upper and lower case being different; an error where it is not.",
            "部分文本的起始位置，区分大小写；找不到时出错。",
            {{R"(FIND("M", "Miriam McGovern"))", "1"}, {R"(FIND("m", "Miriam McGovern"))", "6"},
                {R"(FIND("M", "Miriam McGovern", 3))", "8"}, {R"(FIND("x", "Miriam"))", "formula.not_found"}}},
        {"SEARCH(part: text, text: text, start: number?): number", search,
            "Where the part begins, upper and lower case alike; an error where it is not. Knows no wildcards.",
            "部分文本的起始位置，不区分大小写，不支持通配符；找不到时出错。",
            {{R"(SEARCH("e", "Statements", 6))", "7"}, {R"(SEARCH("margin", "Profit Margin"))", "8"}}},
        {"CONTAINS(text: text, part: text): truth", nullptr,
            "Whether the part is in the text, ASCII letters of either case alike.",
            "文本是否包含某部分，英文字母不区分大小写。",
            {{R"(CONTAINS("Profit Margin", "margin"))", "TRUE"}, {R"(CONTAINS("上海市", "海"))", "TRUE"}}},
        {"STARTSWITH(text: text, part: text): truth", starts_with, "Whether the text begins so.", "文本是否以此开头。",
            {{R"(STARTSWITH("+86 138", "+86"))", "TRUE"}, {R"(STARTSWITH("abc", "B"))", "FALSE"}}},
        {"ENDSWITH(text: text, part: text): truth", ends_with, "Whether the text ends so.", "文本是否以此结尾。",
            {{R"(ENDSWITH("a@example.com", ".com"))", "TRUE"}}},
        {"EXACT(one: text, other: text): truth", exact, "Whether both are the same, also in case.",
            "两个文本是否完全相同，区分大小写。",
            {{R"(EXACT("Word", "word"))", "FALSE"}, {R"(EXACT("word", "word"))", "TRUE"}}},
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
        {"TEXTBEFORE(text: text, mark: text): text", text_before, "What stands before the mark.", "标记之前的文本。",
            {{R"(TEXTBEFORE("lin@example.com", "@"))", "lin"}}},
        {"TEXTAFTER(text: text, mark: text): text", text_after, "What stands behind the mark.", "标记之后的文本。",
            {{R"(TEXTAFTER("lin@example.com", "@"))", "example.com"},
                {R"(TEXTAFTER("lin", "@"))", "formula.not_found"}}},
        {"SPLIT(text: text, mark: text): texts", split, "The parts between the marks, as a list.", "按标记拆分为列表。",
            {{R"(SPLIT("a,b,,c", ","))", R"(["a","b","","c"])"}}, {"TEXTSPLIT"}},
    };
}

} // namespace onefold::formula
