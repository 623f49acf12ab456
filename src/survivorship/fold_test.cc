#include "survivorship/fold.h"

#include <gtest/gtest.h>
#include <random>

namespace onefold::survivorship {
namespace {

using identity::Fact;
using NodeFacts = identity::NodeFacts;

using identity::Mark;

constexpr FieldId name{10}, city{23}, phone{27};
constexpr SourceId shop{2}, app{3}, crm{4}, typed{1};
constexpr Rule rules[] = {Rule::trusted, Rule::newest, Rule::oldest, Rule::most_frequent, Rule::longest, Rule::sources};

int trust_of(SourceId source) {
    return source == crm ? 80 : 50;
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
        only(fold({node(1, shop, {{name, "newer", at(9)}}), node(2, crm, {{name, "trusted", at(1)}})}, trust_of));
    EXPECT_EQ(golden.winner.value, "trusted");
    EXPECT_EQ(golden.winner.source, crm);
    EXPECT_EQ(golden.rule, "most_trusted");
    ASSERT_EQ(golden.others.size(), 1u);
    EXPECT_EQ(golden.others[0].value, "newer");
}

TEST(Fold, WhatAPersonTypedWinsUnderEveryRule) {
    for (const Rule rule : rules) {
        Policy policy{{{name, {rule, {}, true}}}};
        if (rule == Rule::sources)
            policy.fields[name].sources = {shop};
        const auto golden = only(fold({node(1, shop, {{name, "a much longer newer value", at(9), Mark::verified}}),
                                          node(2, typed, {{name, "typed", at(5)}})},
            trust_of, policy));
        EXPECT_EQ(golden.winner.value, "typed") << to_string(rule);
        EXPECT_EQ(golden.rule, "manual");
        ASSERT_EQ(golden.others.size(), 1u);
        EXPECT_TRUE(golden.conflict.empty());
    }
}

TEST(Fold, WhatAPersonHidesIsBlankAndToldSo) {
    const auto golden = only(
        fold({node(1, shop, {{name, "wrong", at(9)}}), node(2, typed, {{name, "", at(5), Mark::hidden}})}, trust_of));
    EXPECT_TRUE(golden.is_hidden);
    EXPECT_EQ(golden.winner.value, "");
    EXPECT_EQ(golden.rule, "hidden");
    ASSERT_EQ(golden.others.size(), 1u);
    EXPECT_EQ(golden.others[0].value, "wrong");
}

TEST(Fold, OfWhatPeopleSayTheLastHolds) {
    const auto fold_both = [](Fact first, Fact second) {
        return fold({node(1, shop, {{name, "shop's", at(1)}}), node(2, typed, {std::move(first)}),
                        node(3, typed, {std::move(second)})},
            trust_of);
    };
    EXPECT_EQ(only(fold_both({name, "older", at(5)}, {name, "newer", at(6)})).winner.value, "newer");
    EXPECT_EQ(only(fold_both({name, "older", at(5)}, {name, "", at(6)})).winner.value, "shop's") << "automatic again";
    EXPECT_TRUE(only(fold_both({name, "older", at(5)}, {name, "", at(6), Mark::hidden})).is_hidden);
}

TEST(Fold, AConfirmedValueIsVerifiedWhoeverSaysIt) {
    const Fact right{name, "ANN", at(3), Mark::confirmed};
    auto golden = only(
        fold({node(1, shop, {{name, "Anna", at(9)}}), node(2, app, {{name, "Ann ", at(1)}}), node(3, typed, {right})},
            trust_of));
    EXPECT_EQ(golden.winner.value, "Anna") << "the rule does not prefer what is verified";
    EXPECT_FALSE(golden.verified);
    EXPECT_EQ(golden.conflict.size(), 2u);
    golden = only(
        fold({node(1, shop, {{name, "Anna", at(9)}}), node(2, app, {{name, "Ann ", at(1)}}), node(3, typed, {right})},
            trust_of, {{{name, {Rule::trusted, {}, true}}}}));
    EXPECT_EQ(golden.winner.value, "Ann ");
    EXPECT_EQ(golden.rule, "verified");
    ASSERT_TRUE(golden.verified);
    EXPECT_EQ(golden.verified->node, NodeId{3});
    EXPECT_TRUE(golden.conflict.empty()) << "a person has spoken";
}

TEST(Fold, EachRuleChoosesItsOwn) {
    const std::vector<NodeFacts> nodes{node(1, crm, {{name, "trusted", at(5)}}), node(2, shop, {{name, "new", at(9)}}),
        node(3, app, {{name, "old", at(1)}}), node(4, app, {{name, "Often", at(3)}}),
        node(5, shop, {{name, "often", at(4)}}), node(6, app, {{name, "the most complete one", at(2)}})};
    const auto winner = [&](FieldRule rule) {
        const auto golden = fold(nodes, trust_of, {{{name, std::move(rule)}}});
        return golden.empty() ? "-" : golden.front().winner.value + " " + golden.front().rule;
    };
    EXPECT_EQ(winner({}), "trusted most_trusted");
    EXPECT_EQ(winner({Rule::newest, {}, false}), "new most_recent");
    EXPECT_EQ(winner({Rule::oldest, {}, false}), "old oldest");
    EXPECT_EQ(winner({Rule::most_frequent, {}, false}), "often most_recent")
        << "case does not count; the newer spelling";
    EXPECT_EQ(winner({Rule::longest, {}, false}), "the most complete one longest");
    EXPECT_EQ(winner({Rule::sources, {app, shop}, false}), "Often most_recent");
    EXPECT_EQ(winner({Rule::sources, {crm, shop}, false}), "trusted source_order");
    EXPECT_EQ(winner({Rule::sources, {SourceId{99}}, false}), "-");
}

TEST(Fold, SourcesOfEqualStandingConflictWhereTheyMeanDifferentThings) {
    const auto conflict = [](std::vector<NodeFacts> nodes, FieldRule rule = {}) {
        return only(fold(nodes, trust_of, {{{nodes.front().facts.front().field, std::move(rule)}}})).conflict.size();
    };
    EXPECT_EQ(conflict({node(1, shop, {{city, "上海", at(1)}}), node(2, app, {{city, "北京", at(2)}})}), 2u);
    EXPECT_EQ(
        conflict({node(1, shop, {{city, "New York", at(1)}}), node(2, app, {{city, "ＮＥＷ ｙｏｒｋ ", at(2)}})}), 0u);
    EXPECT_EQ(
        conflict({node(1, shop, {{phone, "139 1234 5678", at(1)}}), node(2, app, {{phone, "+8613912345678", at(2)}})}),
        0u);
    EXPECT_EQ(conflict({node(1, shop, {{city, "上海", at(1)}}), node(2, shop, {{city, "北京", at(2)}})}), 0u)
        << "one source";
    EXPECT_EQ(conflict({node(1, shop, {{city, "上海", at(1)}}), node(2, crm, {{city, "北京", at(2)}})}), 0u)
        << "trust decides";
    EXPECT_EQ(conflict({node(1, shop, {{city, "上海", at(1)}}), node(2, app, {{city, "北京", at(2)}})},
                  {Rule::sources, {app, shop}, false}),
        0u)
        << "the order decides";
    EXPECT_EQ(conflict({node(1, shop, {{city, "上海", at(1), Mark::verified}}), node(2, app, {{city, "北京", at(2)}})},
                  {Rule::newest, {}, true}),
        0u)
        << "what is verified decides";
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

// ---- the law: the order of arrival does not matter, whatever the rule ----

// What a customer may look like: few values, times and sources, so that most of it is equal to something.
std::vector<NodeFacts> random_nodes(std::mt19937_64& engine) {
    static constexpr std::string_view values[] = {"a", "A", "b", "ab", "a b", "北京"};
    static constexpr SourceId said_by[] = {shop, app, shop, app, crm};
    std::vector<NodeFacts> nodes;
    for (auto n = 2 + engine() % 5; n > 0; --n) {
        const bool is_typed = engine() % 12 == 0;
        Fact fact{name, std::string(values[engine() % std::size(values)]), at(std::int64_t(engine() % 2))};
        if (is_typed)
            fact.mark = Mark(engine() % 4);
        else if (engine() % 4 == 0)
            fact.mark = Mark::verified;
        if (fact.mark == Mark::hidden || engine() % 12 == 0)
            fact.value.clear();
        nodes.push_back(node(std::int64_t(nodes.size()) + 1, is_typed ? typed : said_by[engine() % std::size(said_by)],
            {std::move(fact)}));
    }
    return nodes;
}

FieldRule random_rule(std::mt19937_64& engine) {
    FieldRule rule{rules[engine() % std::size(rules)], {}, engine() % 2 == 0};
    if (rule.rule == Rule::sources)
        rule.sources = engine() % 2 ? std::vector{shop, app} : std::vector{crm, shop, app};
    return rule;
}

using Folded = std::function<std::vector<GoldenValue>(const std::vector<NodeFacts>&, const Policy&)>;

std::string words(const std::vector<GoldenValue>& golden) {
    std::string all = provenance_of(golden);
    for (const GoldenValue& value : golden)
        for (const Claimed& claim : value.conflict)
            all += fmt::format(" {}:{}", claim.source.value, claim.value);
    return all;
}

struct Lawfulness {
    int broken = 0, ties = 0, conflicts = 0, by_hand = 0, cases = 0;
};

Lawfulness examine(const Folded& folded) {
    std::mt19937_64 engine{11};
    Lawfulness seen;
    for (int i = 0; i < 6000; ++i) {
        auto nodes = random_nodes(engine);
        const Policy policy{{{name, random_rule(engine)}}};
        const auto golden = folded(nodes, policy);
        ++seen.cases;
        if (!golden.empty()) {
            const std::string& rule = golden.front().rule;
            seen.ties += rule == "most_frequent" || rule == "longest" || rule == "greater_text";
            seen.by_hand += rule == "manual" || rule == "hidden";
            seen.conflicts += !golden.front().conflict.empty();
        }
        std::ranges::shuffle(nodes, engine);
        seen.broken += words(folded(nodes, policy)) != words(golden);
    }
    return seen;
}

TEST(FoldLaw, TheOrderOfNodesDoesNotMatterWhateverTheRule) {
    const auto seen = examine([](const auto& nodes, const Policy& policy) { return fold(nodes, trust_of, policy); });
    EXPECT_EQ(seen.broken, 0);
    EXPECT_GE(seen.ties * 10, seen.cases) << "ties must occur";
    EXPECT_GE(seen.conflicts * 10, seen.cases);
    EXPECT_GE(seen.by_hand * 10, seen.cases);
}

TEST(FoldLaw, FindsARuleThatTakesWhatCameFirstAmongEquals) {
    const auto seen = examine([](const std::vector<NodeFacts>& nodes, const Policy& policy) {
        auto golden = fold(nodes, trust_of, policy);
        if (!golden.empty() && golden.front().rule == "greater_text")
            for (const auto& node : nodes)
                if (node.facts.front().value == golden.front().others.front().value ||
                    node.facts.front().value == golden.front().winner.value) {
                    golden.front().winner.value = node.facts.front().value;
                    break;
                }
        return golden;
    });
    EXPECT_GT(seen.broken, 10);
}

TEST(Policy, IsTheSameAfterItsWayThroughTheStore) {
    std::mt19937_64 engine{3};
    for (int i = 0; i < 100; ++i) {
        Policy policy;
        for (const FieldId field : {name, city, phone})
            if (FieldRule rule = random_rule(engine); rule != FieldRule{})
                policy.fields[field] = std::move(rule);
        EXPECT_EQ(policy_of(json_of(policy)), policy);
    }
}

} // namespace
} // namespace onefold::survivorship
