// Comparisons. Columns in units are compared with what is written as they stand, so that their indexes serve.
#include "formula/comparison.h"
#include "query/literal.h"
#include "query/sql_writer.h"

#include <fmt/format.h>

namespace onefold::query {

using formula::Kind;
using formula::Operator;
using formula::Type;

Piece SqlWriter::compared(Operator op, Piece left, Piece right) {
    Piece result = blank({Kind::truth});
    result.fails = fails_of(std::vector{left, right});
    if (left.is_blank() || right.is_blank() || left.type.kind == Kind::blank || right.type.kind == Kind::blank)
        return result;
    result.constant.reset();
    result.sql = comparison(op, left, right);
    return result;
}

std::string SqlWriter::comparison(Operator op, const Piece& left, const Piece& right) {
    if (left.type.kind == Kind::number)
        return number_comparison(op, left, right);
    const bool is_text = left.type.kind == Kind::text || left.type.kind == Kind::date;
    const std::string_view order = is_text && formula::is_ordering(op) && is_postgres() ? " COLLATE \"C\"" : "";
    return fmt::format("({}{} {} {})", left.sql, order, formula::sign_of(op), right.sql);
}

std::string SqlWriter::number_comparison(Operator op, const Piece& left, const Piece& right) {
    if (left.is_unit() && right.number())
        return against_constant(op, left, *right.number());
    if (right.is_unit() && left.number())
        return against_constant(formula::mirrored(op), right, *left.number());
    if (left.is_unit() && left.scale == right.scale)
        return fmt::format("({} {} {})", left.sql, formula::sign_of(op), right.sql);
    if (is_postgres())
        return fmt::format("({} {} {})", exact(left).sql, formula::sign_of(op), exact(right).sql);
    return ours(formula::sign_of(op), {Kind::truth}, {left, right}, true).sql;
}

std::string SqlWriter::against_constant(Operator op, const Piece& piece, const Decimal& number) {
    const Place place = place_of(number, piece.scale);
    const auto against = [&](std::string_view sign) {
        return fmt::format("({} {} {})", piece.sql, sign, mark(place.floor));
    };
    const auto always = [&](bool holds) {
        return fmt::format(fmt::runtime(holds ? "({0} = {0})" : "({0} <> {0})"), piece.sql);
    };
    if (place.fit == Place::Fit::exact)
        return against(formula::sign_of(op));
    if (!formula::is_ordering(op))
        return always(op == Operator::not_equal);
    const bool is_upward = op == Operator::greater || op == Operator::greater_equal;
    if (place.fit == Place::Fit::between)
        return against(is_upward ? ">" : "<=");
    return always(is_upward == (place.fit == Place::Fit::below_all));
}

Piece SqlWriter::exact(Piece number) {
    if (!number.is_unit())
        return number;
    const int scale = number.scale;
    number.scale = -1;
    number.constant.reset();
    if (is_postgres()) {
        number.sql = cast(number.sql, "NUMERIC");
        if (scale > 0)
            number.sql = fmt::format("({} * 0.{}1)", number.sql, std::string(std::size_t(scale - 1), '0'));
        return number;
    }
    if (scale == 0) {
        number.sql = cast(number.sql, "TEXT");
        return number;
    }
    Piece units = number;
    units.scale = scale;
    number.sql = ours("value", {Kind::number}, {std::move(units)}, true).sql;
    return number;
}

} // namespace onefold::query
