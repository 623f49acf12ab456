// Aggregates over related records, as subqueries that begin at the record.
#include "query/operand.h"
#include "query/sql_writer.h"

#include <algorithm>
#include <fmt/format.h>

namespace onefold::query {

using formula::Checked;
using formula::Kind;
using formula::Operator;
using formula::Type;

namespace {

constexpr int rows_digits = 12; // fewer than 10^12 records are added up

} // namespace

std::string SqlWriter::there(const Piece& piece) const {
    return piece.type.kind == Kind::text ? fmt::format("NULLIF({}, '')", piece.sql) : piece.sql;
}

std::string SqlWriter::rows(const Piece& list, std::string_view taken, std::string_view further) const {
    const auto& source = list.gathered->source;
    return fmt::format(
        "SELECT {} FROM {} WHERE {}{}{}", taken, source.from, source.where, further.empty() ? "" : " AND ", further);
}

Piece SqlWriter::counted(const Piece& list, bool is_distinct) {
    const Piece& each = list.members->front();
    const bool is_certain = each.constant && !each.is_blank() && !is_distinct && each.type.kind != Kind::text;
    const std::string what =
        is_certain ? "*" : fmt::format("{}{}", is_distinct ? "DISTINCT " : "", each.is_blank() ? "NULL" : there(each));
    Piece count;
    count.type = {Kind::number};
    count.scale = 0;
    count.whole = 19;
    count.places = 0;
    count.fails = list.fails;
    count.sql = guarded(list.fails, fmt::format("({})", rows(list, fmt::format("COUNT({})", what))));
    return count;
}

// Three-valued, as OR and AND.
Piece SqlWriter::quantified(std::string_view name, const Piece& list) {
    const Piece& each = list.members->front();
    const std::string one = as_condition(each);
    const auto exists = [&](std::string_view further) { return fmt::format("EXISTS ({})", rows(list, "1", further)); };
    const bool is_all = name == "ALL", is_none = name == "NONE";
    const std::string decided = exists(is_all ? fmt::format("(NOT {})", one) : one);
    const std::string open = exists(fmt::format("{} IS NULL", one));
    Piece result;
    result.type = {Kind::truth};
    result.fails = list.fails;
    const std::string_view found = is_all || is_none ? "FALSE" : "TRUE",
                           otherwise = is_all || is_none ? "TRUE" : "FALSE";
    if (each.constant && !each.is_blank())
        result.sql = fmt::format("({}{})", found == "TRUE" ? "" : "NOT ", decided);
    else
        result.sql =
            fmt::format("(CASE WHEN {} THEN {} WHEN {} THEN NULL ELSE {} END)", decided, found, open, otherwise);
    result.sql = guarded(result.fails, std::move(result.sql));
    return result;
}

// Whether the list has one of the values, or all. Blanks are no values.
Piece SqlWriter::has(bool needs_all, const Pieces& args) {
    const Piece& list = args[0];
    Pieces found;
    for (const Piece& value : std::span(args).subspan(1)) {
        Piece one;
        one.type = {Kind::truth};
        if (const auto* text = value.text(); text && !list.gathered->source.held.empty()) {
            const auto part = held_part(*text);
            one.sql = part                         ? fmt::format("({}({}, {}) > 0)", is_sqlite() ? "instr" : "strpos",
                                                         list.gathered->source.held, mark(*part))
                      : needs_all && text->empty() ? "TRUE"
                                                   : "FALSE";
            found.push_back(std::move(one));
            continue;
        }
        const Piece same = compared(Operator::equal, list.members->front(), value);
        one.sql = fmt::format("EXISTS ({})", rows(list, "1", same.sql));
        if (needs_all)
            one.sql = fmt::format("({} IS NULL OR {})", there(value), one.sql);
        found.push_back(std::move(one));
    }
    Piece result = joined(needs_all ? Operator::and_ : Operator::or_, std::move(found));
    result.fails = fails_of(args);
    result.sql = guarded(result.fails, std::move(result.sql));
    return result;
}

Result<std::optional<Piece>> SqlWriter::aggregate(const Checked& checked, const Pieces& args) {
    const std::string_view name = checked.function->name;
    const auto is_value = [](const Piece& arg) { return arg.type.kind != Kind::list; };
    if ((name == "HAS" || name == "HASALL") && args[0].gathered &&
        std::ranges::all_of(args.begin() + 1, args.end(), is_value))
        return std::optional(has(name == "HASALL", args));
    if (args.size() != 1 || !args[0].gathered)
        return std::optional<Piece>{};
    const Piece& list = args[0];
    const Piece& each = list.members->front();
    if (name == "COUNT" || name == "COUNTUNIQUE")
        return std::optional(counted(list, name == "COUNTUNIQUE"));
    if (name == "ANY" || name == "ALL" || name == "NONE")
        return std::optional(quantified(name, list));
    const bool is_ordered_here =
        each.type.kind != Kind::truth && !each.is_blank() && (each.type.kind != Kind::number || each.is_unit());
    if ((name == "MIN" || name == "MAX") && (is_ordered_here || is_postgres())) {
        Piece extreme = each;
        extreme.constant.reset();
        extreme.fails = list.fails;
        std::string taken = there(each);
        if (each.is_blank())
            return std::optional(blank(checked.type));
        if (each.type.kind == Kind::truth)
            taken = fmt::format("CAST({} AS INTEGER)", taken);
        if (is_postgres() && (each.type.kind == Kind::text || each.type.kind == Kind::date))
            taken += " COLLATE \"C\"";
        extreme.sql = fmt::format("({})", rows(list, fmt::format("{}({})", name, taken)));
        if (each.type.kind == Kind::truth)
            extreme.sql = fmt::format("({} = 1)", extreme.sql);
        extreme.sql = guarded(list.fails, std::move(extreme.sql));
        return std::optional(std::move(extreme));
    }
    return is_postgres() ? postgres_aggregate(name, list) : Result<std::optional<Piece>>(std::nullopt);
}

Result<std::optional<Piece>> SqlWriter::postgres_aggregate(std::string_view name, const Piece& list) {
    const Piece one = exact(list.members->front());
    if ((name != "SUM" && name != "AVERAGE") || one.whole + rows_digits + one.places > 38 || one.is_blank())
        return std::optional<Piece>{};
    Piece result;
    result.type = {Kind::number};
    result.fails = list.fails;
    result.whole = one.whole + rows_digits;
    result.places = name == "SUM" ? one.places : 12;
    const std::string total = fmt::format("SUM({})", one.sql), count = fmt::format("COUNT({})", one.sql);
    const std::string taken =
        name == "SUM"
            ? fmt::format("COALESCE({}, 0)", total)
            : fmt::format("CASE WHEN {1} > 0 THEN SIGN({0}) * div(2 * ABS({0}) * 1000000000000 + {1}, 2 * {1}) * "
                          "0.000000000001 END",
                  total, count);
    result.sql = guarded(list.fails, fmt::format("({})", rows(list, taken)));
    return std::optional(std::move(result));
}

} // namespace onefold::query
