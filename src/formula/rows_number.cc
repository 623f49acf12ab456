// Functions of the family number. All are exact but EXP, LN, LOG, LOG10 and POWER with a fraction (12 significant
// digits).
#include "formula/arithmetic.h"
#include "formula/function.h"

#include <cmath>
#include <numeric>

namespace onefold::formula {
namespace {

using Args = std::span<const Value>;
using Rounding = Decimal::Rounding;

const Decimal& number_at(Args args, std::size_t index) {
    return args[index].get<Decimal>();
}

Value refused(Run& run, const Value& arg) {
    return run.fail(Why::bad_argument, to_text(arg));
}

Value absolute(Run&, Args args) {
    const Decimal& number = number_at(args, 0);
    return number.is_negative() ? number.negated() : number;
}

Value sign(Run&, Args args) {
    const Decimal& number = number_at(args, 0);
    return Decimal::of(number.is_zero() ? 0 : number.is_negative() ? -1 : 1);
}

template <Rounding how>
Value rounded(Run& run, Args args) {
    const auto places = args.size() > 1 ? cut(number_at(args, 1)) : 0;
    if (!places || !is_within(*places, 40))
        return refused(run, args[1]);
    return run.result(number_at(args, 0).rounded(int(*places), how));
}

template <Rounding how>
Value to_whole(Run& run, Args args) {
    return run.result(number_at(args, 0).rounded(0, how));
}

// Both as units of one scale; nullopt where that takes more digits than there are.
struct Pair {
    __int128 left, right;
    int places;
};
std::optional<Pair> at_one_scale(const Decimal& left, const Decimal& right) {
    const int places = std::max(left.places(), right.places());
    const auto raised = [&](const Decimal& number) -> std::optional<__int128> {
        __int128 units = number.units();
        for (int i = number.places(); i < places; ++i)
            if (__builtin_mul_overflow(units, __int128(10), &units))
                return std::nullopt;
        return units;
    };
    const auto first = raised(left), second = raised(right);
    return first && second ? std::optional(Pair{*first, *second, places}) : std::nullopt;
}

// The remainder has the divisor's sign.
Value modulo(Run& run, Args args) {
    if (number_at(args, 1).is_zero())
        return run.fail(Why::division_by_zero);
    const auto pair = at_one_scale(number_at(args, 0), number_at(args, 1));
    if (!pair)
        return run.fail(Why::out_of_range);
    __int128 rest = pair->left % pair->right;
    if (rest != 0 && (rest < 0) != (pair->right < 0))
        rest += pair->right;
    return run.result(Decimal::of_units(rest, pair->places));
}

Value quotient(Run& run, Args args) {
    if (number_at(args, 1).is_zero())
        return run.fail(Why::division_by_zero);
    const auto pair = at_one_scale(number_at(args, 0), number_at(args, 1));
    return pair ? run.result(Decimal::of_units(pair->left / pair->right, 0)) : run.fail(Why::out_of_range);
}

enum class Toward { below, above, nearest };

// A multiple of the step. Below and above are -∞ and +∞ where the step is positive, and away where both are negative.
template <Toward toward>
Value multiple(Run& run, Args args) {
    const Decimal step = args.size() > 1 ? number_at(args, 1) : Decimal::of(1);
    const Decimal& number = number_at(args, 0);
    if (step.is_zero())
        return Decimal{};
    if (!number.is_negative() && !number.is_zero() && step.is_negative())
        return refused(run, args[1]);
    if (toward == Toward::nearest && number.is_negative() != step.is_negative() && !number.is_zero())
        return refused(run, args[1]);
    const auto pair = at_one_scale(number, step);
    if (!pair)
        return run.fail(Why::out_of_range);
    __int128 times = pair->left / pair->right;
    const __int128 rest = pair->left % pair->right;
    const bool is_quotient_below_zero = (pair->left < 0) != (pair->right < 0);
    const __int128 size = rest < 0 ? -rest : rest, whole = pair->right < 0 ? -pair->right : pair->right;
    if (toward == Toward::nearest ? size >= whole - size
                                  : rest != 0 && (toward == Toward::above) != is_quotient_below_zero)
        times += is_quotient_below_zero ? -1 : 1;
    __int128 units;
    if (__builtin_mul_overflow(times, pair->right, &units))
        return run.fail(Why::out_of_range);
    return run.result(Decimal::of_units(units, pair->places));
}

Value raised(Run& run, Args args) {
    return power(run, number_at(args, 0), number_at(args, 1));
}

Value root(Run& run, Args args) {
    return number_at(args, 0).is_negative() ? refused(run, args[0]) : Value(square_root(number_at(args, 0)));
}

Value about(Run& run, long double number) {
    const auto result = approximate(number);
    return result ? Value(*result) : run.fail(Why::out_of_range);
}

bool is_positive(const Decimal& number) {
    return !number.is_negative() && !number.is_zero();
}

Value exponential(Run& run, Args args) {
    return about(run, std::exp(approximate(number_at(args, 0))));
}
Value natural_logarithm(Run& run, Args args) {
    return is_positive(number_at(args, 0)) ? about(run, std::log(approximate(number_at(args, 0))))
                                           : refused(run, args[0]);
}
Value logarithm(Run& run, Args args) {
    const Decimal base = args.size() > 1 ? number_at(args, 1) : Decimal::of(10);
    if (!is_positive(number_at(args, 0)) || !is_positive(base) || base == Decimal::of(1))
        return refused(run, is_positive(number_at(args, 0)) ? args[1] : args[0]);
    const long double number = approximate(number_at(args, 0));
    if (base == Decimal::of(10))
        return about(run, std::log10(number));
    return about(run, base == Decimal::of(2) ? std::log2(number) : std::log(number) / std::log(approximate(base)));
}

Value pi(Run&, Args) {
    return *Decimal::parse("3.14159265359"); // 12 places
}

// Away from zero to the next even (or odd) whole number.
template <int odd>
Value to_parity(Run& run, Args args) {
    const auto outward = number_at(args, 0).rounded(0, Rounding::away_from_zero);
    if (!outward)
        return run.result(outward);
    const bool is_odd = outward->units() % 2 != 0;
    if (is_odd == bool(odd))
        return *outward;
    return run.result(outward->plus(Decimal::of(outward->is_negative() ? -1 : 1)));
}

// Whole numbers from 0 on, as GCD and LCM take them.
Value over_wholes(Run& run, Args args, Result<Decimal> (*act)(std::int64_t, std::int64_t)) {
    std::optional<std::int64_t> result;
    for (const Value& arg : args) {
        const auto* list = arg.as<Value::List>();
        for (const Value& value : list ? *list : Value::List(&arg, 1)) {
            if (value.is_blank())
                continue;
            if (!run.step())
                return run.spent();
            const auto number = cut(value.get<Decimal>());
            if (!number || *number < 0)
                return refused(run, value);
            const auto next = act(result.value_or(*number), *number);
            const auto taken = next ? whole(*next) : std::nullopt;
            if (!taken)
                return run.fail(Why::out_of_range);
            result = taken;
        }
    }
    return result ? Value(Decimal::of(*result)) : Value();
}

Value greatest_divisor(Run& run, Args args) {
    return over_wholes(run, args,
        [](std::int64_t left, std::int64_t right) -> Result<Decimal> { return Decimal::of(std::gcd(left, right)); });
}
Value least_multiple(Run& run, Args args) {
    return over_wholes(run, args, [](std::int64_t left, std::int64_t right) -> Result<Decimal> {
        return left == 0 || right == 0 ? Decimal{}
                                       : Decimal::of(left / std::gcd(left, right)).times(Decimal::of(right));
    });
}

Value factorial(Run& run, Args args) {
    const auto count = cut(number_at(args, 0));
    if (!count || *count < 0)
        return refused(run, args[0]);
    Result<Decimal> result = Decimal::of(1);
    for (std::int64_t i = 2; result && i <= *count; ++i)
        result = result->times(Decimal::of(i));
    return run.result(result);
}

} // namespace

std::vector<Row> number_rows() {
    return {
        {"ABS(number: number): number", absolute, "Without its sign.", "绝对值。", {{"ABS(-4)", "4"}, {"ABS(2)", "2"}}},
        {"SIGN(number: number): number", sign, "1, 0 or -1.", "符号：1、0 或 -1。",
            {{"SIGN(10)", "1"}, {"SIGN(4 - 4)", "0"}, {"SIGN(-0.00001)", "-1"}}},
        {"ROUND(number: number, places: number?): number", rounded<Rounding::half_away>,
            "To so many places (0), halves away from zero; -2 rounds to hundreds.",
            "四舍五入到指定小数位（默认 0）；-2 表示到百位。",
            {{"ROUND(2.15, 1)", "2.2"}, {"ROUND(2.149, 1)", "2.1"}, {"ROUND(-1.475, 2)", "-1.48"},
                {"ROUND(21.5, -1)", "20"}}},
        {"ROUNDUP(number: number, places: number?): number", rounded<Rounding::away_from_zero>,
            "To so many places, away from zero.", "向远离零的方向舍入。",
            {{"ROUNDUP(3.2, 0)", "4"}, {"ROUNDUP(3.14159, 3)", "3.142"}, {"ROUNDUP(-3.14159, 1)", "-3.2"},
                {"ROUNDUP(31415.92654, -2)", "31500"}}},
        {"ROUNDDOWN(number: number, places: number?): number", rounded<Rounding::toward_zero>,
            "To so many places, towards zero.", "向零的方向舍入。",
            {{"ROUNDDOWN(76.9, 0)", "76"}, {"ROUNDDOWN(-3.14159, 1)", "-3.1"},
                {"ROUNDDOWN(31415.92654, -2)", "31400"}}},
        {"TRUNC(number: number, places: number?): number", rounded<Rounding::toward_zero>,
            "Without the digits behind so many places.", "截去多余小数位。",
            {{"TRUNC(8.9)", "8"}, {"TRUNC(-8.9)", "-8"}}},
        {"INT(number: number): number", to_whole<Rounding::down>, "The whole number below.", "向下取整。",
            {{"INT(8.9)", "8"}, {"INT(-8.9)", "-9"}}},
        {"CEILING(number: number, step: number?): number", multiple<Toward::above>,
            "The next multiple of the step (1) above.", "向上取步长（默认 1）的倍数。",
            {{"CEILING(2.5, 1)", "3"}, {"CEILING(-2.5, -2)", "-4"}, {"CEILING(-2.5, 2)", "-2"},
                {"CEILING(1.5, 0.1)", "1.5"}, {"CEILING(0.234, 0.01)", "0.24"}}},
        {"FLOOR(number: number, step: number?): number", multiple<Toward::below>,
            "The next multiple of the step (1) below.", "向下取步长（默认 1）的倍数。",
            {{"FLOOR(3.7, 2)", "2"}, {"FLOOR(-2.5, -2)", "-2"}, {"FLOOR(2.5, -2)", "formula.bad_argument"},
                {"FLOOR(1.58, 0.1)", "1.5"}, {"FLOOR(0.234, 0.01)", "0.23"}}},
        {"MROUND(number: number, step: number): number", multiple<Toward::nearest>, "The nearest multiple of the step.",
            "舍入到步长的倍数。",
            {{"MROUND(10, 3)", "9"}, {"MROUND(-10, -3)", "-9"}, {"MROUND(1.3, 0.2)", "1.4"},
                {"MROUND(5, -2)", "formula.bad_argument"}}},
        {"MOD(number: number, divisor: number): number", modulo, "The remainder, with the divisor's sign.",
            "余数，符号与除数相同。",
            {{"MOD(3, 2)", "1"}, {"MOD(-3, 2)", "1"}, {"MOD(3, -2)", "-1"}, {"MOD(-3, -2)", "-1"},
                {"MOD(1, 0)", "formula.division_by_zero"}}},
        {"QUOTIENT(number: number, divisor: number): number", quotient, "The whole part of a division.",
            "商的整数部分。", {{"QUOTIENT(5, 2)", "2"}, {"QUOTIENT(4.5, 3.1)", "1"}, {"QUOTIENT(-10, 3)", "-3"}}},
        {"POWER(base: number, exponent: number): number", raised,
            "The base raised to the exponent; also written a ^ b.", "乘方；也可写作 a ^ b。",
            {{"POWER(5, 2)", "25"}, {"POWER(98.6, 3.2)", "2401077.22207"}, {"POWER(4, 1.25)", "5.65685424949"},
                {"POWER(2, -2)", "0.25"}}},
        {"SQRT(number: number): number", root, "The square root, to 12 places.", "平方根，12 位小数。",
            {{"SQRT(16)", "4"}, {"SQRT(2)", "1.414213562373"}, {"SQRT(-16)", "formula.bad_argument"}}},
        {"EXP(number: number): number", exponential, "e raised to the number.", "e 的乘方。",
            {{"EXP(1)", "2.71828182846"}, {"EXP(0)", "1"}}},
        {"LN(number: number): number", natural_logarithm, "The natural logarithm.", "自然对数。",
            {{"LN(86)", "4.45434729625"}, {"LN(1)", "0"}, {"LN(0)", "formula.bad_argument"}}},
        {"LOG(number: number, base: number?): number", logarithm, "The logarithm to a base, 10 unless told.",
            "对数，默认以 10 为底。", {{"LOG(10)", "1"}, {"LOG(8, 2)", "3"}, {"LOG(86, 2.7182818)", "4.45434734289"}}},
        {"LOG10(number: number): number", logarithm, "The logarithm to base 10.", "以 10 为底的对数。",
            {{"LOG10(100000)", "5"}}},
        {"PI(): number", pi, "The ratio of a circle's circumference to its diameter, to 12 digits.",
            "圆周率，12 位有效数字。", {{"PI()", "3.14159265359"}}},
        {"EVEN(number: number): number", to_parity<0>, "The next even number away from zero.", "向远离零的方向取偶数。",
            {{"EVEN(1.5)", "2"}, {"EVEN(3)", "4"}, {"EVEN(2)", "2"}, {"EVEN(-1)", "-2"}}},
        {"ODD(number: number): number", to_parity<1>, "The next odd number away from zero.", "向远离零的方向取奇数。",
            {{"ODD(1.5)", "3"}, {"ODD(3)", "3"}, {"ODD(2)", "3"}, {"ODD(-1)", "-1"}, {"ODD(-2)", "-3"},
                {"ODD(0)", "1"}}},
        {"GCD(number: numbers, more: numbers?...): number", greatest_divisor, "The greatest common divisor.",
            "最大公约数。", {{"GCD(5, 2)", "1"}, {"GCD(24, 36)", "12"}, {"GCD(5, 0)", "5"}}, {}, Blanks::taken},
        {"LCM(number: numbers, more: numbers?...): number", least_multiple, "The least common multiple.",
            "最小公倍数。", {{"LCM(5, 2)", "10"}, {"LCM(24, 36)", "72"}}, {}, Blanks::taken},
        {"FACT(number: number): number", factorial, "The product of the whole numbers up to this one.", "阶乘。",
            {{"FACT(5)", "120"}, {"FACT(1.9)", "1"}, {"FACT(0)", "1"}, {"FACT(-1)", "formula.bad_argument"},
                {"FACT(100)", "formula.out_of_range"}}},
    };
}

} // namespace onefold::formula
