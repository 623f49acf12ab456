// Dates and times on PostgreSQL. A zone is named, and bound; PostgreSQL has the same table of zones.
#include "formula/arithmetic.h"
#include "query/sql_writer.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace onefold::query {

using formula::Kind;
using formula::Type;

namespace {

constexpr std::int64_t day_us = 86'400'000'000;
constexpr std::string_view iso_day = "'YYYY-MM-DD'";

std::string lower(std::string_view text) {
    std::string result(text);
    for (char& c : result)
        c = c >= 'A' && c <= 'Z' ? char(c + 32) : c;
    return result;
}

// Whole months from x to y, timestamps of midnights.
constexpr std::string_view months_between =
    "((extract(year FROM y) - extract(year FROM x)) * 12 + extract(month FROM y) - extract(month FROM x) - "
    "(CASE WHEN extract(day FROM y) < extract(day FROM x) THEN 1 ELSE 0 END))";
constexpr std::string_view month_number = "(extract(year FROM x) * 12 + extract(month FROM x) - 1 + y)";

} // namespace

// Whole days and the rest apart: an interval of so many microseconds would be rounded.
std::string SqlWriter::utc_sql(std::string_view micros) {
    constexpr std::string_view rest = "(((x % 86400000000) + 86400000000) % 86400000000)";
    return let({micros}, fmt::format("date '1970-01-01' + ((x - {0}) / 86400000000)::int + "
                                     "{0}::double precision * interval '1 microsecond'",
                             rest));
}

// The name of a zone that is known when the statement is made; nullopt for others.
std::optional<std::string> SqlWriter::zone_mark(const Piece* zone) {
    if (!zone)
        return mark(moment_.zone.name());
    if (!zone->text() || !Zone::named(*zone->text()))
        return std::nullopt;
    return mark(*zone->text());
}

// As a timestamp of the zone; a date is its midnight everywhere.
std::optional<std::string> SqlWriter::local(const Piece& at, const Piece* zone) {
    if (at.type.kind == Kind::date)
        return zone && !zone->constant
                   ? fmt::format("(CASE WHEN {} IS NOT NULL THEN {}::date::timestamp END)", zone->sql, at.sql)
                   : fmt::format("({}::date::timestamp)", at.sql);
    const auto name = zone_mark(zone);
    if (!name)
        return std::nullopt;
    return fmt::format("({} AT TIME ZONE 'UTC' AT TIME ZONE {})", utc_sql(at.sql), *name);
}

Piece SqlWriter::date_of(std::string sql, const Pieces& args, bool may_fail) {
    return strict({Kind::date}, std::move(sql), args, may_fail);
}

// A midnight that comes twice means the first.
Piece SqlWriter::start_of(Piece day) {
    const std::string zone = *zone_mark(nullptr);
    const std::string first = let({fmt::format("({}::date::timestamp)", day.sql)},
        fmt::format("CASE WHEN ((x AT TIME ZONE {0}) - interval '1 hour') AT TIME ZONE {0} = x "
                    "THEN (x AT TIME ZONE {0}) - interval '1 hour' ELSE x AT TIME ZONE {0} END",
            zone));
    return strict(
        {Kind::instant}, cast(fmt::format("(extract(epoch FROM {}) * 1000000)", first), "BIGINT"), {day}, false);
}

std::optional<Piece> SqlWriter::postgres_date_part(std::string_view name, const Pieces& args) {
    static const std::map<std::string_view, std::string_view> parts{{"YEAR", "year"}, {"MONTH", "month"},
        {"DAY", "day"}, {"QUARTER", "quarter"}, {"HOUR", "hour"}, {"MINUTE", "minute"}, {"SECOND", "second"},
        {"ISOWEEKNUM", "week"}};
    if (const auto part = parts.find(name); part != parts.end()) {
        const auto at = local(args[0], args.size() > 1 ? &args[1] : nullptr);
        if (!at)
            return std::nullopt;
        return whole_number(fmt::format("floor(extract({} FROM {}))", part->second, *at), args);
    }
    if (name == "TODATE") {
        const auto at = local(args[0], args.size() > 1 ? &args[1] : nullptr);
        return at ? std::optional(date_of(fmt::format("to_char({}, {})", *at, iso_day), args, false)) : std::nullopt;
    }
    if (name != "WEEKDAY" && name != "WEEKNUM")
        return std::nullopt;
    std::optional<std::int64_t> type = 1;
    if (args.size() > 1)
        type = args[1].number() ? formula::cut(*args[1].number()) : std::nullopt;
    if (!type || *type < 1 || *type > (name == "WEEKDAY" ? 3 : 2))
        return std::nullopt;
    const std::string at = *local(args[0]);
    if (name == "WEEKDAY") {
        constexpr std::string_view forms[] = {
            "extract(dow FROM {}) + 1", "extract(isodow FROM {})", "extract(isodow FROM {}) - 1"};
        return whole_number(fmt::format(fmt::runtime(forms[*type - 1]), at), args);
    }
    return whole_number(
        let({at}, fmt::format("floor((extract(doy FROM x) - 1 + extract({} FROM date_trunc('year', x)) - {}) / 7) + 1",
                      *type == 1 ? "dow" : "isodow", *type == 1 ? 0 : 1)),
        args);
}

std::optional<Piece> SqlWriter::postgres_difference(std::string_view name, const Pieces& args) {
    const auto midnight = [&](const Piece& at) { return fmt::format("{}::date::timestamp", *local(at)); };
    const Piece today = bound(moment_.today(), {Kind::date});
    if (name == "DAYS")
        return whole_number(fmt::format("({}::date - {}::date)", *local(args[0]), *local(args[1])), args);
    if (name == "AGE")
        return whole_number(let({midnight(args[0]), midnight(args.size() > 1 ? args[1] : today)},
                                fmt::format("CASE WHEN x <= y THEN div({}, 12) END", months_between)),
            args, true);
    const std::string* written = args[2].text();
    std::string unit = written ? lower(*written) : "";
    const std::string months(months_between);
    static const std::map<std::string, std::string, std::less<>> forms{{"y", fmt::format("div({}, 12)", months)},
        {"m", months}, {"d", "y::date - x::date"}, {"ym", fmt::format("{} % 12", months)},
        {"md", fmt::format("y::date - (x + make_interval(months => {}::int))::date", months)},
        {"yd", fmt::format("y::date - (x + make_interval(years => div({}, 12)::int))::date", months)}};
    const auto form = forms.find(unit);
    if (form == forms.end())
        return std::nullopt;
    return whole_number(
        let({midnight(args[0]), midnight(args[1])}, fmt::format("CASE WHEN x <= y THEN {} END", form->second)), args,
        true);
}

// By a unit that is known when the statement is made.
std::optional<Piece> SqlWriter::postgres_moved(const Piece& at, const Piece& count, const Piece& unit) {
    const std::string name = unit.text() ? lower(*unit.text()) : "";
    const Pieces args{at, count};
    const std::string number = exact(count).sql;
    if (at.type.kind == Kind::instant) {
        static const std::map<std::string, std::int64_t, std::less<>> units{
            {"minute", 60'000'000}, {"hour", 3'600'000'000}, {"day", day_us}, {"week", 7 * day_us}};
        const auto found = units.find(name);
        if (found == units.end())
            return std::nullopt;
        return strict({Kind::instant},
            let({at.sql, number},
                fmt::format("CASE WHEN y = trunc(y) AND ABS(y) <= 10000000000 AND x + y * {0} BETWEEN "
                            "-62135596800000000 AND 253402300799999999 THEN (x + y * {0})::bigint END",
                    found->second)),
            args);
    }
    static const std::map<std::string, int, std::less<>> days{{"day", 1}, {"week", 7}};
    static const std::map<std::string, int, std::less<>> months{{"month", 1}, {"quarter", 3}, {"year", 12}};
    const std::string day = fmt::format("{}::date", at.sql);
    if (const auto found = days.find(name); found != days.end())
        return date_of(let({day, fmt::format("trunc({})", number)},
                           fmt::format("CASE WHEN ABS(y) <= 4000000 AND y * {0} BETWEEN date '0001-01-01' - x AND date "
                                       "'9999-12-31' - x THEN to_char(x + y::int * {0}, {1}) END",
                               found->second, iso_day)),
            args);
    if (const auto found = months.find(name); found != months.end())
        return date_of(let({day, fmt::format("trunc({}) * {}", number, found->second)},
                           fmt::format("CASE WHEN ABS(y) <= 120000 AND {} BETWEEN 12 AND 119999 THEN "
                                       "to_char(x + make_interval(months => y::int), {}) END",
                               month_number, iso_day)),
            args);
    return std::nullopt;
}

std::optional<Piece> SqlWriter::postgres_date(std::string_view name, const Pieces& args) {
    if (name == "DAYS" || name == "AGE" || name == "DATEDIF")
        return postgres_difference(name, args);
    if (name == "DATEADD")
        return postgres_moved(args[0], args[1], args[2]);
    if (name == "EDATE" || name == "EOMONTH") {
        const std::string_view last = name == "EDATE" ? "x + make_interval(months => y::int)"
                                                      : "date_trunc('month', x + make_interval(months => y::int)) + "
                                                        "interval '1 month' - interval '1 day'";
        return date_of(
            let({fmt::format("{}::date", *local(args[0])), fmt::format("trunc({})", exact(args[1]).sql)},
                fmt::format("CASE WHEN ABS(y) <= 120000 AND {} BETWEEN 12 AND 119999 THEN to_char({}, {}) END",
                    month_number, last, iso_day)),
            args);
    }
    if (name == "STARTOF") {
        const std::string unit = args[1].text() ? lower(*args[1].text()) : "";
        constexpr std::string_view units[] = {"day", "week", "month", "quarter", "year"};
        if (std::ranges::find(units, unit) == std::end(units))
            return std::nullopt;
        return date_of(let({fmt::format("date_trunc('{}', {})", unit, *local(args[0]))},
                           fmt::format("CASE WHEN x >= date '0001-01-01' THEN to_char(x, {}) END", iso_day)),
            args);
    }
    if (name == "DATE") {
        Pieces parts;
        for (const Piece& arg : args)
            parts.push_back(exact(arg));
        return date_of(
            let({fmt::format("trunc({}) * 12 + trunc({}) - 1", parts[0].sql, parts[1].sql),
                    fmt::format("trunc({})", parts[2].sql),
                    fmt::format("GREATEST(ABS(trunc({})), ABS(trunc({})), ABS(trunc({})))", parts[0].sql, parts[1].sql,
                        parts[2].sql)},
                fmt::format(
                    "CASE WHEN z <= 4000000 AND x BETWEEN 0 AND 239999 THEN (SELECT CASE WHEN d - date "
                    "'0001-01-01' + y - 1 BETWEEN 0 AND 3652058 THEN to_char(d + (y::int - 1), {}) END FROM (SELECT "
                    "(date '2000-01-01' + make_interval(months => x::int - 24000))::date AS d OFFSET 0) AS day) END",
                    iso_day)),
            args);
    }
    if (args.empty() || (args[0].type.kind != Kind::date && args[0].type.kind != Kind::instant))
        return std::nullopt;
    return postgres_date_part(name, args);
}

} // namespace onefold::query
