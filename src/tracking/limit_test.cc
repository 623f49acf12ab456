#include "tracking/limit.h"

#include <gtest/gtest.h>

namespace onefold::tracking {
namespace {

using namespace std::chrono_literals;

const Monotonic start{1h};

// How many single messages pass in `minutes` when one is tried every `every`.
std::int64_t passed(std::int64_t per_minute, std::chrono::nanoseconds every, int minutes) {
    RateLimit limit(per_minute, 10);
    std::int64_t count = 0;
    for (Monotonic now = start; now < start + minutes * 1min; now += every) {
        if (limit.wait_of(1, now) > 0ns)
            continue;
        limit.charge(1, 1, now);
        ++count;
    }
    return count;
}

TEST(RateLimit, LetsSoManyPassAMinuteWithinFivePerCent) {
    for (const auto every : {1ms, 7ms, 50ms}) {
        EXPECT_NEAR(double(passed(600, every, 1)), 600, 30) << every.count();
        EXPECT_NEAR(double(passed(600, every, 10)) / 10, 600, 30) << every.count();
    }
    EXPECT_NEAR(double(passed(60'000, 100us, 1)), 60'000, 3'000);
    EXPECT_EQ(passed(600, 200ms, 10), 3'000) << "slower senders never wait";
}

TEST(RateLimit, IsExactForBatchesInTheLongRun) {
    RateLimit limit(600, 10);
    std::int64_t count = 0;
    for (Monotonic now = start; now < start + 60min; now += 100ms)
        if (limit.wait_of(1, now) == 0ns) {
            limit.charge(1, 50, now);
            count += 50;
        }
    EXPECT_NEAR(double(count) / 60, 600, 30);
}

TEST(RateLimit, LetsALargeRequestPassAndTellsHowLongToWaitForTheNext) {
    RateLimit limit(600, 10);
    limit.charge(1, 630, start);
    EXPECT_EQ(limit.wait_of(1, start), 60s);
    EXPECT_EQ(limit.wait_of(1, start + 59s), 1s);
    EXPECT_EQ(limit.wait_of(1, start + 60s), 0s);
    EXPECT_EQ(limit.wait_of(2, start), 0s);
}

TEST(RateLimit, ForgetsWhomItSawLongestAgo) {
    RateLimit limit(600, 2);
    limit.charge(1, 600, start);
    limit.charge(2, 600, start);
    limit.charge(1, 1, start);
    limit.charge(3, 600, start);
    EXPECT_EQ(limit.size(), 2u);
    EXPECT_GT(limit.wait_of(1, start), 0s);
    EXPECT_EQ(limit.wait_of(2, start), 0s);
    EXPECT_GT(limit.wait_of(3, start), 0s);
}

TEST(RateLimit, AMillionVisitorsFillNoMoreThanTheirTable) {
    RateLimit limit(600, limited_keys_max);
    for (std::uint64_t key = 0; key < 1'000'000; ++key)
        limit.charge(key, 1, start);
    EXPECT_EQ(limit.size(), limited_keys_max);
    // An entry, two links, and the table's node, hash and bucket; of both tables.
    constexpr std::size_t bytes_a_key = 2 * (16 + 2 * 8 + 16) + 2 * 8 + 16;
    static_assert(2 * limited_keys_max * bytes_a_key < (64 << 20));
}

TEST(Limits, TakeARequestWholeOrNotAtAll) {
    Limits limits("0123456789abcdef");
    const auto wang = limits.key_of(SourceId{2}, "wang"), li = limits.key_of(SourceId{2}, "li");
    EXPECT_NE(wang, limits.key_of(SourceId{3}, "wang"));
    const auto address = limits.key_of_address("203.0.113.7");
    EXPECT_EQ(limits.take({address, 700, {{wang, 700}}}, start), 0s);
    const auto wait = limits.take({address, 2, {{wang, 1}, {li, 1}}}, start);
    EXPECT_EQ(wait, 67s);
    for (int i = 0; i < 30; ++i)
        EXPECT_EQ(limits.take({address, 1, {{li, 1}}}, start), 0s) << "what was refused was not charged";
}

TEST(Limits, AnAddressIsLimitedWhoeverItsVisitorsAre) {
    Limits limits("0123456789abcdef");
    const auto home = limits.key_of_address("2001:db8::1");
    EXPECT_EQ(home, limits.key_of_address("2001:db8:0:0:ffff::2"));
    EXPECT_NE(home, limits.key_of_address("2001:db8:0:1::1"));
    std::int64_t passed = 0;
    for (Monotonic now = start; now < start + 1min; now += 500us) {
        const auto visitor = std::uint64_t((now - start).count());
        if (limits.take({home, 1, {{visitor, 1}}}, now) == 0s)
            ++passed;
    }
    EXPECT_NEAR(double(passed), 60'000, 3'000);
}

} // namespace
} // namespace onefold::tracking
