#include "core/time.h"

#include "core/text.h"

#include <array>
#include <fmt/format.h>
#include <map>
#include <memory>
#include <optional>
#include <unicode/ucal.h>
#include <unicode/ustring.h>

namespace onefold {
namespace {

using namespace std::chrono;

Failure not_a_time(std::string_view text) {
    return fail(ErrorKind::invalid, "time.invalid",
        {fmt::format("\"{}\" is not a date and time such as 2026-05-31T08:30:00Z.", beginning_of(text, 60)),
            fmt::format("“{}”不是日期时间，正确的写法如 2026-05-31T08:30:00Z。", beginning_of(text, 60))});
}

void append_digits(std::string& text, unsigned number, int count) {
    std::array<char, 10> digits;
    for (int i = count; i-- > 0; number /= 10)
        digits[std::size_t(i)] = char('0' + number % 10);
    text.append(digits.data(), std::size_t(count));
}

// Reads digits and marks from left to right.
class Scanner {
  public:
    explicit Scanner(std::string_view text) : rest_(text) {}
    std::optional<int> number(int digits_min, int digits_max) {
        int value = 0, count = 0;
        while (count < digits_max && count < int(rest_.size()) && rest_[count] >= '0' && rest_[count] <= '9')
            value = value * 10 + (rest_[count++] - '0');
        if (count < digits_min)
            return std::nullopt;
        rest_.remove_prefix(count);
        return value;
    }
    bool take(std::string_view any_of) {
        if (rest_.empty() || any_of.find(rest_.front()) == std::string_view::npos)
            return false;
        rest_.remove_prefix(1);
        return true;
    }
    bool is_at_end() const { return rest_.empty(); }
    // 1 to 9 digits behind a point, as microseconds.
    std::optional<microseconds> fraction() {
        if (!take(".,"))
            return microseconds{0};
        std::int64_t micros = 0;
        int count = 0;
        while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') {
            if (count < 6)
                micros = micros * 10 + (rest_.front() - '0');
            ++count;
            rest_.remove_prefix(1);
        }
        if (count == 0 || count > 9)
            return std::nullopt;
        for (; count < 6; ++count)
            micros *= 10;
        return microseconds{micros};
    }

  private:
    std::string_view rest_;
};

std::optional<microseconds> scan_time_of_day(Scanner& scanner) {
    const auto hour = scanner.number(1, 2);
    if (!hour || *hour > 23 || !scanner.take(":"))
        return std::nullopt;
    const auto minute = scanner.number(2, 2);
    if (!minute || *minute > 59)
        return std::nullopt;
    microseconds time = hours{*hour} + minutes{*minute};
    if (!scanner.take(":"))
        return time;
    const auto second = scanner.number(2, 2);
    if (!second || *second > 60)
        return std::nullopt;
    const auto fraction = scanner.fraction();
    if (!fraction)
        return std::nullopt;
    return time + seconds{*second} + *fraction;
}

std::optional<sys_days> scan_date(Scanner& scanner, std::string_view separators) {
    const auto y = scanner.number(4, 4);
    if (!y || *y == 0 || !scanner.take(separators))
        return std::nullopt;
    const auto m = scanner.number(1, 2);
    if (!m || !scanner.take(separators))
        return std::nullopt;
    const auto d = scanner.number(1, 2);
    if (!d)
        return std::nullopt;
    const year_month_day date{year{*y}, month{unsigned(*m)}, day{unsigned(*d)}};
    if (!date.ok())
        return std::nullopt;
    return sys_days{date};
}

std::optional<microseconds> scan_offset(Scanner& scanner) {
    if (scanner.take("Zz"))
        return microseconds{0};
    int sign = 0;
    if (scanner.take("+"))
        sign = 1;
    if (sign == 0 && scanner.take("-"))
        sign = -1;
    if (sign == 0)
        return std::nullopt;
    const auto hour = scanner.number(2, 2);
    scanner.take(":");
    const auto minute = scanner.number(2, 2);
    if (!hour || *hour > 23 || !minute || *minute > 59)
        return std::nullopt;
    return sign * (hours{*hour} + minutes{*minute});
}

// What RFC 3339 can write: the years 0001 to 9999.
Result<Instant> in_range(Instant at, std::string_view text) {
    constexpr Instant first = sys_days{year{1} / January / 1}, last = sys_days{year{10000} / January / 1};
    if (at < first || at >= last)
        return not_a_time(text);
    return at;
}

struct CalendarCloser {
    void operator()(void** calendar) const { ucal_close(calendar); }
};

// ICU's calendars are not shared between threads, so each thread keeps one a zone.
UCalendar* calendar_of(const std::string& zone) {
    thread_local std::map<std::string, std::unique_ptr<void*, CalendarCloser>> calendars;
    auto& slot = calendars[zone];
    if (!slot) {
        const std::u16string name(zone.begin(), zone.end());
        UErrorCode status = U_ZERO_ERROR;
        slot.reset(ucal_open(name.c_str(), int32_t(name.size()), "en", UCAL_GREGORIAN, &status));
        VERIFY(U_SUCCESS(status));
        ucal_setGregorianChange(slot.get(), -1e300, &status);
        ucal_setAttribute(slot.get(), UCAL_REPEATED_WALL_TIME, UCAL_WALLTIME_FIRST);
        ucal_setAttribute(slot.get(), UCAL_SKIPPED_WALL_TIME, UCAL_WALLTIME_LAST);
    }
    return slot.get();
}

} // namespace

std::string to_rfc3339(Instant at) {
    const auto day_point = floor<days>(at);
    const year_month_day date{day_point};
    const hh_mm_ss time{at - day_point};
    std::string text;
    text.reserve(std::string_view("2026-01-05T08:00:00.000000Z").size());
    append_digits(text, unsigned(int(date.year())), 4);
    append_digits(text += '-', unsigned(date.month()), 2);
    append_digits(text += '-', unsigned(date.day()), 2);
    append_digits(text += 'T', unsigned(time.hours().count()), 2);
    append_digits(text += ':', unsigned(time.minutes().count()), 2);
    append_digits(text += ':', unsigned(time.seconds().count()), 2);
    const auto micros = unsigned(time.subseconds().count());
    if (micros % 1000 != 0)
        append_digits(text += '.', micros, 6);
    else if (micros != 0)
        append_digits(text += '.', micros / 1000, 3);
    return text += 'Z';
}

Result<Instant> parse_rfc3339(std::string_view text) {
    Scanner scanner{text};
    const auto date = scan_date(scanner, "-");
    if (!date || !scanner.take("Tt "))
        return not_a_time(text);
    const auto time = scan_time_of_day(scanner);
    if (!time)
        return not_a_time(text);
    const auto offset = scan_offset(scanner);
    if (!offset || !scanner.is_at_end())
        return not_a_time(text);
    return in_range(Instant{*date} + *time - *offset, text);
}

Result<Zone> Zone::named(std::string_view name) {
    UErrorCode status = U_ZERO_ERROR;
    const std::u16string wide(name.begin(), name.end());
    UChar canonical[128];
    UBool is_system_id = false;
    if (name.size() < 64)
        ucal_getCanonicalTimeZoneID(wide.c_str(), int32_t(wide.size()), canonical, 128, &is_system_id, &status);
    if (name.empty() || name.size() >= 64 || U_FAILURE(status) || !is_system_id)
        return fail(ErrorKind::invalid, "time.unknown_zone",
            {fmt::format("\"{}\" is not a time zone; write it as Asia/Shanghai or UTC.", beginning_of(name, 64)),
                fmt::format("“{}”不是时区名，正确的写法如 Asia/Shanghai 或 UTC。", beginning_of(name, 64))});
    Zone zone;
    zone.name_ = name;
    return zone;
}

Instant Zone::instant_of_local(local_time<microseconds> local) const {
    if (name_ == "UTC")
        return Instant{local.time_since_epoch()};
    const auto day_point = floor<days>(local);
    const year_month_day date{day_point};
    const hh_mm_ss time{local - day_point};
    UCalendar* calendar = calendar_of(name_);
    UErrorCode status = U_ZERO_ERROR;
    ucal_clear(calendar);
    ucal_setDateTime(calendar, int(date.year()), int(unsigned(date.month())) - 1, int(unsigned(date.day())),
        int(time.hours().count()), int(time.minutes().count()), int(time.seconds().count()), &status);
    const double millis = ucal_getMillis(calendar, &status);
    VERIFY(U_SUCCESS(status));
    return Instant{milliseconds{std::int64_t(millis)}} + time.subseconds();
}

local_time<microseconds> Zone::local_of(Instant at) const {
    if (name_ == "UTC")
        return local_time<microseconds>{at.time_since_epoch()};
    UCalendar* calendar = calendar_of(name_);
    UErrorCode status = U_ZERO_ERROR;
    ucal_setMillis(calendar, double(floor<milliseconds>(at).time_since_epoch().count()), &status);
    const int offset = ucal_get(calendar, UCAL_ZONE_OFFSET, &status) + ucal_get(calendar, UCAL_DST_OFFSET, &status);
    VERIFY(U_SUCCESS(status));
    return local_time<microseconds>{at.time_since_epoch() + milliseconds{offset}};
}

Result<Instant> parse_time(std::string_view text, const Zone& zone) {
    Scanner scanner{text};
    const auto date = scan_date(scanner, "-/.");
    if (!date)
        return not_a_time(text);
    const local_time<microseconds> midnight{date->time_since_epoch()};
    if (scanner.is_at_end())
        return in_range(zone.instant_of_local(midnight), text);
    if (!scanner.take("Tt "))
        return not_a_time(text);
    const auto time = scan_time_of_day(scanner);
    if (!time)
        return not_a_time(text);
    if (scanner.is_at_end())
        return in_range(zone.instant_of_local(midnight + *time), text);
    scanner.take(" ");
    const auto offset = scan_offset(scanner);
    if (!offset || !scanner.is_at_end())
        return not_a_time(text);
    return in_range(Instant{*date} + *time - *offset, text);
}

} // namespace onefold
