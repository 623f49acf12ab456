#include "customer/lag.h"

#include <gtest/gtest.h>

namespace onefold::customer {
namespace {

using namespace std::chrono_literals;
const LagMeter::Steady start = LagMeter::Steady{} + 1000s;

TEST(LagMeter, TellsTheMedianAndTheLastHundredthWithinAFifth) {
    LagMeter meter;
    for (int i = 1; i <= 1000; ++i)
        meter.add(std::chrono::milliseconds{i}, start);
    const Lag lag = meter.read(start);
    EXPECT_GE(lag.median, 500ms);
    EXPECT_LE(lag.median, 600ms);
    EXPECT_GE(lag.p99, 990ms);
    EXPECT_LE(lag.p99, 1190ms);
}

TEST(LagMeter, ForgetsWhatIsOlderThanAMinute) {
    LagMeter meter;
    meter.add(10s, start);
    meter.add(1ms, start + 40s);
    EXPECT_GE(meter.read(start + 41s).p99, 10s);
    meter.add(1ms, start + 75s);
    EXPECT_LE(meter.read(start + 76s).p99, 2ms);
    EXPECT_EQ(meter.read(start + 200s).p99, 0ms) << "nothing came";
    EXPECT_EQ(meter.read(start + 200s).events_per_second, 0);
}

TEST(LagMeter, CountsEventsASecond) {
    LagMeter meter;
    for (int second = 0; second < 60; ++second)
        for (int i = 0; i < 50; ++i)
            meter.add(1ms, start + std::chrono::seconds{second});
    EXPECT_NEAR(meter.read(start + 60s).events_per_second, 50, 5);
}

TEST(LagMeter, HoldsAnyLag) {
    LagMeter meter;
    meter.add(-5s, start);
    EXPECT_EQ(meter.read(start).p99, 1ms);
    for (int i = 0; i < 1000; ++i)
        meter.add(24h * 365, start);
    EXPECT_GT(meter.read(start).p99, 24h);
}

} // namespace
} // namespace onefold::customer
