// What SQLite and DuckDB let `formula` compute.
#include "query/sql_writer.h"

#include <algorithm>
#include <fmt/format.h>

namespace onefold::query {

using formula::Kind;
using formula::Type;

namespace {

constexpr std::string_view sure[] = {"UPPER", "LOWER", "PROPER", "TRIM", "CLEAN", "HALFWIDTH", "STARTSWITH", "ENDSWITH",
    "ABS", "SIGN", "XOR", "COUNT", "COUNTUNIQUE", "MIN", "MAX", "ANY", "ALL", "NONE", "HAS", "HASALL"};

} // namespace

Piece SqlWriter::typed(std::string sql, Type type) {
    Piece piece;
    piece.type = type;
    if (type.kind == Kind::truth)
        piece.sql = fmt::format("({} = '1')", sql);
    else if (type.kind == Kind::instant)
        piece.sql = cast(sql, "BIGINT");
    else
        piece.sql = std::move(sql);
    return piece;
}

SqlWriter::Given SqlWriter::given(const Piece& piece) {
    if (piece.type.kind == Kind::list) {
        int scale = -1;
        if (piece.gathered)
            scale = piece.members->front().scale;
        return {Carried{piece.type, scale}, packed(piece)};
    }
    if (piece.is_blank())
        return {Carried{Type{Kind::blank}, -1}, null_sql({Kind::text})};
    Given given{Carried{piece.type, piece.scale}, piece.sql};
    const bool is_text = piece.type.kind == Kind::text || piece.type.kind == Kind::date ||
                         (piece.type.kind == Kind::number && !piece.is_unit());
    if (piece.type.kind == Kind::truth)
        given.sql = cast(piece.sql, "INTEGER");
    if (!is_text)
        given.sql = cast(given.sql, "TEXT");
    return given;
}

std::string SqlWriter::item(const Piece& piece) {
    if (piece.is_blank())
        return "'-'";
    return fmt::format("COALESCE(length({0}) || ':' || {0}, '-')", given(piece).sql);
}

std::string SqlWriter::packed(const Piece& list) {
    if (list.gathered) {
        const auto& [from, where, key, held] = list.gathered->source;
        const std::string one = item(list.members->front());
        if (is_duckdb())
            return fmt::format(
                "(SELECT COALESCE(string_agg({}, '' ORDER BY {}), '') FROM {} WHERE {})", one, key, from, where);
        return fmt::format("(SELECT COALESCE(group_concat(item, ''), '') FROM (SELECT {} AS item FROM {} WHERE {} "
                           "ORDER BY {}))",
            one, from, where, key);
    }
    if (!list.members)
        return list.sql;
    std::string text;
    for (const Piece& member : *list.members)
        text += (text.empty() ? "" : " || ") + item(member.type.kind == Kind::number ? exact(member) : member);
    return text.empty() ? "''" : fmt::format("({})", text);
}

Piece SqlWriter::ours(std::string_view name, Type type, const Pieces& args, bool never_fails) {
    std::vector<Carried> kinds;
    std::string values;
    for (const Piece& arg : args) {
        const Given one = given(arg);
        kinds.push_back(one.kind);
        values += ", " + one.sql;
    }
    const std::string moment = mark(text_of(moment_));
    const auto asked = [&](Ask ask) {
        return fmt::format("formula({}, {}{})", mark(task_of(ask, name, Carried{type, -1}, kinds)), moment, values);
    };
    Piece result = typed(asked(Ask::value), type);
    result.fails = fails_of(args);
    const bool is_taken = std::ranges::any_of(args, [](const Piece& arg) { return !arg.fails.empty(); });
    if (is_taken) // a function that takes blanks must not see an error as one
        result.sql = guarded(result.fails, std::move(result.sql));
    if (never_fails || std::ranges::find(sure, name) != std::end(sure))
        return result;
    const std::string own = fmt::format("({} = '1')", asked(Ask::is_error));
    result.fails = result.fails.empty() ? own : fmt::format("({} OR {})", result.fails, own);
    return result;
}

} // namespace onefold::query
