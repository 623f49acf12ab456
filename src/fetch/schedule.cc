#include "fetch/schedule.h"

namespace onefold::fetch {
namespace {

using namespace std::chrono_literals;

constexpr auto again_after = 1h;

// The first moment after `since` when the clock shows this time.
Instant next_of_day(Instant since, const Zone& zone, std::chrono::minutes time) {
    auto day = std::chrono::floor<std::chrono::days>(zone.local_of(since));
    for (;; day += std::chrono::days{1})
        if (const Instant due = zone.instant_of_local(day + time); due > since)
            return due;
}

} // namespace

std::optional<std::int64_t> parse_time_of_day(std::string_view text) {
    const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9' ? text[at] - '0' : 99; };
    if (text.size() != 5 || text[2] != ':')
        return std::nullopt;
    const int hour = digit(0) * 10 + digit(1), minute = digit(3) * 10 + digit(4);
    return hour < 24 && minute < 60 ? std::optional<std::int64_t>(hour * 60 + minute) : std::nullopt;
}

std::optional<Instant> next_due(const Settings& settings, const std::optional<Look>& last, const Zone& zone) {
    if (!settings.is_on)
        return std::nullopt;
    const bool is_newer = !last || last->started_at < settings.changed_at;
    if (!settings.daily_at)
        return is_newer ? settings.changed_at : last->started_at + std::chrono::minutes{settings.every_minutes};
    const auto time = std::chrono::minutes{parse_time_of_day(*settings.daily_at).value_or(0)};
    const Instant due = next_of_day(is_newer ? settings.changed_at : last->started_at, zone, time);
    if (!is_newer && last->error)
        return std::min(due, last->started_at + again_after);
    return due;
}

} // namespace onefold::fetch
