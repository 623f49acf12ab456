// Functions of the family text. Characters are code points.
#include "core/text.h"
#include "formula/arithmetic.h"
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

} // namespace

std::vector<Row> text_rows() {
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
        {"TEXTBEFORE(text: text, mark: text): text", text_before, "What stands before the mark.", "标记之前的文本。",
            {{R"(TEXTBEFORE("lin@example.com", "@"))", "lin"}}},
        {"TEXTAFTER(text: text, mark: text): text", text_after, "What stands behind the mark.", "标记之后的文本。",
            {{R"(TEXTAFTER("lin@example.com", "@"))", "example.com"},
                {R"(TEXTAFTER("lin", "@"))", "formula.not_found"}}},
    };
}

} // namespace onefold::formula
