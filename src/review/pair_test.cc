#include "review/pair.h"

#include <gtest/gtest.h>

namespace onefold::review {
namespace {

using identity::Doubt;

Weighed of(std::vector<std::pair<IdentifierId, Doubt>> evidence) {
    return weigh(std::move(evidence));
}

Pair pair_with(State state, const Weighed& weighed) {
    Pair pair;
    pair.id = PairId{1};
    pair.state = state;
    pair.evidence = weighed.evidence;
    return pair;
}

const Weighed one = of({{IdentifierId{1}, Doubt::weak}}),
              two = of({{IdentifierId{1}, Doubt::weak}, {IdentifierId{2}, Doubt::conflict}});

TEST(Pair, WhatSpeaksMoreWeighsMoreInAnyOrder) {
    EXPECT_GT(two.weight, one.weight);
    EXPECT_GT(of({{IdentifierId{3}, Doubt::conflict}}).weight, of({{IdentifierId{3}, Doubt::shared}}).weight);
    EXPECT_EQ(of({{IdentifierId{2}, Doubt::conflict}, {IdentifierId{1}, Doubt::weak}}).evidence, two.evidence);
    EXPECT_EQ(two.doubts, (std::vector{Doubt::conflict, Doubt::weak}));
}

TEST(Pair, ComesWithEvidenceAndLeavesWithout) {
    EXPECT_EQ(fate_of(nullptr, one, true), Fate::opens);
    EXPECT_EQ(fate_of(nullptr, {}, true), Fate::stays);
    EXPECT_EQ(fate_of(nullptr, one, false), Fate::stays);
    for (const State state : {State::open, State::later}) {
        const Pair pair = pair_with(state, one);
        EXPECT_EQ(fate_of(&pair, one, true), Fate::stays);
        EXPECT_EQ(fate_of(&pair, {}, true), Fate::leaves);
        EXPECT_EQ(fate_of(&pair, one, false), Fate::leaves);
        EXPECT_EQ(fate_of(&pair, two, true), Fate::opens) << "new evidence brings back what was put off";
    }
}

TEST(Pair, WhatWasDecidedStaysWrittenUntilTheDecisionIsUndone) {
    for (const State state : {State::merged, State::apart}) {
        const Pair pair = pair_with(state, one);
        EXPECT_EQ(fate_of(&pair, one, false), Fate::stays);
        EXPECT_EQ(fate_of(&pair, {}, true), Fate::stays);
        EXPECT_EQ(fate_of(&pair, one, true), Fate::opens);
    }
}

TEST(Pair, IsDueWhenItIsTimeOrWhenEitherChanged) {
    Pair pair = pair_with(State::later, one);
    pair.low_version = 3;
    pair.high_version = 4;
    const Instant now = instant_of(1'000'000);
    EXPECT_FALSE(is_due(pair, now, 3, 4));
    EXPECT_TRUE(is_due(pair, now, 5, 4));
    EXPECT_TRUE(is_due(pair, now, 3, std::nullopt));
    pair.until = now + std::chrono::hours{1};
    EXPECT_FALSE(is_due(pair, now, 3, 4));
    EXPECT_TRUE(is_due(pair, *pair.until, 3, 4));
}

} // namespace
} // namespace onefold::review
