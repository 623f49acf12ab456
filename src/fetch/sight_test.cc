#include "fetch/sight.h"

#include <gtest/gtest.h>

namespace onefold::fetch {
namespace {

using namespace std::chrono_literals;

TEST(Sight, APatternSpeaksOfWholeNames) {
    EXPECT_TRUE(matches("orders-1.csv", "orders-*.csv"));
    EXPECT_TRUE(matches("ORDERS-1.CSV", "orders-*.csv"));
    EXPECT_TRUE(matches("orders-.csv", "orders-*.csv"));
    EXPECT_TRUE(matches("a.b.csv", "*.csv"));
    EXPECT_TRUE(matches("订单1.csv", "订单?.csv"));
    EXPECT_TRUE(matches("订单甲.csv", "订单?.csv"));
    EXPECT_TRUE(matches("anything", "*"));
    EXPECT_FALSE(matches("old-orders-1.csv", "orders-*.csv"));
    EXPECT_FALSE(matches("orders-1.csv.gz", "orders-*.csv"));
    EXPECT_FALSE(matches("orders.csv", "orders?.csv"));
    EXPECT_FALSE(matches("a", ""));
}

TEST(Sight, NamesOfWhatIsStillWrittenArePassedOver) {
    for (const std::string_view name :
        {".hidden", "~$orders.xlsx", "orders.csv.part", "a.TMP", "a.filepart", "a.csv~", "a.crdownload", ""})
        EXPECT_TRUE(is_passed_over(name)) << name;
    for (const std::string_view name : {"orders.csv", "part.csv", "tmp.xlsx", "a.parts"})
        EXPECT_FALSE(is_passed_over(name)) << name;
}

TEST(Sight, AFileIsWholeOnceItStayedTheSameForLongEnough) {
    Sights sights;
    const Sights::Moment begin{};
    const Seen one{"a.csv", 10, 1, 7}, grown{"a.csv", 20, 1, 7}, touched{"a.csv", 20, 2, 7},
        replaced{"a.csv", 20, 2, 8};
    EXPECT_FALSE(sights.is_steady(one, begin, 30s));
    EXPECT_FALSE(sights.is_steady(one, begin + 29s, 30s));
    EXPECT_FALSE(sights.is_steady(grown, begin + 31s, 30s));
    EXPECT_FALSE(sights.is_steady(touched, begin + 62s, 30s));
    EXPECT_FALSE(sights.is_steady(replaced, begin + 93s, 30s));
    EXPECT_TRUE(sights.is_steady(replaced, begin + 123s, 30s));
}

TEST(Sight, AFileThatWentAwayMeanwhileBeginsAnew) {
    Sights sights;
    const Seen one{"a.csv", 10, 1, 0};
    EXPECT_FALSE(sights.is_steady(one, {}, 1s));
    sights.keep_only({});
    EXPECT_FALSE(sights.is_steady(one, Sights::Moment{} + 5s, 1s));
}

} // namespace
} // namespace onefold::fetch
