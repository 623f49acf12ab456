// The law of the queue: a pair is in it exactly if a walk over all pairs of customers finds a reason. Over random lives
// of a store, and shown to fail where what changed is forgotten.
#include "identity/law_life.h"
#include "review/look.h"
#include "review/review.h"

namespace onefold::review {
namespace {

using namespace identity;

class QueueLaw : public IdentityRig {
  protected:
    void SetUp() override {
        IdentityRig::SetUp();
        database_.reset(); // one at a time
        database_ = open({identity::schema(), review::schema()});
    }
};
ON_BOTH_DATABASES(QueueLaw);

using Reasons = std::map<Ends, std::set<std::pair<IdentifierId, Doubt>>>;

void bring_up(World& world) {
    for (;;) {
        const auto found = look(world.session);
        VERIFY(found);
        if (found->is_idle())
            return;
        VERIFY(take_up(world.session, *found, world.say().at));
    }
}

// Each pair of customers of one kind, and each value that both hold; without any index.
Reasons all_reasons(World& world) {
    const Component graph = whole_graph(world);
    const auto owners = world.owners();
    std::map<IdentifierId, std::pair<std::string, std::string>> states; // state, cause
    VERIFY(world.session.each("SELECT i.id, i.state, s.cause FROM identifier i LEFT JOIN identifier_state s ON "
                              "s.identifier_id = i.id AND s.ended_at IS NULL",
        {}, [&](const store::Row& row) -> Result<> {
            states[IdentifierId{row.integer(0)}] = {std::string(row.text(1)), std::string(row.text(2))};
            return {};
        }));
    std::map<IdentifierId, const IdentifierType*> types;
    for (const MemberIdentifier& identifier : graph.identifiers)
        types[identifier.id] = identifier.type;
    std::map<CustomerId, NodeKind> kinds;
    std::map<CustomerId, std::set<IdentifierId>> held;
    for (const Member& member : graph.members) {
        const CustomerId customer = owners.at(member.node);
        kinds[customer] = member.kind;
        for (const MemberClaim& claim : member.claims)
            held[customer].insert(claim.identifier);
    }
    const auto are_apart = [&](CustomerId a, CustomerId b) {
        return std::ranges::any_of(graph.separations, [&](const Separation& separation) {
            const auto stands = [&](std::size_t side, CustomerId customer) {
                return std::ranges::any_of(
                    separation.sides[side], [&](NodeId node) { return owners.at(node) == customer; });
            };
            return (stands(0, a) && stands(1, b)) || (stands(1, a) && stands(0, b));
        });
    };
    Reasons reasons;
    for (const auto& [low, low_kind] : kinds)
        for (const auto& [high, high_kind] : kinds) {
            if (!(low < high) || low_kind != high_kind || are_apart(low, high))
                continue;
            for (const IdentifierId identifier : held[low]) {
                if (!held[high].contains(identifier))
                    continue;
                const auto& [state, cause] = states.at(identifier);
                const IdentifierType& type = *types.at(identifier);
                std::optional<Doubt> doubt;
                if (state == "shared" && cause != "hand")
                    doubt = Doubt::shared;
                else if (state == "open" && (!type.is_joining || !joins_kind(type, low_kind)))
                    doubt = Doubt::limited;
                else if (state == "open")
                    doubt = type.strength == Strength::weak ? Doubt::weak : Doubt::conflict;
                const auto sharers = std::ranges::count_if(kinds,
                    [&](const auto& one) { return one.second == low_kind && held[one.first].contains(identifier); });
                if (doubt && sharers <= (*doubt == Doubt::conflict ? 10 : 5))
                    reasons[{low, high}].emplace(identifier, *doubt);
            }
        }
    return reasons;
}

Reasons queued(World& world) {
    Reasons reasons;
    for (const State state : {State::open, State::later}) {
        std::int64_t weight = INT64_MAX;
        for (PairId after;;) { // by pages, as people read it
            const auto pairs = list_pairs(world.session, state, weight, after, 7);
            VERIFY(pairs);
            if (pairs->empty())
                break;
            for (const Pair& pair : *pairs) {
                auto& of = reasons[{pair.low, pair.high}];
                const auto evidence = list_evidence(world.session, Ends{pair.low, pair.high});
                VERIFY(evidence);
                of.insert(evidence->begin(), evidence->end());
                if (pair.evidence != weigh(*evidence).evidence)
                    of.clear(); // what the row says of it is stale
            }
            weight = pairs->back().weight;
            after = pairs->back().id;
        }
    }
    return reasons;
}

// What nobody but a review's people do: keep apart, and speak of values.
void act_of_people(World& world, Dice& dice) {
    const auto reasons = queued(world);
    if (!reasons.empty() && dice.one_in(2)) {
        const auto pair = std::next(reasons.begin(), std::ptrdiff_t(dice.below(reasons.size())))->first;
        if (!*may_be_one(world.session, pair.first, pair.second))
            return; // the queue is behind
        VERIFY(dice.one_in(2) ? world.keep_apart(pair.first, pair.second) : world.merge(pair.first, pair.second));
        return;
    }
    const auto identifier =
        world.ask("SELECT id FROM identifier ORDER BY id LIMIT 1 OFFSET $1", {std::int64_t(dice.below(40))});
    if (identifier == 0)
        return;
    const std::array<std::optional<ValueState>, 4> wishes{
        std::nullopt, ValueState::open, ValueState::blocked, ValueState::shared};
    const auto decided = world.identity->decide_value(
        world.session, IdentifierId{identifier}, wishes[dice.below(4)], world.say(), world.ledger);
    VERIFY(decided || decided.error().kind == ErrorKind::conflict);
}

// A phone on the wall and a tablet on the counter: many hold them, each with a number of their own.
void crowd(World& world, Dice& dice, int count) {
    std::vector<Subject> subjects;
    for (int i = 0; i < count; ++i) {
        subjects.push_back(subject_of(shop, fmt::format("crowd{}", dice.below(100)),
            {fmt::format("member_no@shop:c{}", dice.below(40)),
                dice.one_in(2) ? "phone:13911110000" : "device:counter"},
            std::int64_t(1 + dice.below(60))));
    }
    world.absorb(subjects);
}

// Two customers of many records each, with one phone: so many hold it that it is shared, and so few are they.
void duplicates(World& world, Dice& dice) {
    std::vector<Subject> subjects;
    for (int i = 0; i < 24; ++i)
        subjects.push_back(subject_of(app, fmt::format("double{}", i),
            {fmt::format("member_no@mall:d{}", i % 2), fmt::format("phone:1391111{:04}", 1000 + dice.below(3) / 2)},
            std::int64_t(1 + dice.below(60))));
    world.absorb(subjects);
}

struct Hits {
    std::size_t cases = 0, with_pairs = 0, pairs = 0;
    std::map<Doubt, std::size_t> doubts;
};

enum class Forgetting { never, now_and_then };

Violation queue_law(World& world, Forgetting forgetting, int lives, int acts, Hits& hits) {
    for (int life_number = 0; life_number < lives; ++life_number) {
        Dice dice{std::mt19937_64(SameEachTime::seed() * 1000 + std::uint64_t(life_number))};
        world.clear();
        for (const std::string table : {"review_evidence", "review_pair"})
            VERIFY(world.session.execute("DELETE FROM " + table));
        VERIFY(world.session.execute("UPDATE review_scan SET position = 0, is_done = 0"));
        Life life(world, dice, Fault::none);
        for (int act = 0; act < acts; ++act) {
            if (act == acts / 2)
                crowd(world, dice, int(4 + dice.below(20)));
            if (act == acts / 3)
                duplicates(world, dice);
            dice.one_in(5) ? act_of_people(world, dice) : life.act();
            if (forgetting == Forgetting::now_and_then && dice.one_in(10))
                VERIFY(world.session.execute("DELETE FROM identity_touched"));
            if (dice.one_in(3)) // what comes meanwhile adds up
                continue;
            bring_up(world);
            const Reasons expected = all_reasons(world), found = queued(world);
            ++hits.cases;
            hits.with_pairs += expected.empty() ? 0 : 1;
            hits.pairs += expected.size();
            for (const auto& [pair, reasons] : expected)
                for (const auto& [identifier, doubt] : reasons)
                    ++hits.doubts[doubt];
            if (found != expected)
                return fmt::format("life {}, act {}: {} pairs in the queue, {} found by the walk", life_number, act,
                    found.size(), expected.size());
        }
    }
    return std::nullopt;
}

TEST_P(QueueLaw, APairIsInTheQueueExactlyIfAWalkOverAllPairsFindsIt) {
    const char* told = std::getenv("ONEFOLD_LIVES");
    tell([&](World& world) {
        Hits hits, unreported;
        const auto violation = queue_law(world, Forgetting::never, told ? std::atoi(told) : 12, 60, hits);
        EXPECT_FALSE(violation) << violation.value_or("");
        std::printf("queue: %zu of %zu looks met pairs, %zu pairs in all; reasons: %zu conflict, %zu limited, %zu "
                    "shared, %zu weak\n",
            hits.with_pairs, hits.cases, hits.pairs, hits.doubts[Doubt::conflict], hits.doubts[Doubt::limited],
            hits.doubts[Doubt::shared], hits.doubts[Doubt::weak]);
        EXPECT_GE(hits.with_pairs * 5, hits.cases);
        for (const Doubt doubt : {Doubt::conflict, Doubt::limited, Doubt::shared, Doubt::weak})
            EXPECT_GT(hits.doubts[doubt], 0u) << to_string(doubt);
        EXPECT_TRUE(queue_law(world, Forgetting::now_and_then, 12, 60, unreported)) << "the planted fault is not found";
    });
}

TEST_P(QueueLaw, AStoreThatWasThereBeforeIsLookedAtWhole) {
    tell([&](World& world) {
        Dice dice{std::mt19937_64(SameEachTime::seed())};
        Life life(world, dice, Fault::none);
        for (int act = 0; act < 150; ++act)
            life.act();
        VERIFY(world.session.execute("DELETE FROM identity_touched"));
        bring_up(world);
        EXPECT_FALSE(all_reasons(world).empty());
        EXPECT_TRUE(queued(world) == all_reasons(world));
    });
}

TEST_P(QueueLaw, ASwitchboardDoesNotFloodTheQueue) {
    tell([&](World& world) {
        std::vector<Subject> subjects;
        for (int i = 0; i < 40; ++i)
            subjects.push_back(subject_of(shop, fmt::format("k{}", i),
                {fmt::format("member_no@shop:{}", i), "phone:02161234567", "device:tablet"}));
        world.absorb(subjects);
        bring_up(world);
        EXPECT_TRUE(queued(world).empty());
    });
}

TEST_P(QueueLaw, AFamilyOfFourThatSharesAPhoneIsSixPairs) {
    tell([&](World& world) {
        std::vector<Subject> subjects;
        for (int i = 0; i < 4; ++i)
            subjects.push_back(subject_of(
                shop, fmt::format("k{}", i), {fmt::format("member_no@shop:{}", 10 + i), "phone:13912345678"}));
        world.absorb(subjects);
        bring_up(world);
        EXPECT_EQ(queued(world).size(), 6u);
        ASSERT_TRUE(world.keep_apart(world.customer("k0"), world.customer("k1")));
        bring_up(world);
        EXPECT_EQ(queued(world).size(), 5u);
    });
}

} // namespace
} // namespace onefold::review
