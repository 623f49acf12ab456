#include "formula/formula.h"
#include "formula/program.h"
#include "formula/random_tree.h"

#include <cstdlib>
#include <ctime>
#include <gtest/gtest.h>

namespace onefold::formula {
namespace {

const Moment moment{*parse_rfc3339("2026-05-31T08:30:00Z")};

Sample sample_of(const boost::json::value& json) {
    auto sample = Sample::read(json, Zone{});
    EXPECT_TRUE(sample) << sample.error().message.in("en");
    return std::move(*sample);
}

std::string value_of(std::string_view text, const Sample& sample, const Budget& budget) {
    const auto checked = check(*parse(text), {sample.shape()});
    if (!checked)
        return checked.error().code;
    formula::Run run{moment, budget};
    const auto program = compile(*checked);
    const Value value = program.evaluate(run, sample.record());
    return value.is_error() ? error_of(value).code : to_text(value);
}

boost::json::value with_orders(int count) {
    boost::json::array orders;
    for (int i = 0; i < count; ++i)
        orders.push_back(boost::json::object{{"amount", i}, {"note", std::string(1000, 'x')}});
    return boost::json::object{{"orders", std::move(orders)}};
}

TEST(Program, EndsWhenItsStepsAreSpent) {
    const auto sample = sample_of(with_orders(2000));
    const std::string_view nested = "COUNT(orders, COUNT(orders, amount >= 0) > 0)";
    EXPECT_EQ(value_of(nested, sample, {.time = std::chrono::hours{1}}), "formula.too_many_steps");
    EXPECT_EQ(
        value_of("IFERROR(COUNT(orders, COUNT(orders, amount >= 0) > 0), 1)", sample, {.time = std::chrono::hours{1}}),
        "formula.too_many_steps");
    EXPECT_EQ(value_of("COUNT(orders, amount >= 0)", sample, {.steps = 2000, .time = std::chrono::hours{1}}),
        "formula.too_many_steps");
    EXPECT_EQ(value_of("COUNT(orders, amount >= 1000)", sample, {.time = std::chrono::hours{1}}), "1000");
}

TEST(Program, EndsWhenItsTimeIsOver) {
    static int looks = 0;
    looks = 0;
    const auto sample = sample_of(with_orders(2000));
    const Budget budget{
        .clock = [] { return std::chrono::steady_clock::time_point{std::chrono::milliseconds{++looks * 30}}; }};
    EXPECT_EQ(value_of("COUNT(orders, amount >= 0)", sample, budget), "formula.too_slow");
    EXPECT_LE(looks, 3);
}

TEST(Program, EndsWhenItsMemoryIsSpent) {
    const auto sample = sample_of(with_orders(2000));
    const Budget patient{.time = std::chrono::hours{1}};
    EXPECT_EQ(value_of("LEN(REPT(\"x\", 1000000))", sample, patient), "1000000");
    EXPECT_EQ(value_of("LEN(REPT(REPT(\"x\", 100000), 1000))", sample, patient), "formula.too_much_memory");
    EXPECT_EQ(value_of("LEN(SUBSTITUTE(REPT(\"x\", 100000), \"x\", REPT(\"y\", 1000)))", sample, patient),
        "formula.too_much_memory");
    EXPECT_EQ(value_of("IFERROR(LEN(REPT(\"x\", 99999999)), 1)", sample, patient), "formula.too_much_memory");
    EXPECT_EQ(
        value_of("LEN(TEXTJOIN(REPT(\"-\", 10000), TRUE, orders.note))", sample, patient), "formula.too_much_memory");
    EXPECT_EQ(value_of("LEN(CONCAT(orders.note))", sample, patient), "2000000");
    EXPECT_EQ(value_of("COUNT(SPLIT(REPT(\",\", 900000), \",\"))", sample, patient), "formula.too_much_memory");
}

TEST(Program, ServesOneRunManyTimes) {
    const auto sample = sample_of(with_orders(10));
    const auto checked = check(*parse("REPT(\"x\", 1000000)"), {sample.shape()});
    const auto program = compile(*checked);
    formula::Run run{moment};
    for (int i = 0; i < 100; ++i)
        ASSERT_EQ(program.evaluate(run, sample.record()).get<std::string_view>().size(), 1'000'000u);
}

TEST(Program, AConditionThatIsBlankOrFailsDoesNotHold) {
    const auto sample = sample_of(boost::json::parse(R"({"a":null,"b":0})"));
    formula::Run run{moment};
    const auto holds = [&](std::string_view text) {
        return compile(*check_condition(*parse(text), {sample.shape()})).holds(run, sample.record());
    };
    EXPECT_TRUE(holds("b = 0"));
    EXPECT_FALSE(holds("a = 0"));
    EXPECT_FALSE(holds("NOT(a = 0)"));
    EXPECT_FALSE(holds("1 / b > 0"));
    EXPECT_FALSE(holds("NOT(1 / b > 0)"));
}

TEST(Program, StoredTextNeverBecomesCode) {
    const auto sample = sample_of(boost::json::parse(R"x({"a":"=1+1","b":"\" & name & \"","c":"TODAY()"})x"));
    EXPECT_EQ(value_of("a & b & c", sample, {}), "=1+1\" & name & \"TODAY()");
    EXPECT_EQ(value_of("VALUE(a)", sample, {}), "formula.not_a_number");
}

TEST(Program, RemembersWhereTheErrorWas) {
    const auto sample = sample_of(with_orders(1));
    const auto checked = check(*parse("1 + 2 / 0"), {sample.shape()});
    formula::Run run{moment};
    const auto program = compile(*checked);
    const Error error = error_of(program.evaluate(run, sample.record()));
    EXPECT_EQ(error.message.in("en"), "Character 5: division by zero.");
    EXPECT_EQ(error.message.in("zh-CN"), "第 5 个字符：除数为零。");
    EXPECT_EQ(*span_of(error), (Span{4, 5}));
}

// Of this thread alone, however busy the machine is.
std::chrono::microseconds processor_time() {
    timespec time{};
    VERIFY(::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) == 0);
    return std::chrono::microseconds(time.tv_sec * 1'000'000 + time.tv_nsec / 1000);
}

// Whatever the tree, there is an error with its place, or a value of the type that was promised. ONEFOLD_LAW_CASES
// says how many trees, ONEFOLD_LAW_SEED names others.
TEST(ProgramLaw, EveryTreeHasAValueOfItsTypeOrATypedError) {
    const auto sample = sample_of(boost::json::parse(
        R"({"a":1.5,"金额":"100.50","city":"上海","Total_2":null,"a b":true,"in":"2026-01-05","it's":"2026-01-05T10:00:00Z",
            "orders":[{"a":2,"city":"x"},{"a":null,"city":""}],"_":["x","y"]})"));
    const char* seed = std::getenv("ONEFOLD_LAW_SEED");
    RandomTree trees{seed ? unsigned(std::atoi(seed)) : 11};
    const char* cases = std::getenv("ONEFOLD_LAW_CASES");
    const int wanted = cases ? std::atoi(cases) : 100'000;
    int checked_count = 0, valued = 0;
    std::chrono::microseconds slowest{};
    formula::Run run{moment};
    for (int i = 0; i < wanted; ++i) {
        const auto checked = check(trees.any(int(i % 4)), {sample.shape()});
        if (!checked) {
            ASSERT_TRUE(checked.error().code.starts_with("formula.")) << checked.error().code;
            continue;
        }
        ++checked_count;
        const auto program = compile(*checked);
        const auto begun = processor_time();
        const Value value = program.evaluate(run, sample.record());
        slowest = std::max(slowest, processor_time() - begun);
        if (value.is_blank() || value.is_error()) {
            ASSERT_TRUE(value.is_blank() || !error_of(value).message.in("zh-CN").empty());
            continue;
        }
        ++valued;
        ASSERT_EQ(value.index(), std::size_t(checked->type.kind)) << checked->text;
    }
    fmt::print("of {} trees {} had types that fit, {} a value; the slowest took {} us\n", wanted, checked_count, valued,
        slowest.count());
    EXPECT_GT(checked_count, wanted / 10);
    EXPECT_GT(valued, wanted / 20);
}

// NOT NOT a is a; a AND b is b AND a; a = b is b = a, whatever the values.
TEST(ProgramLaw, OperatorsKeepTheirLaws) {
    const auto sample = sample_of(boost::json::parse(
        R"({"a":1.5,"金额":"100.50","city":"上海","Total_2":null,"a b":true,"in":"2026-01-05","orders":[{"a":2}]})"));
    RandomTree trees{3};
    formula::Run run{moment};
    const auto told = [&](const Expression& tree) {
        const auto checked = check(tree, {sample.shape()});
        if (!checked)
            return std::string("-");
        const auto program = compile(*checked);
        const Value value = program.evaluate(run, sample.record());
        return value.is_error() ? "error" : to_text(value);
    };
    for (int i = 0; i < 20'000; ++i) {
        const Expression left = trees.any(2), right = trees.any(2);
        for (const Operator op : {Operator::and_, Operator::or_, Operator::equal, Operator::not_equal})
            ASSERT_EQ(told(call(op, {left, right})), told(call(op, {right, left}))) << print(call(op, {left, right}));
        if (const auto one = told(call(Operator::and_, {left})); one != "-") {
            ASSERT_EQ(told(call(Operator::not_, {call(Operator::not_, {left})})), one) << print(left);
            if (const auto other = told(call(Operator::and_, {right})); other != "-") {
                const auto both = call(Operator::not_, {call(Operator::and_, {left, right})});
                const auto either = call(Operator::or_, {call(Operator::not_, {left}), call(Operator::not_, {right})});
                ASSERT_EQ(told(both), told(either)) << print(both);
            }
        }
    }
}

} // namespace
} // namespace onefold::formula
