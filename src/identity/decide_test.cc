#include "identity/identity_rig.h"

namespace onefold::identity {
namespace {

class Decide : public IdentityRig {};
ON_BOTH_DATABASES(Decide);

constexpr CustomerId first{1}, second{2}, third{3}, nobody{0};

TEST_P(Decide, AMergeJoinsWhatNothingElseJoinsAndTheOlderKeepsItsId) {
    tell([](World& world) {
        world.absorb({subject_of(shop, "a", {"member_no@shop:1"})});
        world.absorb({subject_of(shop, "b", {"member_no@shop:2"})});
        const auto decided = world.merge(second, first);
        ASSERT_TRUE(decided);
        EXPECT_EQ(world.customer("b"), first);
        EXPECT_EQ(world.ledger.into.at(second), first);
        EXPECT_EQ(decided->changed, (std::vector{first, second}));
        ASSERT_EQ(decided->parts.size(), 1u);
        EXPECT_EQ(decided->parts[0].nodes.size(), 2u);
        const auto lineage = world.identity->lineage(world.session, first);
        ASSERT_EQ(lineage->links.size(), 1u);
        EXPECT_EQ(lineage->links[0].rule, "manual");
        EXPECT_EQ(lineage->links[0].by, "user:1");
        EXPECT_EQ(lineage->links[0].rule_version, rule_version);
        EXPECT_EQ(lineage->links[0].decision, decided->id);
        // What comes next finds the one customer, out of memory and out of the store.
        EXPECT_EQ(world.owners_of({subject_of(shop, "b", {"member_no@shop:2"})}), (std::vector{first}));
        EXPECT_EQ(world.owners_of({subject_of(app, "c", {"member_no@shop:2"})}), (std::vector{first}));
    });
}

TEST_P(Decide, AMergeTakesAlongWhoWouldFallOutBecauseOfIt) {
    tell([](World& world) {
        world.absorb({subject_of(app, "crm", {"phone:13912345678"}, 1)});
        world.absorb({subject_of(shop, "x", {"member_no@shop:1", "phone:13912345678"}, 2)});
        world.absorb({subject_of(shop, "b", {"member_no@shop:2"}, 3)});
        ASSERT_TRUE(world.are_one("crm", "x"));
        ASSERT_TRUE(world.merge(first, world.customer("b")));
        EXPECT_TRUE(world.are_one("crm", "b"));
        EXPECT_TRUE(world.are_one("crm", "x")) << "two member numbers now meet; a phone alone would not hold x";
        EXPECT_EQ(world.ask("SELECT COUNT(*) FROM link WHERE by_hand = 1"), 2);
    });
}

TEST_P(Decide, AnUnmergeHoldsAgainstTheNextEventAReplayAndNewRecords) {
    tell([](World& world) {
        const std::vector told{subject_of(shop, "a", {"phone:13912345678", "email:a@example.cn"}, 1),
            subject_of(shop, "b", {"phone:13912345678", "email:b@example.cn"}, 2)};
        world.absorb(told);
        ASSERT_TRUE(world.are_one("a", "b"));
        const auto decided = world.unmerge(first, {world.node("b")});
        ASSERT_TRUE(decided);
        EXPECT_EQ(world.customer("a"), first);
        EXPECT_EQ(world.customer("b"), second);
        EXPECT_EQ(decided->parts.size(), 2u);
        world.absorb(told);
        EXPECT_FALSE(world.are_one("a", "b"));
        world.absorb({subject_of(app, "new", {"phone:13912345678", "email:b@example.cn"}, 3)});
        EXPECT_FALSE(world.are_one("a", "b"));
        world.absorb({subject_of(app, "strong", {"unionid:u"}, 0), subject_of(shop, "a", {"unionid:u"}, 0),
            subject_of(shop, "b", {"unionid:u"}, 0)});
        EXPECT_FALSE(world.are_one("a", "b"));
        EXPECT_EQ(world.ask("SELECT COUNT(*) FROM separation"), 1);
    });
}

TEST_P(Decide, UndoGivesBackWhatWasBefore) {
    tell([](World& world) {
        world.absorb(
            {subject_of(shop, "a", {"phone:13912345678"}, 1), subject_of(shop, "b", {"phone:13912345678"}, 2)});
        world.absorb({subject_of(shop, "c", {"member_no@shop:3"}, 3)});
        const auto apart = world.unmerge(first, {world.node("b")});
        ASSERT_TRUE(apart);
        EXPECT_EQ(world.customer("b"), third);
        const auto merged = world.merge(second, third);
        ASSERT_TRUE(merged);
        EXPECT_EQ(world.customer("b"), second);
        EXPECT_EQ(world.customer("c"), second);
        ASSERT_TRUE(world.undo(merged->id));
        EXPECT_EQ(world.customer("b"), third);
        EXPECT_EQ(world.ledger.into.at(third), nobody);
        ASSERT_TRUE(world.undo(apart->id));
        EXPECT_EQ(world.customer("b"), first);
        EXPECT_EQ(world.ledger.into.at(third), first);
        EXPECT_EQ(world.undo(apart->id).error().code, "identity.already_undone");
    });
}

TEST_P(Decide, WhatALaterDecisionEndedIsNotUndoneBehindItsBack) {
    tell([](World& world) {
        world.absorb({subject_of(shop, "a", {"user_id:1"}), subject_of(shop, "b", {"user_id:2"})});
        const auto merged = world.merge(first, second);
        const auto apart = world.unmerge(first, {world.node("b")});
        ASSERT_TRUE(merged && apart);
        EXPECT_EQ(world.customer("b"), second);
        EXPECT_EQ(world.undo(merged->id).error().code, "identity.overruled");
        ASSERT_TRUE(world.undo(apart->id));
        EXPECT_EQ(world.customer("b"), first) << "the merge stands again";
        ASSERT_TRUE(world.undo(merged->id));
        EXPECT_EQ(world.customer("b"), second);
    });
}

TEST_P(Decide, AMergeLiftsASeparationBetweenItsTwoSidesOnly) {
    tell([](World& world) {
        std::vector<Subject> people;
        for (const std::string key : {"a", "b", "c", "d"})
            people.push_back(subject_of(shop, key, {"phone:13912345678"}));
        world.absorb(people);
        ASSERT_TRUE(world.unmerge(first, {world.node("c"), world.node("d")}));
        ASSERT_TRUE(world.unmerge(first, {world.node("b")}));
        ASSERT_TRUE(world.unmerge(world.customer("c"), {world.node("d")}));
        ASSERT_EQ(
            (std::set{world.customer("a"), world.customer("b"), world.customer("c"), world.customer("d")}.size()), 4u);
        const auto merged = world.merge(world.customer("a"), world.customer("c"));
        ASSERT_TRUE(merged);
        EXPECT_TRUE(world.are_one("a", "c"));
        for (const auto& [x, y] : {std::pair("a", "b"), {"a", "d"}, {"b", "c"}, {"b", "d"}, {"c", "d"}})
            EXPECT_FALSE(world.are_one(x, y)) << x << y;
        ASSERT_TRUE(world.undo(merged->id));
        for (const auto& [x, y] : {std::pair("a", "b"), {"a", "c"}, {"a", "d"}, {"b", "c"}, {"b", "d"}, {"c", "d"}})
            EXPECT_FALSE(world.are_one(x, y)) << x << y;
    });
}

TEST_P(Decide, ChosenValuesStandWhileTheMergeDoes) {
    tell([](World& world) {
        const FieldId name{10};
        world.absorb({subject_of(shop, "a", {"user_id:1"}), subject_of(shop, "b", {"user_id:2"})});
        const auto typed = [&](CustomerId customer) {
            std::vector<std::string> values;
            const auto lists = world.identity->list_facts(world.session, {customer});
            for (const auto& node : lists->front())
                for (const Fact& fact : node.facts)
                    if (node.source == SourceId{1})
                        values.push_back(fact.value);
            return values;
        };
        const auto merged = world.merge(first, second, {{name, "Ann"}});
        ASSERT_TRUE(merged);
        EXPECT_EQ(typed(first), (std::vector<std::string>{"Ann"}));
        EXPECT_EQ(world.identity->lineage(world.session, first)->nodes.size(), 3u);
        const auto apart =
            world.unmerge(first, {world.node("a")}); // the anchor itself goes, or rather stays with its id
        ASSERT_TRUE(apart);
        EXPECT_EQ(world.customer("a"), first);
        EXPECT_EQ(world.customer("b"), second);
        EXPECT_TRUE(typed(first).empty());
        EXPECT_TRUE(typed(second).empty());
        EXPECT_EQ(world.identity->lineage(world.session, first)->nodes.size(), 1u);
        ASSERT_TRUE(world.undo(apart->id));
        EXPECT_EQ(typed(first), (std::vector<std::string>{"Ann"}));
        ASSERT_TRUE(world.undo(merged->id));
        EXPECT_TRUE(typed(first).empty());
        ASSERT_TRUE(world.merge(first, second, {{name, "Bob"}}));
        EXPECT_EQ(typed(first), (std::vector<std::string>{"Bob"}));
        EXPECT_EQ(world.ask("SELECT COUNT(*) FROM node"), 3) << "one node holds what people typed";
    });
}

TEST_P(Decide, RefusesWhatCannotBe) {
    tell([](World& world) {
        auto firm = subject_of(shop, "firm", {"web_domain:example.cn"});
        firm.kind = NodeKind::organisation;
        world.absorb({subject_of(shop, "a", {"user_id:1"})});
        world.absorb({firm});
        EXPECT_EQ(world.merge(first, second).error().code, "identity.kinds_differ");
        EXPECT_EQ(world.merge(first, first).error().code, "identity.already_one");
        EXPECT_EQ(world.unmerge(first, {world.node("a")}).error().code, "identity.nothing_left");
        EXPECT_EQ(world.unmerge(first, {}).error().code, "identity.nothing_left");
        EXPECT_EQ(world.unmerge(first, {world.node("firm")}).error().code, "identity.no_such_node");
        EXPECT_EQ(world.undo(DecisionId{99}).error().code, "identity.no_such_decision");
        std::vector<Subject> many;
        for (int i = 0; i < 999; ++i)
            many.push_back(subject_of(app, fmt::format("n{}", i), // a chain, of which no value is held by many
                {fmt::format("email:p{}@example.cn", i), fmt::format("email:p{}@example.cn", i + 1)}));
        world.absorb(many);
        ASSERT_TRUE(world.merge(first, world.customer("n0"))) << "1,000 records";
        world.absorb({subject_of(shop, "z", {"user_id:z"})});
        EXPECT_EQ(world.merge(first, world.customer("z")).error().code, "identity.too_wide");
    });
}

TEST_P(Decide, DecisionsAreListedWithWhoAndWhatTheyWrote) {
    tell([](World& world) {
        world.absorb({subject_of(shop, "a", {"user_id:1"}), subject_of(shop, "b", {"user_id:2"}),
            subject_of(shop, "c", {"user_id:3"})});
        const auto one = world.merge(first, second, {{FieldId{10}, "Ann"}});
        const auto two = world.unmerge(first, {world.node("b")});
        const auto list = [&](CustomerId customer) {
            return *world.identity->list_decisions(world.session, customer, {}, 10);
        };
        ASSERT_EQ(list(first).size(), 2u);
        EXPECT_EQ(list(second).size(), 2u);
        EXPECT_TRUE(list(third).empty());
        EXPECT_EQ(list(first)[0].id, two->id);
        EXPECT_EQ(list(first)[0].left, (std::vector{world.node("b")}));
        EXPECT_EQ(list(first)[0].right, (std::vector{world.node("a")}));
        EXPECT_TRUE(list(first)[0].edited.empty());
        EXPECT_TRUE(list(first)[1].is_overruled);
        EXPECT_EQ(list(first)[1].edited, (std::vector{FieldId{10}}));
        EXPECT_EQ(list(first)[1].by, "user:1");
        EXPECT_EQ(world.identity->list_decisions(world.session, first, two->id, 10)->size(), 1u);
    });
}

TEST_P(Decide, WhyIsTheShortestChainOfEvidence) {
    tell([](World& world) {
        world.absorb({subject_of(shop, "a", {"phone:13912345678", "email:a@example.cn"}, 1)});
        world.absorb({subject_of(shop, "b", {"phone:13912345678", "phone:13912345679"}, 2)});
        world.absorb({subject_of(shop, "c", {"phone:13912345679", "email:a@example.cn"}, 3)});
        world.absorb({subject_of(app, "d", {"user_id:4"}, 4)});
        ASSERT_TRUE(world.merge(first, world.customer("d")));
        const auto why = [&](const std::string& from, const std::string& to) {
            std::string text = from;
            const auto chain = world.identity->why(world.session, first, world.node(from), world.node(to));
            VERIFY(chain);
            for (const StoredLink& link : *chain)
                text += fmt::format(" {} {}", link.rule, link.node_b.value);
            return text;
        };
        EXPECT_EQ(why("a", "c"), fmt::format("a same_email {}", world.node("c").value));
        EXPECT_EQ(
            why("b", "d"), fmt::format("b same_phone {} manual {}", world.node("a").value, world.node("d").value));
        EXPECT_EQ(
            why("d", "b"), fmt::format("d manual {} same_phone {}", world.node("a").value, world.node("b").value));
        EXPECT_EQ(why("a", "a"), "a");
    });
}

TEST_P(Decide, OnlyTheTouchedComponentIsResolved) {
    tell([](World& world) {
        for (int i = 0; i < 20; ++i)
            world.absorb({subject_of(shop, fmt::format("a{}", i), {fmt::format("phone:139123456{:02}", i)}),
                subject_of(app, fmt::format("b{}", i), {fmt::format("phone:139123456{:02}", i)})});
        const auto took = [&](auto verb) {
            const auto before = world.identity->resolved_nodes();
            verb();
            return world.identity->resolved_nodes() - before;
        };
        EXPECT_EQ(took([&] { world.absorb({subject_of(shop, "a3", {"email:x@example.cn"})}); }), 2u);
        EXPECT_EQ(took([&] { VERIFY(world.merge(world.customer("a3"), world.customer("a4"))); }), 4u);
        EXPECT_EQ(took([&] { VERIFY(world.unmerge(world.customer("a3"), {world.node("b4")})); }), 4u);
    });
}

// A batch that was read before a decision may be remembered after it, by another thread.
TEST_P(Decide, WhatWasReadBeforeADecisionIsNotRememberedAfterIt) {
    tell([](World& world) {
        const auto b = subject_of(shop, "b", {"user_id:2"});
        world.absorb({subject_of(shop, "a", {"user_id:1"})});
        auto absorbed = world.identity->absorb(world.session, {b}, world.ledger);
        ASSERT_TRUE(absorbed);
        ASSERT_TRUE(world.merge(first, second));
        world.identity->remember(absorbed->learned);
        EXPECT_EQ(world.owners_of({b}), (std::vector{first}));
    });
}

} // namespace
} // namespace onefold::identity
