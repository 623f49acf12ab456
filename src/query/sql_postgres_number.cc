// Exact numbers on PostgreSQL: NUMERIC, rounded to 12 places half away from zero, at most 38 digits.
#include "formula/arithmetic.h"
#include "query/sql_writer.h"

#include <algorithm>
#include <fmt/format.h>

namespace onefold::query {

using formula::Kind;
using formula::Operator;

namespace {

constexpr int digits_max = 38;
// x / y, y not zero.
constexpr std::string_view quotient = "SIGN(x) * SIGN(y) * div(2 * ABS(x) * 1000000000000 + ABS(y), 2 * ABS(y)) * "
                                      "0.000000000001";

std::string power_of_ten(int exponent) {
    return exponent >= 0 ? "1" + std::string(std::size_t(exponent), '0')
                         : "0." + std::string(std::size_t(-exponent - 1), '0') + "1";
}

} // namespace

Piece SqlWriter::number_of(std::string sql, const Pieces& args, Digits digits, bool may_fail) {
    const bool may_be_too_long = digits.whole + digits.places > digits_max;
    if (may_be_too_long)
        sql = let({sql}, "CASE WHEN ABS(x) * power(10::numeric, min_scale(x)) < 1e38 THEN x END");
    Piece number = strict({Kind::number}, std::move(sql), args, may_fail || may_be_too_long);
    number.whole = std::min(digits.whole, digits_max);
    number.places = std::min(digits.places, Decimal::places_max);
    return number;
}

Piece SqlWriter::whole_number(std::string sql, const Pieces& args, bool may_fail) {
    Piece number = strict({Kind::number}, cast(sql, "BIGINT"), args, may_fail);
    number.scale = 0;
    number.whole = 19;
    number.places = 0;
    return number;
}

Piece SqlWriter::arithmetic(Operator op, const Piece& left, const Piece& right) {
    const Pieces args{left, right};
    const std::string x = exact(left).sql, y = exact(right).sql;
    switch (op) {
    case Operator::add:
    case Operator::subtract:
        return number_of(fmt::format("({} {} {})", x, op == Operator::add ? "+" : "-", y), args,
            {std::max(left.whole, right.whole) + 1, std::max(left.places, right.places)});
    case Operator::multiply: {
        const int places = left.places + right.places;
        const bool is_rounded = places > Decimal::places_max;
        return number_of(fmt::format(fmt::runtime(is_rounded ? "round({} * {}, 12)" : "({} * {})"), x, y), args,
            {left.whole + right.whole + (is_rounded ? 1 : 0), std::min(places, Decimal::places_max)});
    }
    default:
        break;
    }
    const bool is_by_constant = right.number() && !right.number()->is_zero();
    return number_of(let({x, y}, fmt::format("CASE WHEN y <> 0 THEN {} END", quotient)), args,
        {left.whole + right.places + 1, Decimal::places_max}, !is_by_constant);
}

// By multiplication, as the evaluator does.
std::optional<Piece> SqlWriter::to_power(const Piece& base, const Piece& exponent) {
    const auto times = exponent.number() ? formula::whole(*exponent.number()) : std::nullopt;
    if (!times || *times < 1 || *times > 3)
        return std::nullopt;
    if (*times == 1)
        return exact(base);
    const Piece square = arithmetic(Operator::multiply, base, base);
    return *times == 2 ? square : arithmetic(Operator::multiply, base, square);
}

std::optional<Piece> SqlWriter::postgres_rounded(std::string_view name, const Pieces& args) {
    constexpr std::string_view names[] = {"ROUND", "ROUNDUP", "ROUNDDOWN", "TRUNC", "INT"};
    if (std::ranges::find(names, name) == std::end(names))
        return std::nullopt;
    const Piece& number = args[0];
    std::optional<std::int64_t> places = 0;
    if (args.size() > 1)
        places = args[1].number() ? formula::cut(*args[1].number()) : std::nullopt;
    if (!places || !formula::is_within(*places, 30))
        return std::nullopt;
    const std::string x = exact(number).sql;
    const Digits digits{number.whole + 1, int(std::clamp<std::int64_t>(*places, 0, number.places))};
    const Pieces of{number};
    if (*places >= Decimal::places_max)
        return exact(number);
    if (name == "ROUND")
        return number_of(fmt::format("round({}, {})", x, *places), of, digits);
    if (name == "ROUNDDOWN" || name == "TRUNC")
        return number_of(fmt::format("trunc({}, {})", x, *places), of, digits);
    if (name == "ROUNDUP")
        return number_of(
            let({x, fmt::format("trunc({}, {})", x, *places)},
                fmt::format("CASE WHEN x = y THEN y ELSE y + SIGN(x) * {} END", power_of_ten(int(-*places)))),
            of, {number.whole + 1 + int(std::max<std::int64_t>(0, -*places)), digits.places});
    if (name == "INT")
        return number_of(fmt::format("floor({})", x), of, {number.whole + 1, 0});
    return std::nullopt;
}

// Of two numbers whose digits together are not too many to be raised to one scale.
std::optional<Piece> SqlWriter::postgres_multiple(std::string_view name, const Pieces& args) {
    const Piece one = bound(Decimal::of(1), {Kind::number});
    const Piece& number = args[0];
    const Piece& step = args.size() > 1 ? args[1] : one;
    if (std::max(number.whole, step.whole) + std::max(number.places, step.places) >= digits_max)
        return std::nullopt;
    const Digits digits{std::max(number.whole, step.whole) + 1, std::max(number.places, step.places)};
    const auto made = [&](std::string_view body) {
        return number_of(
            let({exact(number).sql, exact(step).sql}, fmt::format("CASE {} END", body)), args, digits, true);
    };
    if (name == "MOD")
        return made("WHEN y = 0 THEN NULL WHEN x % y <> 0 AND SIGN(x) <> SIGN(y) THEN x % y + y ELSE x % y");
    if (name == "QUOTIENT") {
        Piece result = made("WHEN y <> 0 THEN div(x, y)");
        result.whole = number.whole + step.places + 1;
        return result;
    }
    if (name == "FLOOR")
        return made("WHEN x IS NULL THEN NULL WHEN y = 0 THEN 0 WHEN x > 0 AND y < 0 THEN NULL "
                    "WHEN x % y <> 0 AND SIGN(x) <> SIGN(y) THEN (div(x, y) - 1) * y ELSE div(x, y) * y");
    if (name == "CEILING")
        return made("WHEN x IS NULL THEN NULL WHEN y = 0 THEN 0 WHEN x > 0 AND y < 0 THEN NULL "
                    "WHEN x % y <> 0 AND SIGN(x) = SIGN(y) THEN (div(x, y) + 1) * y ELSE div(x, y) * y");
    return made("WHEN x IS NULL OR y IS NULL THEN NULL WHEN y = 0 OR x = 0 THEN 0 WHEN SIGN(x) <> SIGN(y) THEN NULL "
                "ELSE div(2 * ABS(x) + ABS(y), 2 * ABS(y)) * y"); // MROUND
}

std::optional<Piece> SqlWriter::postgres_number(std::string_view name, const Pieces& args) {
    if (args.empty() || args[0].type.kind != Kind::number)
        return std::nullopt;
    const Piece& number = args[0];
    const std::string x = exact(number).sql;
    const Digits same{number.whole, number.places};
    if (name == "ABS")
        return number_of(fmt::format("ABS({})", x), args, same);
    if (name == "SIGN")
        return number_of(fmt::format("SIGN({})", x), args, {1, 0});
    if (name == "MOD" || name == "QUOTIENT" || name == "FLOOR" || name == "CEILING" || name == "MROUND")
        return postgres_multiple(name, args);
    if (name == "EVEN")
        return number_of(let({x}, "SIGN(x) * 2 * ceil(ABS(x) * 0.5)"), args, {number.whole + 1, 0});
    if (name == "ODD")
        return number_of(let({x}, "(CASE WHEN x < 0 THEN -1 ELSE 1 END) * (2 * ceil((ABS(x) - 1) * 0.5) + 1)"), args,
            {number.whole + 1, 0});
    if (name == "POWER")
        return to_power(args[0], args[1]);
    return postgres_rounded(name, args);
}

} // namespace onefold::query
