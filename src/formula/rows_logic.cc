// Functions of the family logic.
#include "formula/function.h"

namespace onefold::formula {
namespace {

Value exclusive_or(Run&, std::span<const Value> args) {
    bool result = false;
    for (const Value& arg : args)
        result = result != arg.is_true();
    return result;
}

Value between(Run&, std::span<const Value> args) {
    return compare(args[0], args[1]) >= 0 && compare(args[0], args[2]) <= 0;
}

Value is_filled(Run&, std::span<const Value> args) {
    const auto* text = args[0].as<std::string_view>();
    return !args[0].is_blank() && !(text && text->empty());
}

} // namespace

std::vector<Row> logic_rows() {
    constexpr auto taken = Blanks::taken;
    return {
        {"IF(condition: truth, then: same, else: same?): same", nullptr,
            "One value where the condition holds, another where it does not or is blank.",
            "条件成立时取一个值，不成立或为空时取另一个。",
            {{R"(IF(7 > 5, "big", "small"))", "big"}, {R"(IF(BLANK() > 5, "big", "small"))", "small"}}, {}, taken,
            Special::if_},
        {"IFS(condition: truth, value: same, more: any?...): same", nullptr,
            "The value of the first condition that holds; blank where none does.",
            "第一个成立的条件对应的值；都不成立时为空。",
            {{R"(IFS(85 > 89, "A", 85 > 79, "B", TRUE, "C"))", "B"}, {R"(IFS(FALSE, 1))", ""}}, {}, taken,
            Special::ifs},
        {"SWITCH(of: same, is: same, value: any, more: any?...): same", nullptr,
            "The value behind the first match; else the last one alone, or blank.",
            "取第一个匹配项之后的值；都不匹配时取末尾单独的值，没有则为空。",
            {{R"(SWITCH(2, 1, "Sunday", 2, "Monday", 3, "Tuesday", "No match"))", "Monday"},
                {R"(SWITCH(99, 1, "Sunday", 2, "Monday", "No match"))", "No match"}, {R"(SWITCH("x", "a", 1))", ""}},
            {}, taken, Special::switch_},
        {"AND(condition: truth, more: truth?...): truth", nullptr, "Whether all hold; also written a AND b.",
            "是否全部成立；也可写作 a AND b。",
            {{"AND(TRUE, TRUE)", "TRUE"}, {"AND(TRUE, FALSE)", "FALSE"}, {"AND(BLANK(), FALSE)", "FALSE"}}, {}, taken},
        {"OR(condition: truth, more: truth?...): truth", nullptr, "Whether one holds; also written a OR b.",
            "是否至少一个成立；也可写作 a OR b。",
            {{"OR(FALSE, TRUE)", "TRUE"}, {"OR(1 + 1 = 1, 2 + 2 = 5)", "FALSE"}, {"OR(BLANK(), TRUE)", "TRUE"}}, {},
            taken},
        {"NOT(condition: truth): truth", nullptr, "The opposite; also written NOT a. Of blank it is blank.",
            "取反；也可写作 NOT a。空的取反仍为空。",
            {{"NOT(FALSE)", "TRUE"}, {"NOT(1 + 1 = 2)", "FALSE"}, {"NOT(BLANK())", ""}}, {}, taken},
        {"XOR(condition: truth, more: truth?...): truth", exclusive_or, "Whether an odd number of them hold.",
            "成立的个数是否为奇数。",
            {{"XOR(3 > 0, 2 < 9)", "FALSE"}, {"XOR(3 > 12, 4 > 6)", "FALSE"}, {"XOR(TRUE, FALSE)", "TRUE"}}},
        {"IFERROR(value: same, else: same): same", nullptr,
            "The value, or another where it cannot be computed. Blank is no error.",
            "取值；无法计算时取另一个值。空不算错误。",
            {{"IFERROR(210 / 35, 0)", "6"}, {"IFERROR(55 / 0, -1)", "-1"}, {"IFERROR(BLANK(), 1)", ""}}, {}, taken,
            Special::if_error},
        {"ISERROR(value: any): truth", nullptr, "Whether the value cannot be computed.", "是否无法计算。",
            {{"ISERROR(1 / 0)", "TRUE"}, {"ISERROR(1)", "FALSE"}}, {}, taken, Special::is_error},
        {"COALESCE(value: same, more: same?...): same", nullptr, "The first value that is neither blank nor \"\".",
            "第一个非空（也不是 \"\"）的值。", {{R"(COALESCE(BLANK(), "", "x"))", "x"}, {"COALESCE(BLANK(), 5)", "5"}},
            {"IFBLANK", "IFNULL"}, taken, Special::coalesce},
        {"CHOOSE(place: number, value: same, more: same?...): same", nullptr,
            "The value at this place, counting from 1.", "按位置取值，从 1 开始计数。",
            {{R"(CHOOSE(3, "Wide", 115, "world", 8))", "formula.wrong_type"},
                {R"(CHOOSE(2, "1st", "2nd", "3rd"))", "2nd"}, {R"(CHOOSE(4, "a"))", "formula.bad_argument"}},
            {}, taken, Special::choose},
        {"ISBLANK(value: any): truth", nullptr, "Whether there is no value, or the text \"\", or a list of none.",
            "是否没有值（空文本 \"\" 与空列表也算空）。",
            {{"ISBLANK(BLANK())", "TRUE"}, {R"(ISBLANK(""))", "TRUE"}, {"ISBLANK(0)", "FALSE"}}, {"ISEMPTY"}, taken},
        {"ISFILLED(value: any): truth", is_filled, "Whether there is a value other than \"\".",
            "是否有值（\"\" 不算有值）。", {{"ISFILLED(0)", "TRUE"}, {R"(ISFILLED(""))", "FALSE"}}, {"ISNOTBLANK"},
            taken},
        {"BETWEEN(value: same, least: same, most: same): truth", between,
            "Whether the value is neither less nor more, the limits included.", "值是否在两个界限之间（含界限）。",
            {{"BETWEEN(5, 1, 5)", "TRUE"}, {R"(BETWEEN(DATE(2026, 3, 1), "2026-01-01", "2026-02-28"))", "FALSE"}}},
    };
}

} // namespace onefold::formula
