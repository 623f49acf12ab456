#include "fetch/schedule.h"

#include <gtest/gtest.h>

namespace onefold::fetch {
namespace {

using namespace std::chrono_literals;

Instant at(std::string_view text) {
    return *parse_rfc3339(text);
}

Settings every(std::int64_t minutes) {
    Settings settings;
    settings.is_on = true;
    settings.every_minutes = minutes;
    settings.changed_at = at("2026-03-01T10:00:00Z");
    return settings;
}
Settings daily(std::string time) {
    Settings settings = every(60);
    settings.daily_at = std::move(time);
    return settings;
}
Look looked(std::string_view text) {
    Look look;
    look.started_at = at(text);
    return look;
}

TEST(Schedule, LooksAtOnceAfterAChangeAndThenEveryFewMinutes) {
    EXPECT_EQ(next_due(every(15), std::nullopt, {}), at("2026-03-01T10:00:00Z"));
    EXPECT_EQ(next_due(every(15), looked("2026-02-28T00:00:00Z"), {}), at("2026-03-01T10:00:00Z"));
    EXPECT_EQ(next_due(every(15), looked("2026-03-01T10:01:00Z"), {}), at("2026-03-01T10:16:00Z"));
}

TEST(Schedule, OneThatIsPausedLooksByHandOnly) {
    Settings settings = every(15);
    settings.is_on = false;
    EXPECT_EQ(next_due(settings, std::nullopt, {}), std::nullopt);
}

TEST(Schedule, ADailyLookIsAtThatTimeOfTheCompanysDay) {
    const Zone shanghai = *Zone::named("Asia/Shanghai");
    EXPECT_EQ(next_due(daily("03:30"), std::nullopt, shanghai), at("2026-03-01T19:30:00Z"));
    EXPECT_EQ(next_due(daily("03:30"), looked("2026-03-01T19:30:02Z"), shanghai), at("2026-03-02T19:30:00Z"));
    EXPECT_EQ(next_due(daily("03:30"), looked("2026-03-02T12:00:00Z"), shanghai), at("2026-03-02T19:30:00Z"))
        << "by hand";
}

TEST(Schedule, ADailyLookThatFailedIsTriedAgainAnHourLater) {
    Look failed = looked("2026-03-01T19:30:00Z");
    failed.error = Error{};
    EXPECT_EQ(next_due(daily("03:30"), failed, *Zone::named("Asia/Shanghai")), at("2026-03-01T20:30:00Z"));
}

TEST(Schedule, ATimeOfDayIsWrittenOneWay) {
    EXPECT_EQ(parse_time_of_day("03:30"), 210);
    EXPECT_EQ(parse_time_of_day("23:59"), 1439);
    for (const std::string_view text : {"", "3:30", "24:00", "12:60", "12.30", "12:3x", "012:30"})
        EXPECT_EQ(parse_time_of_day(text), std::nullopt) << text;
}

} // namespace
} // namespace onefold::fetch
