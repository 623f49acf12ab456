// AND, OR, NOT, IN, ISBLANK, IF and its kin. A blank condition does not hold, an error goes through.
#include "query/sql_writer.h"

#include <algorithm>
#include <fmt/format.h>

namespace onefold::query {

using formula::Checked;
using formula::Kind;
using formula::Operator;
using formula::Special;
using formula::Type;

namespace {

// A balanced tree, so that a thousand parts stay within the databases' depth of expressions.
std::string tree_of(std::span<const std::string> parts, std::string_view word) {
    if (parts.size() == 1)
        return parts.front();
    const std::size_t half = parts.size() / 2;
    return fmt::format("({} {} {})", tree_of(parts.first(half), word), word, tree_of(parts.subspan(half), word));
}

constexpr Type truth{Kind::truth};

} // namespace

std::string SqlWriter::fails_of(std::span<const Piece> pieces) {
    std::vector<std::string> parts;
    for (const Piece& piece : pieces)
        if (!piece.fails.empty())
            parts.push_back(piece.fails);
    return parts.empty() ? "" : tree_of(parts, "OR");
}

std::string SqlWriter::guarded(const std::string& fails, std::string sql) {
    return fails.empty() ? sql : fmt::format("(CASE WHEN {} THEN NULL ELSE {} END)", fails, sql);
}

// What decides, decides, also beside an error.
Piece SqlWriter::joined(Operator op, Pieces args) {
    std::vector<std::string> parts;
    for (const Piece& arg : args)
        parts.push_back(as_condition(arg));
    Piece result;
    result.type = truth;
    result.sql = tree_of(parts, op == Operator::and_ ? "AND" : "OR");
    const std::string wrong = fails_of(args);
    if (!wrong.empty()) // NULL where nothing decided
        result.fails = fmt::format("({} AND {} IS NULL)", wrong, result.sql);
    return result;
}

Piece SqlWriter::denied(Piece one) {
    Piece result;
    result.type = truth;
    result.sql = fmt::format("(NOT {})", as_condition(one));
    result.fails = std::move(one.fails);
    return result;
}

Result<Piece> SqlWriter::membership(const Checked& checked, Pieces args) {
    Piece one = std::move(args[0]);
    if (args.size() == 2 && args[1].type.kind == Kind::list) {
        Piece& list = args[1];
        if (list.gathered) {
            Piece asked = list;
            Piece same = compared(Operator::equal, one, list.members->front());
            asked.members->front() = std::move(same);
            Piece found = quantified("ANY", asked);
            found.fails = fails_of(std::vector{one, list});
            found.sql = guarded(found.fails, std::move(found.sql));
            return found;
        }
        if (!list.members) {
            if (is_postgres())
                return not_in_sql(checked);
            return ours("in", truth, {std::move(one), std::move(list)});
        }
        Pieces flat{std::move(one)};
        std::ranges::move(*list.members, std::back_inserter(flat));
        std::swap(args, flat);
        one = std::move(args[0]);
        if (args.size() == 1) { // in none
            Piece never;
            never.type = truth;
            never.fails = one.fails;
            never.sql = guarded(never.fails, "FALSE");
            return never;
        }
    }
    Pieces parts;
    std::vector<std::string> listed;
    for (std::size_t i = 1; i < args.size(); ++i) {
        const auto kind = args[i].type.kind;
        if (args[i].constant && !args[i].is_blank() &&
            (kind == Kind::text || kind == Kind::date || kind == Kind::instant))
            listed.push_back(args[i].sql);
        else
            parts.push_back(compared(Operator::equal, one, std::move(args[i])));
    }
    if (!listed.empty()) {
        Piece among;
        among.type = truth;
        among.sql = one.is_blank() ? null_sql(truth) : fmt::format("({} IN ({}))", one.sql, fmt::join(listed, ", "));
        among.fails = one.fails;
        parts.push_back(std::move(among));
    }
    Piece result = joined(Operator::or_, std::move(parts));
    return result;
}

// "" is blank, too, and so is a list of none.
Piece SqlWriter::is_blank(Piece one) {
    Piece result;
    result.type = truth;
    result.fails = one.fails;
    if (one.type.kind == Kind::list) {
        if (one.gathered)
            result.sql = fmt::format("(NOT EXISTS ({}))", rows(one, "1"));
        else if (one.members)
            result.sql = one.members->empty() ? "TRUE" : "FALSE";
        else
            result.sql = fmt::format("(COALESCE({}, '') = '')", one.sql);
    } else if (one.is_blank()) {
        result.sql = "TRUE";
    } else if (one.type.kind == Kind::text) {
        result.sql = fmt::format("({0} IS NULL OR {0} = '')", one.sql);
    } else {
        result.sql = fmt::format("({} IS NULL)", one.sql);
    }
    result.sql = guarded(result.fails, std::move(result.sql));
    return result;
}

// To one form: numbers of one scale, else exact ones.
void SqlWriter::alike(Pieces& values, Type type) {
    std::optional<int> scale;
    bool is_mixed = false;
    for (const Piece& value : values) {
        if (value.is_blank())
            continue;
        is_mixed = is_mixed || (scale && *scale != value.scale);
        scale = value.scale;
    }
    for (Piece& value : values) {
        if (value.is_blank()) {
            const bool is_units = type.kind == Kind::number && !is_mixed && scale.value_or(-1) >= 0;
            value.sql = null_sql(is_units ? Type{Kind::instant} : type);
            value.scale = is_units ? *scale : -1;
        } else if (is_mixed && type.kind == Kind::number) {
            value = exact(std::move(value));
        }
    }
}

// Conditions in their order, each with its value; a value more is what else there is.
Piece SqlWriter::chosen(Type type, Pieces conditions, Pieces values, std::string otherwise_fails) {
    alike(values, type);
    Piece result;
    result.type = type;
    std::string cases, wrong;
    bool may_fail = !otherwise_fails.empty();
    result.whole = result.places = 0;
    if (type.kind == Kind::number)
        result.scale = values.empty() ? -1 : values.front().scale;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const bool is_else = i >= conditions.size();
        if (!is_else && !conditions[i].fails.empty()) {
            cases += fmt::format(" WHEN {} THEN NULL", conditions[i].fails);
            wrong += fmt::format(" WHEN {} THEN TRUE", conditions[i].fails);
            may_fail = true;
        }
        const std::string when =
            is_else ? " ELSE" : fmt::format(" WHEN {} THEN", conditions[i].is_blank() ? "FALSE" : conditions[i].sql);
        cases += fmt::format("{} {}", when, values[i].sql);
        wrong += fmt::format("{} {}", when, values[i].fails.empty() ? "FALSE" : values[i].fails);
        may_fail = may_fail || !values[i].fails.empty();
        result.whole = std::max(result.whole, values[i].is_blank() ? 0 : values[i].whole);
        result.places = std::max(result.places, values[i].is_blank() ? 0 : values[i].places);
    }
    const bool has_else = values.size() > conditions.size();
    if (conditions.empty()) {
        result.sql = values.front().sql;
        result.fails = values.front().fails;
        return result;
    }
    if (!has_else && !otherwise_fails.empty())
        wrong += fmt::format(" ELSE {}", otherwise_fails);
    result.sql = fmt::format("(CASE{} END)", cases);
    if (may_fail)
        result.fails = fmt::format("(CASE{} END)", wrong);
    if (type.kind == Kind::blank)
        result.constant = std::monostate{};
    return result;
}

// The first that is neither blank nor "", an error included.
Piece SqlWriter::coalesced(Type type, Pieces args) {
    Pieces conditions;
    for (const Piece& arg : args) {
        Piece there_is;
        there_is.type = truth;
        there_is.sql = arg.is_blank() ? "FALSE" : fmt::format("({} IS NOT NULL)", there(arg));
        if (!arg.fails.empty())
            there_is.sql = fmt::format("({} OR {})", arg.fails, there_is.sql);
        conditions.push_back(std::move(there_is));
    }
    return chosen(type, std::move(conditions), std::move(args));
}

// The value at a place, whose fraction counts for nothing.
Piece SqlWriter::chosen_by_place(Type type, Pieces args) {
    const Piece place = std::move(args[0]);
    Pieces conditions, values;
    for (std::size_t i = 1; i < args.size(); ++i) {
        const auto at = [&](std::size_t index) { return bound(Decimal::of(std::int64_t(index)), {Kind::number}); };
        conditions.push_back(joined(Operator::and_,
            {compared(Operator::greater_equal, place, at(i)), compared(Operator::less, place, at(i + 1))}));
        values.push_back(std::move(args[i]));
    }
    return chosen(type, std::move(conditions), std::move(values), fmt::format("({} IS NOT NULL)", place.sql));
}

Result<Piece> SqlWriter::special(const Checked& checked, Pieces args) {
    if (checked.type.kind == Kind::list ||
        std::ranges::any_of(args, [](const Piece& arg) { return arg.type.kind == Kind::list; }))
        return not_in_sql(checked);
    Pieces conditions, values;
    const auto pairs = [&](std::size_t from) {
        for (; from + 1 < args.size(); from += 2) {
            conditions.push_back(std::move(args[from]));
            values.push_back(std::move(args[from + 1]));
        }
        if (from < args.size())
            values.push_back(std::move(args[from]));
    };
    switch (checked.function->special) {
    case Special::if_:
    case Special::ifs:
        pairs(0);
        return chosen(checked.type, std::move(conditions), std::move(values));
    case Special::switch_: {
        Piece of = args[0];
        for (std::size_t i = 1; i + 1 < args.size(); i += 2) {
            args[i] = compared(Operator::equal, of, std::move(args[i]));
            args[i].constant.reset();
        }
        pairs(1);
        return chosen(checked.type, std::move(conditions), std::move(values));
    }
    case Special::if_error: {
        if (args[0].fails.empty())
            return std::move(args[0]);
        Piece failed;
        failed.type = truth;
        failed.sql = args[0].fails;
        args[0].fails.clear();
        conditions.push_back(std::move(failed));
        values.push_back(std::move(args[1]));
        values.push_back(std::move(args[0]));
        return chosen(checked.type, std::move(conditions), std::move(values));
    }
    case Special::is_error: {
        Piece failed;
        failed.type = truth;
        failed.sql = args[0].fails.empty() ? "FALSE" : fmt::format("COALESCE({}, FALSE)", args[0].fails);
        return failed;
    }
    case Special::coalesce:
        return coalesced(checked.type, std::move(args));
    case Special::choose:
        return chosen_by_place(checked.type, std::move(args));
    default:
        break;
    }
    return not_in_sql(checked);
}

} // namespace onefold::query
