// Functions of the family date. Days and hours are those of the company's zone, or of the zone that is named.
#include "formula/arithmetic.h"
#include "formula/function.h"

#include <algorithm>

namespace onefold::formula {
namespace {

using namespace std::chrono;
using Args = std::span<const Value>;

Value number(std::int64_t count) {
    return Decimal::of(count);
}

// The zone that is named at this place, else the company's; nullopt where there is none of that name.
std::optional<Zone> zone_at(Run& run, Args args, std::size_t index) {
    if (index >= args.size())
        return run.moment().zone;
    const auto zone = Zone::named(args[index].get<std::string_view>());
    return zone ? std::optional(*zone) : std::nullopt;
}

struct Local {
    Date day;
    microseconds time;
};
Local local_in(const Zone& zone, Instant at) {
    const auto local = zone.local_of(at);
    const auto midnight = floor<days>(local);
    return {Date{midnight.time_since_epoch()}, local - midnight};
}
Local local_of(Run& run, const Value& moment) {
    if (const auto* day = moment.as<Date>())
        return {*day, {}};
    return local_in(run.moment().zone, moment.get<Instant>());
}

// Of the first argument, in the zone of the second, if there is one.
template <class Take>
Value taken(Run& run, Args args, Take take) {
    if (const auto* day = args[0].as<Date>())
        return take(Local{*day, {}});
    const auto zone = zone_at(run, args, 1);
    return zone ? take(local_in(*zone, args[0].get<Instant>()))
                : run.fail(Why::unknown_zone, args[1].get<std::string_view>());
}

Value today(Run& run, Args args) {
    const auto zone = zone_at(run, args, 0);
    return zone ? Value(local_in(*zone, run.moment().now).day)
                : run.fail(Why::unknown_zone, args[0].get<std::string_view>());
}

Value now(Run& run, Args) {
    return run.moment().now;
}

// Months and days beyond their range go on into the next years and months.
std::optional<Date> date_of(Args args) {
    std::int64_t parts[3];
    for (std::size_t i = 0; i < 3; ++i) {
        const auto part = cut(args[i].get<Decimal>());
        if (!part || !is_within(*part, 4'000'000))
            return std::nullopt;
        parts[i] = *part;
    }
    const std::int64_t months = parts[0] * 12 + parts[1] - 1;
    if (months < 0 || months >= 12 * 20'000)
        return std::nullopt;
    const Date first{year{int(months / 12)} / month{unsigned(months % 12 + 1)} / 1};
    const Date there = first + days{parts[2] - 1};
    return is_in_range(there) ? std::optional(there) : std::nullopt;
}

Value date(Run& run, Args args) {
    const auto there = date_of(args);
    return there ? Value(*there) : run.fail(Why::out_of_range);
}

Value date_and_time(Run& run, Args args) {
    const auto day = date_of(args);
    microseconds time{};
    for (std::size_t i = 3; i < args.size(); ++i) {
        const auto part = cut(args[i].get<Decimal>());
        if (!part || *part < 0 || *part > (i == 3 ? 23 : 59))
            return run.fail(Why::bad_argument, to_text(args[i]));
        time += i == 3   ? microseconds{hours{*part}}
                : i == 4 ? microseconds{minutes{*part}}
                         : microseconds{seconds{*part}};
    }
    if (!day)
        return run.fail(Why::out_of_range);
    return run.moment().zone.instant_of_local(local_time<microseconds>{day->time_since_epoch()} + time);
}

std::string plainly(std::string_view text) {
    std::string result(text);
    for (const auto& [mark, plain] :
        {std::pair<std::string_view, std::string_view>{"年", "-"}, {"月", "-"}, {"日", ""}})
        if (const auto at = result.find(mark); at != result.npos)
            result.replace(at, mark.size(), plain);
    return result;
}

Value date_in(Run& run, Args args) {
    const auto text = args[0].get<std::string_view>();
    if (const auto at = parse_rfc3339(text))
        return run.moment().date_of(*at);
    const auto at =
        text.size() < 60 ? parse_time(plainly(text), Zone{}) : Result<Instant>(fail(ErrorKind::invalid, "", {}));
    return at ? Value(floor<days>(*at)) : run.fail(Why::not_a_date, text);
}

Value instant_in(Run& run, Args args) {
    const auto text = args[0].get<std::string_view>();
    const auto at = text.size() < 60 ? parse_time(plainly(text), run.moment().zone)
                                     : Result<Instant>(fail(ErrorKind::invalid, "", {}));
    return at ? Value(*at) : run.fail(Why::not_a_date, text);
}

Value to_date(Run& run, Args args) {
    return taken(run, args, [](const Local& local) { return Value(local.day); });
}
Value year_of(Run& run, Args args) {
    return taken(run, args, [](const Local& local) { return number(int(year_month_day{local.day}.year())); });
}
Value month_of(Run& run, Args args) {
    return taken(run, args, [](const Local& local) { return number(unsigned(year_month_day{local.day}.month())); });
}
Value day_of(Run& run, Args args) {
    return taken(run, args, [](const Local& local) { return number(unsigned(year_month_day{local.day}.day())); });
}
Value quarter_of(Run& run, Args args) {
    return taken(
        run, args, [](const Local& local) { return number((unsigned(year_month_day{local.day}.month()) + 2) / 3); });
}
Value hour_of(Run& run, Args args) {
    return taken(run, args, [](const Local& local) { return number(duration_cast<hours>(local.time).count()); });
}
Value minute_of(Run& run, Args args) {
    return taken(run, args, [](const Local& local) { return number(duration_cast<minutes>(local.time).count() % 60); });
}
Value second_of(Run& run, Args args) {
    return taken(run, args, [](const Local& local) { return number(duration_cast<seconds>(local.time).count() % 60); });
}

Value weekday_of(Run& run, Args args) {
    const auto type = args.size() > 1 ? cut(args[1].get<Decimal>()).value_or(0) : 1;
    const std::chrono::weekday day{local_of(run, args[0]).day};
    switch (type) {
    case 1:
        return number(day.c_encoding() + 1);
    case 2:
        return number(day.iso_encoding());
    case 3:
        return number(day.iso_encoding() - 1);
    default:
        return run.fail(Why::bad_argument, to_text(args[1]));
    }
}

Date first_of_year(Date day) {
    return Date{year_month_day{day}.year() / January / 1};
}

Value iso_week_of(Date day) {
    const Date thursday = day + days{4 - int(std::chrono::weekday{day}.iso_encoding())};
    return number((thursday - first_of_year(thursday)).count() / 7 + 1);
}
Value iso_week(Run& run, Args args) {
    return iso_week_of(local_of(run, args[0]).day);
}

Value week(Run& run, Args args) {
    const auto type = args.size() > 1 ? cut(args[1].get<Decimal>()).value_or(0) : 1;
    const Date day = local_of(run, args[0]).day, first = first_of_year(day);
    if (type == 21)
        return iso_week_of(day);
    if (type != 1 && type != 2)
        return run.fail(Why::bad_argument, to_text(args[1]));
    const auto before =
        type == 1 ? std::chrono::weekday{first}.c_encoding() : std::chrono::weekday{first}.iso_encoding() - 1;
    return number(((day - first).count() + before) / 7 + 1);
}

Value months_on(Run& run, Args args) {
    const auto months = cut(args[1].get<Decimal>());
    const auto there = months ? months_later(local_of(run, args[0]).day, *months) : std::nullopt;
    return there ? Value(*there) : run.fail(Why::out_of_range);
}

Date last_of_month(Date day) {
    const year_month_day date{day};
    return Date{date.year() / date.month() / last};
}

Value end_of_month(Run& run, Args args) {
    const Value there = months_on(run, args);
    return there.is_error() ? there : Value(last_of_month(there.get<Date>()));
}

// Whole months from one to the other.
std::int64_t months_between(Date from, Date to) {
    const year_month_day first{from}, second{to};
    const auto months =
        (int(second.year()) - int(first.year())) * 12 + int(unsigned(second.month())) - int(unsigned(first.month()));
    return months - (second.day() < first.day() ? 1 : 0);
}

Value date_difference(Run& run, Args args) {
    const Date from = local_of(run, args[0]).day, to = local_of(run, args[1]).day;
    std::string unit(args[2].get<std::string_view>());
    std::ranges::transform(unit, unit.begin(), [](char c) { return c >= 'a' && c <= 'z' ? char(c - 32) : c; });
    if (from > to)
        return run.fail(Why::bad_argument, to_text(args[0]));
    const auto months = months_between(from, to);
    if (unit == "Y")
        return number(months / 12);
    if (unit == "M")
        return number(months);
    if (unit == "D")
        return number((to - from).count());
    if (unit == "YM")
        return number(months % 12);
    if (unit == "MD")
        return number((to - *months_later(from, months)).count());
    if (unit == "YD")
        return number((to - *months_later(from, months / 12 * 12)).count());
    return run.fail(Why::bad_argument, args[2].get<std::string_view>());
}

Value age(Run& run, Args args) {
    const Date from = local_of(run, args[0]).day;
    const Date to = args.size() > 1 ? local_of(run, args[1]).day : run.moment().today();
    return from > to ? run.fail(Why::bad_argument, to_text(args[0])) : number(months_between(from, to) / 12);
}

Value days_apart(Run& run, Args args) {
    return number((local_of(run, args[0]).day - local_of(run, args[1]).day).count());
}

Value working_days(Run& run, Args args) {
    Date from = local_of(run, args[0]).day, to = local_of(run, args[1]).day;
    const bool is_backward = from > to;
    if (is_backward)
        std::swap(from, to);
    std::int64_t count = 0;
    for (Date day = from; day <= to; day += days{1}) {
        if (!run.step())
            return run.spent();
        count += run.moment().calendar->is_working_day(day);
    }
    return number(is_backward ? -count : count);
}

Value working_day(Run& run, Args args) {
    constexpr std::int64_t far = 10'000'000; // more days than there are
    Date day = local_of(run, args[0]).day;
    auto count = std::clamp<std::int64_t>(cut(args[1].get<Decimal>()).value_or(far), -far, far);
    const days one{count < 0 ? -1 : 1};
    for (count = std::abs(count); count > 0;) {
        day += one;
        if (!run.step())
            return run.spent();
        if (!is_in_range(day))
            return run.fail(Why::out_of_range);
        count -= run.moment().calendar->is_working_day(day);
    }
    return day;
}

std::string unit_of(const Value& value) {
    std::string unit(value.get<std::string_view>());
    std::ranges::transform(unit, unit.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
    return unit;
}

Value moved(Run& run, Args args) {
    const std::string unit = unit_of(args[2]);
    if (const auto* at = args[0].as<Instant>()) {
        const auto there = moved_by(run.moment(), *at, args[1].get<Decimal>(), unit);
        return there ? Value(*there) : run.fail(Why::bad_argument, unit);
    }
    const auto count = cut(args[1].get<Decimal>());
    const auto there = count ? moved_by(args[0].get<Date>(), *count, unit) : std::nullopt;
    return there ? Value(*there) : run.fail(Why::bad_argument, unit);
}

Value start_of(Run& run, Args args) {
    const Date day = local_of(run, args[0]).day;
    const year_month_day date{day};
    const std::string unit = unit_of(args[1]);
    if (unit == "day")
        return day;
    if (unit == "week") {
        const Date monday = day - days{std::chrono::weekday{day}.iso_encoding() - 1};
        return is_in_range(monday) ? Value(monday) : run.fail(Why::out_of_range);
    }
    if (unit == "month")
        return Date{date.year() / date.month() / 1};
    if (unit == "quarter")
        return Date{date.year() / month{(unsigned(date.month()) - 1) / 3 * 3 + 1} / 1};
    return unit == "year" ? Value(first_of_year(day)) : run.fail(Why::bad_argument, args[1].get<std::string_view>());
}

} // namespace

std::vector<Row> date_rows() {
    return {
        {"TODAY(zone: zone?): date", today, "Today's date.", "今天的日期。", {{"TODAY() - TODAY()", "0"}}},
        {"NOW(): instant", now, "This moment; the same throughout one evaluation.", "当前时刻，一次计算中保持不变。",
            {{"NOW() - NOW()", "0"}}},
        {"DATE(year: number, month: number, day: number): date", date, "The date of a year, month and day.",
            "由年、月、日得到日期。",
            {{"DATE(2008, 1, 2)", "2008-01-02"}, {"DATE(2008, 14, 2)", "2009-02-02"},
                {"DATE(2008, -3, 2)", "2007-09-02"}, {"DATE(2008, 1, 35)", "2008-02-04"},
                {"DATE(2008, 1, -15)", "2007-12-16"}, {"DATE(10000, 1, 1)", "formula.out_of_range"}}},
        {"DATETIME(year: number, month: number, day: number, hour: number, minute: number?, second: number?): instant",
            date_and_time, "The moment of a date and a time of day.", "由日期和时间得到时刻。",
            {{"DATETIME(2026, 5, 31, 8, 30)", "2026-05-31T08:30:00Z"}}},
        {"DATEVALUE(text: text): date", date_in, "The date that a text says: 2026-05-31, 2026/5/31 or 2026年5月31日.",
            "将文本读作日期，如 2026-05-31、2026/5/31、2026年5月31日。",
            {{R"(DATEVALUE("2011/02/23"))", "2011-02-23"}, {R"(DATEVALUE("2026年5月31日"))", "2026-05-31"},
                {R"(DATEVALUE("31.5."))", "formula.not_a_date"}}},
        {"DATETIMEVALUE(text: text): instant", instant_in, "The moment that a text says.", "将文本读作时刻。",
            {{R"(DATETIMEVALUE("2026-05-31T08:30:00+08:00"))", "2026-05-31T00:30:00Z"}}},
        {"TODATE(at: moment, zone: zone?): date", to_date, "The day of a moment.", "时刻所在的日期。",
            {{R"(TODATE("2026-05-31T20:00:00Z", "Asia/Shanghai"))", "2026-06-01"},
                {R"(TODATE("2026-05-31T20:00:00Z", "Mars"))", "formula.unknown_zone"}}},
        {"YEAR(at: moment, zone: zone?): number", year_of, "The year.", "年份。",
            {{"YEAR(DATE(2008, 5, 23))", "2008"}}},
        {"MONTH(at: moment, zone: zone?): number", month_of, "The month, 1 to 12.", "月份，1 至 12。",
            {{"MONTH(DATE(2011, 4, 15))", "4"}}},
        {"DAY(at: moment, zone: zone?): number", day_of, "The day of the month.", "日，1 至 31。",
            {{R"(DAY("2011-04-15"))", "15"}}},
        {"HOUR(at: moment, zone: zone?): number", hour_of, "The hour, 0 to 23.", "小时，0 至 23。",
            {{R"(HOUR("2026-05-31T08:30:00Z"))", "8"}, {R"(HOUR("2026-05-31T08:30:00Z", "Asia/Shanghai"))", "16"}}},
        {"MINUTE(at: moment, zone: zone?): number", minute_of, "The minute, 0 to 59.", "分钟，0 至 59。",
            {{R"(MINUTE("2026-05-31T12:45:00Z"))", "45"}}},
        {"SECOND(at: moment, zone: zone?): number", second_of, "The second, 0 to 59.", "秒，0 至 59。",
            {{R"(SECOND("2026-05-31T16:48:18Z"))", "18"}}},
        {"QUARTER(at: moment, zone: zone?): number", quarter_of, "The quarter, 1 to 4.", "季度，1 至 4。",
            {{"QUARTER(DATE(2026, 3, 31))", "1"}, {"QUARTER(DATE(2026, 10, 1))", "4"}}},
        {"WEEKDAY(at: moment, type: number{1|2|3}?): number", weekday_of,
            "The day of the week: 1 Sunday to 7; type 2: 1 Monday to 7; type 3: 0 Monday to 6.",
            "星期几：默认 1（周日）至 7；类型 2：1（周一）至 7；类型 3：0（周一）至 6。",
            {{"WEEKDAY(DATE(2008, 2, 14))", "5"}, {"WEEKDAY(DATE(2008, 2, 14), 2)", "4"},
                {"WEEKDAY(DATE(2008, 2, 14), 3)", "3"}}},
        {"WEEKNUM(at: moment, type: number{1|2|21}?): number", week,
            "The week of the year, in which January 1st is week 1; type 2: weeks begin on Monday; type 21: by ISO "
            "8601.",
            "一年中的第几周，1 月 1 日为第 1 周；类型 2：周一为一周之始；类型 21：按 ISO 8601。",
            {{"WEEKNUM(DATE(2012, 3, 9))", "10"}, {"WEEKNUM(DATE(2012, 3, 9), 2)", "11"}}},
        {"ISOWEEKNUM(at: moment): number", iso_week, "The week of the year by ISO 8601.", "ISO 8601 周数。",
            {{"ISOWEEKNUM(DATE(2012, 3, 9))", "10"}, {"ISOWEEKNUM(DATE(2021, 1, 3))", "53"}}},
        {"EDATE(at: moment, months: number): date", months_on,
            "The day so many months later, the last of the month where there is none.",
            "若干个月后的同一天，没有时取月末。",
            {{"EDATE(DATE(2011, 1, 15), 1)", "2011-02-15"}, {"EDATE(DATE(2011, 1, 15), -1)", "2010-12-15"},
                {"EDATE(DATE(2026, 1, 31), 1)", "2026-02-28"}}},
        {"EOMONTH(at: moment, months: number): date", end_of_month, "The last day of the month so many months later.",
            "若干个月后的月末。",
            {{"EOMONTH(DATE(2011, 1, 1), 1)", "2011-02-28"}, {"EOMONTH(DATE(2011, 1, 1), -3)", "2010-10-31"}}},
        {"DATEDIF(from: moment, to: moment, unit: text{Y|M|D|YM|MD|YD}): number", date_difference,
            "Whole years (Y), months (M) or days (D) from one day to another; MD, YM and YD leave out what is greater.",
            "两个日期相差的整年（Y）、整月（M）或天数（D）；MD、YM、YD 忽略更大的单位。",
            {{R"(DATEDIF("2001-01-01", "2003-01-01", "Y"))", "2"},
                {R"(DATEDIF("2001-06-01", "2002-08-15", "D"))", "440"},
                {R"(DATEDIF("2001-06-01", "2002-08-15", "YD"))", "75"}}},
        {"AGE(born: moment, on: moment?): number", age, "Completed years, today unless told.", "周岁，默认按今天计算。",
            {{R"(AGE("2000-02-29", "2026-02-28"))", "25"}, {R"(AGE("2000-02-28", "2026-02-28"))", "26"}}},
        {"DAYS(to: moment, from: moment): number", days_apart, "How many days lie between.", "相差的天数。",
            {{R"(DAYS("2021-03-15", "2021-02-01"))", "42"}}},
        {"NETWORKDAYS(from: moment, to: moment): number", working_days,
            "Working days of the company's calendar, both ends included.", "企业日历中的工作日数，含首尾。",
            {{R"(NETWORKDAYS("2012-10-01", "2013-03-01"))", "110"}}},
        {"WORKDAY(from: moment, count: number): date", working_day, "The day so many working days later.",
            "若干个工作日后的日期。",
            {{R"(WORKDAY("2008-10-01", 151))", "2009-04-30"}, {R"(WORKDAY("2026-05-29", 1))", "2026-06-01"}}},
        {"DATEADD(at: moment, count: number, unit: text{minute|hour|day|week|month|quarter|year}): moment", moved,
            "So many minutes, hours, days, weeks, months, quarters or years later.",
            "若干分钟、小时、天、周、月、季度或年之后。",
            {{R"(DATEADD(DATE(2026, 1, 31), 1, "month"))", "2026-02-28"},
                {R"(DATEADD("2026-05-31T08:30:00Z", -90, "minute"))", "2026-05-31T07:00:00Z"}}},
        {"STARTOF(at: moment, unit: text{day|week|month|quarter|year}): date", start_of,
            "The first day of the week (Monday), month, quarter or year.", "所在周（周一）、月、季度或年的第一天。",
            {{R"(STARTOF(DATE(2026, 5, 31), "week"))", "2026-05-25"},
                {R"(STARTOF(DATE(2026, 5, 31), "quarter"))", "2026-04-01"}}},
        {"AGO(count: number, unit: text{minute|hour|day|week|month|quarter|year}): instant", nullptr,
            "The moment so many minutes, hours, days, weeks, months, quarters or years before now.",
            "若干分钟、小时、天、周、月、季度或年之前的时刻。",
            {{R"(NOW() - AGO(7, "day"))", "7"}, {R"(NOW() - AGO(6, "hour"))", "0.25"},
                {R"(AGO(3, "dayz"))", "formula.bad_argument"}}},
    };
}

} // namespace onefold::formula
