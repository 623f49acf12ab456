// Texts on PostgreSQL: characters are code points there, too. Upper and lower case are not those of ICU.
#include "query/sql_writer.h"

#include <fmt/format.h>

namespace onefold::query {

using formula::Kind;

namespace {

constexpr formula::Type text{Kind::text}, truth{Kind::truth};
// How many characters there may be at most; counts beyond are cut to it.
constexpr std::string_view most = "1000000000";

// A count of characters in 64 bits, not negative; else it is an error.
std::string count_of(std::string_view name, int least = 0) {
    return fmt::format("trunc({}) BETWEEN {} AND 9223372036854775807", name, least);
}
std::string cut(std::string_view name) {
    return fmt::format("LEAST(trunc({}), {})::int", name, most);
}

std::string with_code_points(char32_t first, char32_t last) {
    std::string result;
    for (char32_t c = first; c <= last; ++c) {
        if (c < 0x80) {
            result += char(c);
            continue;
        }
        result += char(0xE0 | c >> 12);
        result += char(0x80 | (c >> 6 & 0x3F));
        result += char(0x80 | (c & 0x3F));
    }
    return result;
}

} // namespace

std::optional<Piece> SqlWriter::postgres_text(std::string_view name, const Pieces& args) {
    const auto at = [&](std::size_t index) -> const std::string& { return args[index].sql; };
    const auto count = [&](std::size_t index) { return index < args.size() ? exact(args[index]).sql : "1"; };
    if (name == "LEFT")
        return strict(text,
            let({at(0), count(1)}, fmt::format("CASE WHEN {} THEN left(x, {}) END", count_of("y"), cut("y"))), args);
    if (name == "RIGHT")
        return strict(text,
            let({at(0), count(1)}, fmt::format("CASE WHEN {} THEN right(x, {}) END", count_of("y"), cut("y"))), args);
    if (name == "MID")
        return strict(text,
            let({at(0), count(1), count(2)}, fmt::format("CASE WHEN {} AND {} THEN substr(x, {}, {}) END",
                                                 count_of("y", 1), count_of("z"), cut("y"), cut("z"))),
            args);
    if (name == "REPLACE")
        return strict(text,
            fmt::format("({} || {} || {})",
                let({at(0), count(1)},
                    fmt::format("CASE WHEN {} THEN left(x, {} - 1) END", count_of("y", 1), cut("y"))),
                at(3),
                let({at(0), count(1), count(2)}, fmt::format("CASE WHEN {} AND {} THEN substr(x, {} + {}) END",
                                                     count_of("y", 1), count_of("z"), cut("y"), cut("z")))),
            args);
    if (name == "SUBSTITUTE" && args.size() == 3)
        return strict(text, fmt::format("replace({}, {}, {})", at(0), at(1), at(2)), args, false);
    if (name == "STARTSWITH")
        return strict(truth, fmt::format("starts_with({}, {})", at(0), at(1)), args, false);
    if (name == "ENDSWITH")
        return strict(truth, fmt::format("(right({0}, length({1})) = {1})", at(0), at(1)), args, false);
    if (name == "FIND") {
        Piece found = strict({Kind::number},
            let({at(0), at(1), count(2)}, fmt::format("CASE WHEN {0} AND trunc(z) - 1 <= length(y) THEN "
                                                      "NULLIF(strpos(substr(y, {1}), x), 0)::bigint + {1} - 1 END",
                                              count_of("z", 1), cut("z"))),
            args);
        found.scale = 0;
        found.whole = 10;
        found.places = 0;
        return found;
    }
    if (name == "TEXTBEFORE")
        return strict(text, let({at(0), at(1)}, "CASE WHEN strpos(x, y) > 0 THEN left(x, strpos(x, y) - 1) END"), args);
    if (name == "TEXTAFTER")
        return strict(
            text, let({at(0), at(1)}, "CASE WHEN strpos(x, y) > 0 THEN substr(x, strpos(x, y) + length(y)) END"), args);
    if (name == "CLEAN")
        return strict(
            text, fmt::format("translate({}, {}, '')", at(0), mark(with_code_points(1, 0x1F) + '\x7F')), args, false);
    if (name == "HALFWIDTH")
        return strict(text,
            fmt::format("translate({}, {}, {})", at(0), mark("\u3000" + with_code_points(0xFF01, 0xFF5E)),
                mark(" " + with_code_points('!', '~'))),
            args, false);
    if (name == "TRIM")
        return strict(text,
            fmt::format("btrim(regexp_replace(translate({}, {}, '   '), ' +', ' ', 'g'), ' ')", at(0),
                mark(std::string("\t\u00A0\u3000"))),
            args, false);
    if (name == "UNICODE")
        return whole_number(fmt::format("CASE WHEN {0} <> '' THEN ascii({0}) END", at(0)), args, true);
    if (name == "UNICHAR")
        return strict(text,
            let({count(0)}, "CASE WHEN trunc(x) BETWEEN 1 AND 1114111 AND NOT trunc(x) BETWEEN 55296 AND 57343 "
                            "THEN chr(trunc(x)::int) END"),
            args);
    if (name == "CONCAT") {
        std::string parts;
        for (const Piece& arg : args)
            parts += fmt::format("{}{}", parts.empty() ? "" : " || ", text_in_join(arg));
        Piece joined;
        joined.type = text;
        joined.fails = fails_of(args);
        joined.sql = guarded(joined.fails, fmt::format("({})", parts));
        return joined;
    }
    return std::nullopt;
}

} // namespace onefold::query
