#include "customer/golden.h"

#include <gtest/gtest.h>
#include <random>

namespace onefold::customer {
namespace {

using identity::Fact;
using NodeFacts = identity::NodeFacts;

constexpr FieldId name{10}, city{23};
constexpr SourceId shop{2}, app{3}, typed{1};

int trust_of(SourceId source) {
    return source == typed ? 100 : 50;
}
Instant at(std::int64_t second) {
    return instant_of(second * 1'000'000);
}

NodeFacts node(std::int64_t id, SourceId source, std::vector<Fact> facts) {
    return {NodeId{id}, source, std::move(facts)};
}

GoldenValue only(const std::vector<GoldenValue>& golden) {
    EXPECT_EQ(golden.size(), 1u);
    return golden.front();
}

TEST(Fold, OneValueStandsByItself) {
    const auto golden = only(fold({node(1, shop, {{name, "王芳", at(1)}})}, trust_of));
    EXPECT_EQ(golden.field, name);
    EXPECT_EQ(golden.winner.value, "王芳");
    EXPECT_EQ(golden.rule, "only_value");
    EXPECT_TRUE(golden.others.empty());
}

TEST(Fold, TheMostTrustedSourceWinsOverANewerOne) {
    const auto golden =
        only(fold({node(1, shop, {{name, "newer", at(9)}}), node(2, typed, {{name, "typed", at(1)}})}, trust_of));
    EXPECT_EQ(golden.winner.value, "typed");
    EXPECT_EQ(golden.winner.source, typed);
    EXPECT_EQ(golden.rule, "most_trusted");
    ASSERT_EQ(golden.others.size(), 1u);
    EXPECT_EQ(golden.others[0].value, "newer");
}

TEST(Fold, OfEqualTrustTheNewestWins) {
    const auto golden =
        only(fold({node(1, shop, {{name, "old and longer", at(1)}}), node(2, app, {{name, "new", at(2)}})}, trust_of));
    EXPECT_EQ(golden.winner.value, "new");
    EXPECT_EQ(golden.rule, "most_recent");
}

TEST(Fold, OfOneInstantTheMoreFrequentWinsThenTheLonger) {
    auto golden = only(fold({node(1, shop, {{name, "a", at(1)}}), node(2, app, {{name, "longer", at(1)}}),
                                node(3, shop, {{name, "a", at(1)}})},
        trust_of));
    EXPECT_EQ(golden.winner.value, "a");
    EXPECT_EQ(golden.rule, "most_frequent");
    EXPECT_EQ(golden.others.size(), 1u);
    golden = only(fold({node(1, shop, {{name, "王", at(1)}}), node(2, app, {{name, "ab", at(1)}})}, trust_of));
    EXPECT_EQ(golden.winner.value, "ab") << "two characters, though fewer bytes";
    EXPECT_EQ(golden.rule, "longest");
}

TEST(Fold, TheSameValueFromTwoSourcesIsNoOther) {
    const auto golden =
        only(fold({node(1, shop, {{name, "Ann", at(1)}}), node(2, app, {{name, "Ann", at(5)}})}, trust_of));
    EXPECT_EQ(golden.rule, "only_value");
    EXPECT_TRUE(golden.others.empty());
    EXPECT_EQ(golden.winner.at, at(5));
}

TEST(Fold, AValueThatWasTakenBackGivesWay) {
    const auto golden =
        only(fold({node(1, typed, {{name, "", at(9)}}), node(2, shop, {{name, "shop's", at(1)}})}, trust_of));
    EXPECT_EQ(golden.winner.value, "shop's");
    EXPECT_TRUE(fold({node(1, typed, {{name, "", at(9)}})}, trust_of).empty());
}

TEST(Fold, FieldsAreDecidedEachForItself) {
    const auto golden = fold({node(1, shop, {{name, "Ann", at(5)}, {city, "上海", at(1)}}),
                                 node(2, app, {{name, "Anna", at(1)}, {city, "北京", at(5)}})},
        trust_of);
    ASSERT_EQ(golden.size(), 2u);
    EXPECT_EQ(golden[0].winner.value, "Ann");
    EXPECT_EQ(golden[1].winner.value, "北京");
}

TEST(Fold, TheOrderOfNodesDoesNotMatter) {
    std::mt19937_64 engine{11};
    int ties = 0;
    for (int i = 0; i < 2000; ++i) {
        std::vector<NodeFacts> nodes;
        for (auto n = 2 + engine() % 5; n > 0; --n)
            nodes.push_back(node(std::int64_t(nodes.size()) + 1, SourceId{std::int64_t(1 + engine() % 3)},
                {{name, std::string(1 + engine() % 2, char('a' + engine() % 2)), at(std::int64_t(engine() % 2))}}));
        const auto golden = fold(nodes, trust_of);
        ties += golden.front().rule == "most_frequent" || golden.front().rule == "longest" ? 1 : 0;
        std::ranges::shuffle(nodes, engine);
        ASSERT_EQ(provenance_of(fold(nodes, trust_of)), provenance_of(golden));
    }
    EXPECT_GE(ties, 200);
}

} // namespace
} // namespace onefold::customer
