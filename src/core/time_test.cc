#include "core/time.h"

#include <gtest/gtest.h>
#include <random>
#include <thread>

namespace onefold {
namespace {

using namespace std::chrono;

Zone zone(std::string_view name) {
    const auto found = Zone::named(name);
    EXPECT_TRUE(found) << name;
    return found.value_or(Zone{});
}

std::string utc_of(std::string_view text, std::string_view zone_name = "UTC") {
    const auto at = parse_time(text, zone(zone_name));
    return at ? to_rfc3339(*at) : at.error().code;
}

TEST(Rfc3339, ReadsWhatTheStandardAllows) {
    const std::pair<const char*, const char*> cases[] = {
        {"2010-12-01T08:26:00Z", "2010-12-01T08:26:00Z"},
        {"2010-12-01t08:26:00z", "2010-12-01T08:26:00Z"},
        {"2010-12-01 08:26:00+08:00", "2010-12-01T00:26:00Z"},
        {"2010-12-01T08:26:00-05:30", "2010-12-01T13:56:00Z"},
        {"2010-12-01T00:00:00+23:59", "2010-11-30T00:01:00Z"},
        {"2010-12-01T08:26:00.5Z", "2010-12-01T08:26:00.500Z"},
        {"2010-12-01T08:26:00.123456789Z", "2010-12-01T08:26:00.123456Z"},
        {"2010-12-01T08:26:00.000000999Z", "2010-12-01T08:26:00Z"},
        {"2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"},
        {"2000-02-29T00:00:00Z", "2000-02-29T00:00:00Z"},
        {"1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"},
        {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"},
        {"9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"},
    };
    for (const auto& [given, written] : cases) {
        const auto at = parse_rfc3339(given);
        ASSERT_TRUE(at) << given;
        EXPECT_EQ(to_rfc3339(*at), written) << given;
    }
}

TEST(Rfc3339, RefusesWhatIsNoInstant) {
    for (const char* text : {"", "2010", "2010-12-01", "2010-12-01T08:26:00", "2010-12-01T08:26:00+8",
             "2010-12-01T08:26:00+0", "2010-02-30T00:00:00Z", "2011-02-29T00:00:00Z", "2010-13-01T00:00:00Z",
             "2010-00-01T00:00:00Z", "2010-12-00T00:00:00Z", "2010-12-01T24:00:00Z", "2010-12-01T08:60:00Z",
             "2010-12-01T08:26:61Z", "2010-12-01T08:26:00.Z", "2010-12-01T08:26:00.1234567890Z",
             "2010-12-01T08:26:00Z ", " 2010-12-01T08:26:00Z", "2010-12-01T08:26:00ZZ", "2010-12-01_08:26:00Z",
             "0000-01-01T00:00:00Z", "10000-01-01T00:00:00Z", "2010-12-01T08:26:00+24:00", "2010-12-01T08:26:00+08:60",
             "２０１０-12-01T08:26:00Z", "-2010-12-01T08:26:00Z"})
        EXPECT_FALSE(parse_rfc3339(text)) << text;
    EXPECT_EQ(parse_rfc3339("now").error().code, "time.invalid");
}

TEST(Rfc3339, RefusesWhatAnOffsetCarriesOutOfTheYears1To9999) {
    EXPECT_FALSE(parse_rfc3339("0001-01-01T00:00:00+08:00"));
    EXPECT_FALSE(parse_rfc3339("9999-12-31T23:59:59-08:00"));
    EXPECT_FALSE(parse_rfc3339("9999-12-31T23:59:60Z"));
    EXPECT_FALSE(parse_time("0001-01-01", zone("Asia/Shanghai")));
    EXPECT_FALSE(parse_time("9999-12-31 23:00", zone("America/New_York")));
}

TEST(Rfc3339, ReadsBackEveryInstantThatItWrites) {
    std::mt19937_64 random{1};
    const auto first = micros_of(*parse_rfc3339("0001-01-01T00:00:00Z"));
    const auto last = micros_of(*parse_rfc3339("9999-12-31T23:59:59Z"));
    for (int i = 0; i < 50'000; ++i) {
        auto micros = std::uniform_int_distribution<std::int64_t>{first, last}(random);
        if (i % 3 == 1)
            micros -= micros % 1000;
        if (i % 3 == 2)
            micros -= micros % 1'000'000;
        const auto text = to_rfc3339(instant_of(micros));
        const auto back = parse_rfc3339(text);
        ASSERT_TRUE(back) << text;
        ASSERT_EQ(micros_of(*back), micros) << text;
    }
}

TEST(Zone, IsNamedAsTheIanaTablesNameIt) {
    for (const char* name : {"UTC", "Asia/Shanghai", "America/New_York", "Europe/London", "Australia/Lord_Howe"})
        EXPECT_EQ(zone(name).name(), name);
    for (const char* name : {"", "Mars/Olympus", "Asia/Shangha", "asia shanghai", "GMT+25:00", "上海", "Etc/Unknown"})
        EXPECT_EQ(Zone::named(name).error().code, "time.unknown_zone") << name;
    EXPECT_FALSE(Zone::named(std::string(1000, 'A')));
    EXPECT_EQ(Zone{}.name(), "UTC");
}

TEST(Zone, ReadsWallClocks) {
    EXPECT_EQ(utc_of("2010-12-01 08:26:00", "Asia/Shanghai"), "2010-12-01T00:26:00Z");
    EXPECT_EQ(utc_of("2010/12/1 8:26", "Europe/London"), "2010-12-01T08:26:00Z");
    EXPECT_EQ(utc_of("2010-07-01", "Europe/London"), "2010-06-30T23:00:00Z");
    EXPECT_EQ(utc_of("2010.7.1", "UTC"), "2010-07-01T00:00:00Z");
    EXPECT_EQ(utc_of("2010-12-01T08:26:00.25", "America/New_York"), "2010-12-01T13:26:00.250Z");
    EXPECT_EQ(utc_of("2010-12-01T08:26:00Z", "Asia/Shanghai"), "2010-12-01T08:26:00Z");
    EXPECT_EQ(utc_of("2010-12-01 08:26:00 +0100", "Asia/Shanghai"), "2010-12-01T07:26:00Z");
    EXPECT_EQ(utc_of("1988-07-01 12:00", "Asia/Shanghai"), "1988-07-01T03:00:00Z") << "China had summer time then";
    for (const char* text :
        {"2010-12-01 8", "2010-12-01 08:26:00 ", "2010-12-32", "01/12/2010", "2010-12-01 08:26 PM", "yesterday"})
        EXPECT_EQ(utc_of(text, "Asia/Shanghai"), "time.invalid") << text;
}

TEST(Zone, MovesATimeThatAShiftSkipsForwardByTheGap) {
    EXPECT_EQ(utc_of("2024-03-10 01:59:59", "America/New_York"), "2024-03-10T06:59:59Z");
    EXPECT_EQ(utc_of("2024-03-10 02:30:00", "America/New_York"), "2024-03-10T07:30:00Z") << "that is 03:30 summer time";
    EXPECT_EQ(utc_of("2024-03-10 03:00:00", "America/New_York"), "2024-03-10T07:00:00Z");
    EXPECT_EQ(utc_of("2024-10-06 02:15:00", "Australia/Lord_Howe"), "2024-10-05T15:45:00Z") << "a gap of half an hour";
    EXPECT_EQ(utc_of("2011-12-30 12:00:00", "Pacific/Apia"), "2011-12-30T22:00:00Z") << "a day that Samoa never had";
}

TEST(Zone, TakesTheFirstOfATimeThatComesTwice) {
    EXPECT_EQ(utc_of("2024-11-03 01:30:00", "America/New_York"), "2024-11-03T05:30:00Z");
    EXPECT_EQ(utc_of("2024-11-03 02:00:00", "America/New_York"), "2024-11-03T07:00:00Z");
    EXPECT_EQ(utc_of("2024-10-27 01:30:00", "Europe/London"), "2024-10-27T00:30:00Z");
}

TEST(Zone, TurnsInstantsIntoWallClocksAndBack) {
    std::mt19937_64 random{7};
    for (const char* name :
        {"UTC", "Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns"}) {
        const Zone here = zone(name);
        for (int i = 0; i < 5'000; ++i) {
            const auto at = instant_of(
                std::uniform_int_distribution<std::int64_t>{-5'000'000'000'000'000, 5'000'000'000'000'000}(random));
            const auto local = here.local_of(at);
            const auto back = here.instant_of_local(local);
            ASSERT_TRUE(back == at || (back < at && here.local_of(back) == local)) << name << " " << to_rfc3339(at);
        }
    }
    EXPECT_EQ(zone("Asia/Shanghai").local_of(*parse_rfc3339("2024-01-31T16:00:00.000001Z")).time_since_epoch(),
        local_days{year{2024} / 2 / 1}.time_since_epoch() + microseconds{1});
}

TEST(Zone, KeepsTheCalendarOfTodayForEver) {
    EXPECT_EQ(utc_of("1500-02-28", "Etc/GMT-8"), "1500-02-27T16:00:00Z")
        << "proleptic Gregorian, no Julian dates before 1582";
    EXPECT_EQ(utc_of("0004-02-29", "Etc/GMT-8"), "0004-02-28T16:00:00Z");
}

TEST(Zone, ServesSeveralThreads) {
    std::vector<std::jthread> threads;
    for (const char* name : {"Asia/Shanghai", "America/New_York", "Europe/London", "Asia/Shanghai"})
        threads.emplace_back([name] {
            const Zone here = zone(name);
            for (int i = 0; i < 2'000; ++i) {
                const auto at = instant_of(std::int64_t(i) * 86'400'000'000 * 7);
                EXPECT_EQ(here.instant_of_local(here.local_of(at)), at);
            }
        });
}

} // namespace
} // namespace onefold
