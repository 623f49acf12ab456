// Functions of the family list: over values, lists, and the fields of related records. They skip blanks and "".
#include "formula/arithmetic.h"
#include "formula/function.h"

#include <algorithm>
#include <set>

namespace onefold::formula {
namespace {

using Args = std::span<const Value>;

bool is_empty(const Value& value) {
    const auto* text = value.as<std::string_view>();
    return value.is_blank() || (text && text->empty());
}

// Every value that is there, those in lists too; false once the budget is spent.
bool collect(Run& run, Args args, std::vector<Value>& values) {
    for (const Value& arg : args) {
        const auto* list = arg.as<Value::List>();
        for (const Value& value : list ? *list : Value::List(&arg, 1)) {
            if (!run.step() || !run.may_take(values.size() * sizeof(Value)))
                return false;
            if (!is_empty(value))
                values.push_back(value);
        }
    }
    return true;
}

// What is made of the values that are there.
template <class Make>
Value of_values(Run& run, Args args, Make make) {
    std::vector<Value> values;
    return collect(run, args, values) ? make(values) : run.give_up(Why::memory);
}

bool is_before(const Value& left, const Value& right) {
    return compare(left, right) < 0;
}

Value count(Run& run, Args args) {
    return of_values(run, args, [](const auto& values) { return Value(Decimal::of(std::int64_t(values.size()))); });
}

Result<Decimal> total(std::span<const Value> values) {
    Decimal sum;
    for (const Value& value : values)
        sum = TRY(sum.plus(value.get<Decimal>()));
    return sum;
}

Result<Decimal> mean(std::span<const Value> values) {
    return TRY(total(values)).over(Decimal::of(std::int64_t(values.size())));
}

Value sum(Run& run, Args args) {
    return of_values(run, args, [&](const auto& values) { return run.result(total(values)); });
}

Value product(Run& run, Args args) {
    return of_values(run, args, [&](const auto& values) {
        Result<Decimal> result = Decimal::of(1);
        for (const Value& value : values)
            if (result)
                result = result->times(value.template get<Decimal>());
        return run.result(result);
    });
}

Value average(Run& run, Args args) {
    return of_values(
        run, args, [&](const auto& values) { return values.empty() ? Value() : run.result(mean(values)); });
}

Value least(Run& run, Args args) {
    return of_values(run, args,
        [](const auto& values) { return values.empty() ? Value() : *std::ranges::min_element(values, is_before); });
}
Value greatest(Run& run, Args args) {
    return of_values(run, args,
        [](const auto& values) { return values.empty() ? Value() : *std::ranges::max_element(values, is_before); });
}

Value median(Run& run, Args args) {
    return of_values(run, args, [&](auto& values) {
        if (values.empty())
            return Value();
        std::ranges::sort(values, is_before);
        const std::size_t half = values.size() / 2;
        return values.size() % 2 == 1 ? values[half] : run.result(mean(std::span(values).subspan(half - 1, 2)));
    });
}

// The value that occurs most; the first of those that do.
Value mode(Run& run, Args args) {
    return of_values(run, args, [&](auto& values) {
        auto sorted = values;
        std::ranges::sort(sorted, is_before);
        std::ptrdiff_t most = 0;
        Value result;
        for (const Value& value : values) {
            const auto same = std::ranges::equal_range(sorted, value, is_before);
            if (std::ranges::ssize(same) > most) {
                most = std::ranges::ssize(same);
                result = value;
            }
        }
        return result;
    });
}

Value deviation(Run& run, Args args) {
    return of_values(run, args, [&](const auto& values) {
        if (values.size() < 2)
            return Value();
        const auto variance = [&]() -> Result<Decimal> {
            const Decimal middle = TRY(mean(values));
            Decimal squares;
            for (const Value& value : values) {
                const Decimal away = TRY(value.template get<Decimal>().minus(middle));
                squares = TRY(squares.plus(TRY(away.times(away))));
            }
            return squares.over(Decimal::of(std::int64_t(values.size()) - 1));
        }();
        return variance ? Value(square_root(*variance)) : run.result(variance);
    });
}

std::vector<Value> distinct(std::span<const Value> values) {
    std::set<Value, decltype(&is_before)> seen(&is_before);
    std::vector<Value> result;
    for (const Value& value : values)
        if (seen.insert(value).second)
            result.push_back(value);
    return result;
}

Value count_distinct(Run& run, Args args) {
    return of_values(
        run, args, [](const auto& values) { return Value(Decimal::of(std::int64_t(distinct(values).size()))); });
}
Value unique(Run& run, Args args) {
    return of_values(run, args, [&](const auto& values) { return run.list(distinct(values)); });
}

Value sorted(Run& run, Args args) {
    const bool is_descending = args.size() > 1 && args[1].is_true();
    return of_values(run, args.first(1), [&](auto& values) {
        std::ranges::stable_sort(values, [&](const Value& left, const Value& right) {
            return is_descending ? is_before(right, left) : is_before(left, right);
        });
        return run.list(values);
    });
}

Value reversed(Run& run, Args args) {
    const auto& list = args[0].get<Value::List>();
    if (!run.step(std::int64_t(list.size())) || !run.may_take(list.size_bytes()))
        return run.give_up(Why::memory);
    return run.list(std::vector<Value>(list.rbegin(), list.rend()));
}

Value first(Run& run, Args args) {
    return of_values(run, args, [](const auto& values) { return values.empty() ? Value() : values.front(); });
}
Value last(Run& run, Args args) {
    return of_values(run, args, [](const auto& values) { return values.empty() ? Value() : values.back(); });
}

Value member(Run& run, Args args) {
    const auto& list = args[0].get<Value::List>();
    const auto place = cut(args[1].get<Decimal>());
    if (!place || *place < 1 || std::size_t(*place) > list.size())
        return run.fail(Why::bad_argument, to_text(args[1]));
    return list[std::size_t(*place - 1)];
}

// The nth from below, or from above.
template <bool from_above>
Value ranked(Run& run, Args args) {
    const auto place = cut(args[1].get<Decimal>());
    return of_values(run, args.first(1), [&](auto& values) {
        if (!place || *place < 1 || std::size_t(*place) > values.size())
            return run.fail(Why::bad_argument, to_text(args[1]));
        std::ranges::sort(values, is_before);
        return values[from_above ? values.size() - std::size_t(*place) : std::size_t(*place - 1)];
    });
}

std::int64_t count_of(Args args, bool wanted) {
    std::int64_t count = 0;
    for (const Value& arg : args) {
        const auto* list = arg.as<Value::List>();
        for (const Value& value : list ? *list : Value::List(&arg, 1))
            count += !value.is_blank() && value.is_true() == wanted;
    }
    return count;
}
std::int64_t blanks_in(Args args) {
    std::int64_t count = 0;
    for (const Value& arg : args) {
        const auto* list = arg.as<Value::List>();
        for (const Value& value : list ? *list : Value::List(&arg, 1))
            count += value.is_blank();
    }
    return count;
}

// Three-valued, as OR and AND.
Value any(Run&, Args args) {
    return count_of(args, true) > 0 ? Value(true) : blanks_in(args) > 0 ? Value() : Value(false);
}
Value all(Run&, Args args) {
    return count_of(args, false) > 0 ? Value(false) : blanks_in(args) > 0 ? Value() : Value(true);
}
Value none(Run& run, Args args) {
    const Value one = any(run, args);
    return one.is_blank() ? one : Value(!one.is_true());
}

Value has_of(Run& run, Args args, bool needs_all) {
    std::vector<Value> held, wanted;
    if (!collect(run, args.first(1), held) || !collect(run, args.subspan(1), wanted))
        return run.give_up(Why::memory);
    std::ranges::sort(held, is_before);
    for (const Value& value : wanted)
        if (std::ranges::binary_search(held, value, is_before) != needs_all)
            return !needs_all;
    return needs_all;
}
Value has_any(Run& run, Args args) {
    return has_of(run, args, false);
}
Value has_all(Run& run, Args args) {
    return has_of(run, args, true);
}

} // namespace

std::vector<Row> list_rows() {
    constexpr auto taken = Blanks::taken;
    constexpr auto none_special = Special::none;
    return {
        {"COUNT(of: parts, more: parts?...): number", count,
            "How many records or values there are: COUNT(orders), COUNT(orders, amount > 100).",
            "记录或值的个数：COUNT(orders)、COUNT(orders, amount > 100)。",
            {{R"(COUNT({1, 2, BLANK()}))", "2"}, {R"(COUNT("a", 1))", "2"}, {"COUNT({})", "0"}}, {"COUNTA"}, taken,
            none_special, true},
        {"SUM(of: numbers, more: numbers?...): number", sum, "The sum; 0 of none.", "求和；没有值时为 0。",
            {{"SUM(3, 2)", "5"}, {"SUM({1, 2.5, BLANK()}, 1)", "4.5"}, {"SUM({})", "0"}}, {}, taken, none_special,
            true},
        {"AVERAGE(of: numbers, more: numbers?...): number", average, "The mean; blank of none.",
            "平均值；没有值时为空。",
            {{"AVERAGE(10, 7, 9, 27, 2)", "11"}, {"AVERAGE({1, 2, BLANK()})", "1.5"}, {"AVERAGE({})", ""}},
            {"AVG", "MEAN"}, taken, none_special, true},
        {"MIN(of: values, more: values?...): same", least, "The least number, date or text; blank of none.",
            "最小的数字、日期或文本；没有值时为空。",
            {{"MIN(10, 7, 9, 27, 2)", "2"}, {R"(MIN(DATE(2026, 1, 2), "2026-01-01"))", "2026-01-01"}}, {}, taken,
            none_special, true},
        {"MAX(of: values, more: values?...): same", greatest, "The greatest number, date or text; blank of none.",
            "最大的数字、日期或文本；没有值时为空。", {{"MAX(10, 7, 9, 27, 2)", "27"}, {"MAX({})", ""}}, {}, taken,
            none_special, true},
        {"MEDIAN(of: numbers, more: numbers?...): number", median, "The middle value, or the mean of the two.",
            "中位数。", {{"MEDIAN(1, 2, 3, 4, 5)", "3"}, {"MEDIAN(1, 2, 3, 4, 5, 6)", "3.5"}}, {}, taken, none_special,
            true},
        {"MODE(of: values, more: values?...): same", mode, "What occurs most often; the first of those.",
            "出现次数最多的值，并列时取先出现的。", {{"MODE({5.6, 4, 4, 3, 2, 4})", "4"}}, {}, taken, none_special,
            true},
        {"PRODUCT(of: numbers, more: numbers?...): number", product, "All multiplied; 1 of none.",
            "乘积；没有值时为 1。", {{"PRODUCT(5, 15, 30)", "2250"}}, {}, taken, none_special, true},
        {"STDEV(of: numbers, more: numbers?...): number", deviation,
            "The standard deviation of a sample; blank of fewer than two.", "样本标准差；少于两个值时为空。",
            {{"ROUND(STDEV(1345, 1301, 1368, 1322, 1310, 1370, 1318, 1350, 1303, 1299), 8)", "27.46391572"},
                {"STDEV(2, 4, 4, 4, 5, 5, 7, 9)", "2.138089935299"}},
            {}, taken, none_special, true},
        {"COUNTUNIQUE(of: values, more: values?...): number", count_distinct, "How many different values.",
            "不同值的个数。", {{R"(COUNTUNIQUE({"a", "b", "a"}))", "2"}}, {"COUNTDISTINCT"}, taken, none_special, true},
        {"UNIQUE(of: values, more: values?...): values", unique, "The different values, in the order they were met.",
            "去重后的值，按出现顺序。", {{R"(UNIQUE({"b", "a", "b"}))", R"(["b","a"])"}}, {}, taken, none_special,
            true},
        {"SORT(list: list, descending: truth?): list", sorted, "In order, the least first.", "排序，默认从小到大。",
            {{"SORT({3, 1, 2})", "[1,2,3]"}, {"SORT({3, 1, 2}, TRUE)", "[3,2,1]"}}},
        {"REVERSE(list: list): list", reversed, "The last first.", "倒序。", {{"REVERSE({1, 2, 3})", "[3,2,1]"}}},
        {"FIRST(of: values, more: values?...): same", first, "The first value.", "第一个值。",
            {{R"(FIRST({BLANK(), "a", "b"}))", "a"}}, {}, taken, none_special, true},
        {"LAST(of: values, more: values?...): same", last, "The last value.", "最后一个值。",
            {{R"(LAST({"a", "b"}))", "b"}}, {}, taken, none_special, true},
        {"INDEX(list: list, place: number): each", member, "The value at this place, counting from 1.",
            "按位置取列表中的值，从 1 开始。",
            {{R"(INDEX({"a", "b"}, 2))", "b"}, {R"(INDEX({"a"}, 2))", "formula.bad_argument"}}},
        {"LARGE(list: list, place: number): each", ranked<true>, "The nth greatest.", "第 n 大的值。",
            {{"LARGE({3, 5, 3, 5, 4}, 3)", "4"}}},
        {"SMALL(list: list, place: number): each", ranked<false>, "The nth least.", "第 n 小的值。",
            {{"SMALL({3, 4, 5, 2, 3, 4, 6, 4, 7}, 4)", "4"}}},
        {"ANY(of: truths, more: truths?...): truth", any, "Whether it holds for one: ANY(orders, amount > 100).",
            "是否有一条成立：ANY(orders, amount > 100)。", {{"ANY({FALSE, TRUE})", "TRUE"}, {"ANY({})", "FALSE"}},
            {"EXISTS"}, taken, none_special, true},
        {"ALL(of: truths, more: truths?...): truth", all, "Whether it holds for all; TRUE of none.",
            "是否全部成立；没有时为 TRUE。", {{"ALL({TRUE, FALSE})", "FALSE"}, {"ALL({})", "TRUE"}}, {"EVERY"}, taken,
            none_special, true},
        {"NONE(of: truths, more: truths?...): truth", none, "Whether it holds for none.", "是否全不成立。",
            {{"NONE({FALSE, FALSE})", "TRUE"}}, {}, taken, none_special, true},
        {"HAS(list: values, value: values, more: values?...): truth", has_any,
            "Whether the list holds one of the values.", "列表是否含有其中一个值。",
            {{R"(HAS({"vip", "new"}, "vip"))", "TRUE"}, {R"(HAS({1, 2}, {3, 4}))", "FALSE"}}, {"HASANY"}, taken},
        {"HASALL(list: values, value: values, more: values?...): truth", has_all,
            "Whether the list holds all the values.", "列表是否含有全部这些值。",
            {{R"(HASALL({"vip", "new"}, "vip", "new"))", "TRUE"}, {"HASALL({1, 2}, {2, 3})", "FALSE"}}, {}, taken},
    };
}

} // namespace onefold::formula
