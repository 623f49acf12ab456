#include "traffic/count.h"

#include <gtest/gtest.h>

namespace onefold::traffic {
namespace {

using namespace std::chrono_literals;

Instant at(std::string_view text) {
    return parse_rfc3339(text).value();
}
Count accepted(std::int64_t count) {
    return {.accepted = count};
}

TEST(Count, ASpanBeginsOnItsRoundTime) {
    EXPECT_EQ(begin_of(Span::minute, at("2026-01-01T08:31:59.999Z")), at("2026-01-01T08:31:00Z"));
    EXPECT_EQ(begin_of(Span::quarter, at("2026-01-01T08:44:59Z")), at("2026-01-01T08:30:00Z"));
    EXPECT_EQ(begin_of(Span::minute, at("1969-12-31T23:59:59Z")), at("1969-12-31T23:59:00Z"));
}

TEST(Count, ASeriesEndsNowAndHasEmptySpansToo) {
    const Counts counts{{at("2026-01-01T08:00:00Z"), accepted(1)}, {at("2026-01-01T08:02:00Z"), accepted(2)},
        {at("2026-01-01T07:00:00Z"), accepted(9)}};
    EXPECT_EQ(series(counts, 1min, 3, at("2026-01-01T08:02:30Z")),
        (std::vector<Bucket>{{at("2026-01-01T08:00:00Z"), accepted(1)}, {at("2026-01-01T08:01:00Z"), {}},
            {at("2026-01-01T08:02:00Z"), accepted(2)}}));
}

TEST(Count, ADayIsTheCompanysAlsoWhereClocksShift) {
    const Zone shanghai = *Zone::named("Asia/Shanghai");
    const Counts counts{{at("2026-01-01T15:45:00Z"), accepted(1)}, {at("2026-01-01T16:00:00Z"), accepted(2)}};
    EXPECT_EQ(days(counts, shanghai, 2, at("2026-01-01T17:00:00Z")),
        (std::vector<Bucket>{{at("2025-12-31T16:00:00Z"), accepted(1)}, {at("2026-01-01T16:00:00Z"), accepted(2)}}));
    const Zone berlin = *Zone::named("Europe/Berlin");
    const auto spring = days({}, berlin, 2, at("2026-03-30T12:00:00Z"));
    EXPECT_EQ(spring[1].at - spring[0].at, 23h);
}

TEST(Count, AQuarterOfAnHourFitsTheDaysOfKathmandu) {
    const Zone kathmandu = *Zone::named("Asia/Kathmandu"); // UTC+5:45
    const Instant midnight = days({}, kathmandu, 1, at("2026-01-01T12:00:00Z")).front().at;
    EXPECT_EQ(begin_of(Span::quarter, midnight), midnight);
}

} // namespace
} // namespace onefold::traffic
