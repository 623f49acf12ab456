#include "timeline/interval.h"
#include "timeline/manifest.h"
#include "timeline/tiers.h"

#include <gtest/gtest.h>

namespace onefold::timeline {
namespace {

std::vector<RunSize> runs(std::vector<std::uint64_t> counts) {
    std::vector<RunSize> all;
    for (const auto count : counts) {
        const Position from = all.empty() ? Position{1} : all.back().interval.to;
        all.push_back({{from, Position{from.value + 10}}, count});
    }
    return all;
}

TEST(Tiers, FourOfOneSizeBecomeOne) {
    EXPECT_EQ(choose_merge(runs({90, 80, 100}), 100), std::nullopt);
    EXPECT_EQ(choose_merge(runs({90, 80, 100, 7}), 100), (RunRange{0, 4}));
    EXPECT_EQ(choose_merge(runs({400, 90, 80, 100, 7}), 100), (RunRange{1, 4}));
    EXPECT_EQ(choose_merge(runs({400, 390, 300, 90, 80, 100}), 100), (RunRange{0, 6})) << "small ones go with them";
    EXPECT_EQ(choose_merge({}, 100), std::nullopt);
}

TEST(Tiers, OnlyNeighboursThatTouchAreMerged) {
    auto apart = runs({90, 90, 90, 90});
    apart[1].interval.to.value -= 1;
    EXPECT_EQ(choose_merge(apart, 100), std::nullopt);
}

TEST(Tiers, EachTierHoldsFewRunsHoweverManyCome) {
    std::vector<RunSize> all;
    for (int i = 0; i < 1000; ++i) {
        const Position from = all.empty() ? Position{1} : all.back().interval.to;
        all.push_back({{from, Position{from.value + 1}}, 100});
        while (const auto range = choose_merge(all, 100)) {
            RunSize one{{all[range->first].interval.from, all[range->first + range->count - 1].interval.to}, 0};
            for (std::size_t k = range->first; k < range->first + range->count; ++k)
                one.count += all[k].count;
            all.erase(
                all.begin() + std::ptrdiff_t(range->first), all.begin() + std::ptrdiff_t(range->first + range->count));
            all.insert(all.begin() + std::ptrdiff_t(range->first), one);
        }
        ASSERT_LE(all.size(), 16u);
    }
}

TEST(Interval, UnitesAndTakesAway) {
    auto of = [](std::int64_t from, std::int64_t to) { return Interval{Position{from}, Position{to}}; };
    EXPECT_EQ(united({of(5, 9), of(1, 3), of(3, 4), of(7, 7)}), (Intervals{of(1, 4), of(5, 9)}));
    EXPECT_EQ(without(of(1, 20), {of(1, 4), of(6, 9)}), (Intervals{of(4, 6), of(9, 20)}));
    EXPECT_EQ(without(of(2, 8), {of(1, 4), of(6, 9)}), (Intervals{of(4, 6)}));
    EXPECT_EQ(without(of(2, 3), {of(1, 4)}), Intervals{});
    EXPECT_EQ(without(of(10, 12), {of(1, 4)}), (Intervals{of(10, 12)}));
}

TEST(Manifest, SaysWhatItWasToldAndKnowsWhenItIsDamaged) {
    const Manifest manifest{"origin", 7, {{"1.run", {Position{1}, Position{5}}, 4'000'000'000u}},
        {{"track", "Bought \"1\"\n"}, {"page", std::nullopt}}};
    const std::string text = to_text(manifest);
    const auto read = parse_manifest(text);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->origin, "origin");
    EXPECT_EQ(read->next_file, 7u);
    ASSERT_EQ(read->runs.size(), 1u);
    EXPECT_EQ(read->runs[0].file, "1.run");
    EXPECT_EQ(read->runs[0].interval, manifest.runs[0].interval);
    EXPECT_EQ(read->runs[0].checksum, 4'000'000'000u);
    EXPECT_EQ(read->names, manifest.names);
    for (std::size_t i = 0; i < text.size(); ++i) {
        std::string flipped = text;
        flipped[i] ^= 1;
        EXPECT_FALSE(parse_manifest(flipped)) << i;
        EXPECT_FALSE(parse_manifest(text.substr(0, i))) << i;
    }
}

} // namespace
} // namespace onefold::timeline
