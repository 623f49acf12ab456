// What PostgreSQL computes by itself; what is not here it cannot say exactly.
#include "query/sql_writer.h"

#include <algorithm>
#include <fmt/format.h>

namespace onefold::query {

using formula::Checked;
using formula::Kind;
using formula::Operator;
using formula::Type;

Piece SqlWriter::strict(Type type, std::string sql, const Pieces& args, bool may_fail) {
    Piece result;
    result.type = type;
    result.fails = fails_of(args);
    result.sql = std::move(sql);
    if (!may_fail)
        return result;
    std::string own;
    for (const Piece& arg : args)
        if (!arg.constant)
            own += fmt::format("{} IS NOT NULL AND ", arg.sql);
    own = fmt::format("({}{} IS NULL)", own, result.sql);
    result.fails = result.fails.empty() ? own : fmt::format("({} OR {})", result.fails, own);
    return result;
}

// As text joins write it; "" for blank.
std::string SqlWriter::text_in_join(const Piece& piece) {
    if (piece.is_blank())
        return "''";
    std::string text;
    switch (piece.type.kind) {
    case Kind::truth:
        text = fmt::format("CASE WHEN {0} THEN 'TRUE' WHEN NOT {0} THEN 'FALSE' END", piece.sql);
        break;
    case Kind::number:
        text = as_text(piece);
        break;
    case Kind::instant:
        text = let({piece.sql, utc_sql(piece.sql)},
            "to_char(y, 'YYYY-MM-DD\"T\"HH24:MI:SS') || (CASE WHEN x % 1000000 = 0 THEN '' WHEN x % 1000 = 0 THEN "
            "to_char(y, '.MS') ELSE to_char(y, '.US') END) || 'Z'");
        break;
    default:
        text = piece.sql;
    }
    return fmt::format("COALESCE({}, '')", text);
}

Result<Piece> SqlWriter::postgres_sum(const Checked& checked, Pieces args) {
    const Kind left = args[0].type.kind, right = args[1].type.kind;
    const bool is_minus = checked.op == Operator::subtract;
    if (left == Kind::number && right == Kind::number) {
        Piece sum = args[0];
        for (std::size_t i = 1; i < args.size(); ++i)
            sum = arithmetic(checked.op, sum, args[i]);
        return sum;
    }
    if (left == Kind::date && right == Kind::date)
        return whole_number(fmt::format("({}::date - {}::date)", args[0].sql, args[1].sql), args);
    if (left == Kind::instant && right == Kind::instant) {
        Piece micros = whole_number(fmt::format("({} - {})", args[0].sql, args[1].sql), args);
        return arithmetic(Operator::divide, micros, bound(Decimal::of(86'400'000'000), {Kind::number}));
    }
    const Piece& at = left == Kind::number ? args[1] : args[0];
    const Piece& days = left == Kind::number ? args[0] : args[1];
    const std::string count = fmt::format("{}{}", is_minus ? "-" : "", exact(days).sql);
    if (at.type.kind == Kind::date)
        return date_of(let({fmt::format("{}::date", at.sql), fmt::format("floor({})", count)},
                           "CASE WHEN ABS(y) <= 4000000 AND y BETWEEN date '0001-01-01' - x AND date '9999-12-31' - x "
                           "THEN to_char(x + y::int, 'YYYY-MM-DD') END"),
            args);
    return strict({Kind::instant},
        let({at.sql, fmt::format("round({} * 86400000000)", count)},
            "CASE WHEN x + y BETWEEN -62135596800000000 AND 253402300799999999 THEN (x + y)::bigint END"),
        args);
}

Result<Piece> SqlWriter::postgres_operation(const Checked& checked, Pieces args) {
    switch (checked.op) {
    case Operator::add:
    case Operator::subtract:
        return postgres_sum(checked, std::move(args));
    case Operator::multiply:
    case Operator::divide: {
        Piece result = args[0];
        for (std::size_t i = 1; i < args.size(); ++i)
            result = arithmetic(checked.op, result, args[i]);
        return result;
    }
    case Operator::percent:
        return arithmetic(checked.op, args[0], bound(Decimal::of(100), {Kind::number}));
    case Operator::negate: {
        Piece negated = std::move(args[0]);
        if (negated.is_unit()) // the least of 64 bits has no opposite
            negated = exact(std::move(negated));
        negated.constant.reset();
        negated.sql = fmt::format("(-{})", negated.sql);
        return negated;
    }
    case Operator::power:
        if (auto raised = to_power(args[0], args[1]))
            return std::move(*raised);
        break;
    case Operator::join: {
        std::string text;
        for (const Piece& arg : args)
            text += fmt::format("{}{}", text.empty() ? "" : " || ", text_in_join(arg));
        Piece joined;
        joined.type = {Kind::text};
        joined.fails = fails_of(args);
        joined.sql = guarded(joined.fails, fmt::format("({})", text));
        return joined;
    }
    default:
        break;
    }
    return not_in_sql(checked);
}

// COUNT, MIN and their kin of values that stand there, not of records.
std::optional<Piece> SqlWriter::postgres_values(std::string_view name, Type type, const Pieces& args) {
    Pieces values;
    for (const Piece& arg : args) {
        if (arg.gathered || (arg.type.kind == Kind::list && !arg.members))
            return std::nullopt;
        if (arg.members)
            std::ranges::copy(*arg.members, std::back_inserter(values));
        else
            values.push_back(arg);
    }
    if (name != "ANY" && name != "ALL" && name != "NONE")
        std::erase_if(values, [](const Piece& value) { return value.is_blank() && value.fails.empty(); });
    Piece result;
    result.type = type;
    result.fails = fails_of(args);
    std::vector<std::string> parts;
    if (name == "COUNT") {
        for (const Piece& value : values)
            parts.push_back(fmt::format("CASE WHEN {} IS NULL THEN 0 ELSE 1 END", there(value)));
        result = whole_number(parts.empty() ? "0" : fmt::format("({})", fmt::join(parts, " + ")), {});
        result.fails = fails_of(args);
    } else if (name == "MIN" || name == "MAX") {
        if (values.empty())
            return blank(type);
        alike(values, type);
        for (const Piece& value : values)
            parts.push_back(
                there(value) + (type.kind == Kind::text || type.kind == Kind::date ? " COLLATE \"C\"" : ""));
        const bool is_most = name == "MAX";
        result.scale = values.front().scale;
        result.sql = fmt::format("{}({})", is_most ? "GREATEST" : "LEAST", fmt::join(parts, ", "));
    } else if (name == "SUM") {
        Piece sum = bound(Decimal{}, {Kind::number});
        for (Piece& value : values) {
            value = exact(std::move(value));
            if (!value.constant)
                value.sql = fmt::format("COALESCE({}, 0)", value.sql);
            sum = arithmetic(Operator::add, sum, value);
        }
        sum.sql = guarded(result.fails, std::move(sum.sql));
        return sum;
    } else if (name == "ANY" || name == "ALL" || name == "NONE") {
        if (values.empty()) {
            result.sql = name == "ANY" ? "FALSE" : "TRUE";
        } else {
            for (Piece& value : values)
                value.fails.clear();
            result.sql = joined(name == "ALL" ? Operator::and_ : Operator::or_, values).sql;
            if (name == "NONE")
                result.sql = fmt::format("(NOT {})", result.sql);
        }
    } else {
        return std::nullopt;
    }
    result.sql = guarded(result.fails, std::move(result.sql));
    return result;
}

Result<Piece> SqlWriter::postgres_function(const Checked& checked, Pieces args) {
    const std::string_view name = checked.function->name;
    const bool is_of_lists = std::ranges::any_of(args, [](const Piece& arg) { return arg.type.kind == Kind::list; });
    if (auto made = postgres_values(name, checked.type, args))
        return std::move(*made);
    if (is_of_lists)
        return not_in_sql(checked);
    if (name == "XOR") {
        std::string odd = args[0].sql;
        for (std::size_t i = 1; i < args.size(); ++i)
            odd = fmt::format("({} <> {})", odd, args[i].sql);
        return strict(checked.type, std::move(odd), args, false);
    }
    if (auto made = postgres_text(name, args))
        return std::move(*made);
    if (auto made = postgres_number(name, args))
        return std::move(*made);
    if (auto made = postgres_date(name, args))
        return std::move(*made);
    return not_in_sql(checked);
}

} // namespace onefold::query
