// The laws of who is who, over random histories. Each prints how many of its cases met a conflict (what equal values
// would join and may not be), and each is shown to fail on a fault planted for it.
#include "identity/law_life.h"

#include <numeric>
#include <ranges>
#include <sstream>

namespace onefold::identity {
namespace {

class Laws : public IdentityRig {};
ON_BOTH_DATABASES(Laws);

// ---- the laws ----

// As files and messages come: in batches of any size.
void arrive(World& world, std::vector<Subject> history, std::size_t batch_max, Dice& dice, Fault fault) {
    world.clear();
    if (fault == Fault::by_arrival)
        for (std::size_t i = 0; i < history.size(); ++i)
            history[i].at = instant_of(std::int64_t(i + 1) * 1'000'000);
    for (std::size_t at = 0; at < history.size();) {
        const auto size = std::min(1 + dice.below(batch_max), history.size() - at);
        world.absorb({history.begin() + std::ptrdiff_t(at), history.begin() + std::ptrdiff_t(at + size)});
        at += size;
    }
}

// Whether anything was refused in what hangs together with these nodes.
bool has_conflict(World& world, const std::set<NodeId>& nodes) {
    Component graph = whole_graph(world);
    const auto near = reach(graph, nodes);
    std::erase_if(graph.members, [&](const Member& member) { return !near.contains(member.node); });
    return !resolve(graph).refused.empty();
}

// The lines of one picture that the other has not.
std::string difference(const std::string& before, const std::string& after) {
    const auto lines_of = [](const std::string& text) {
        std::multiset<std::string> lines;
        std::stringstream stream(text);
        for (std::string line; std::getline(stream, line);)
            lines.insert(line);
        return lines;
    };
    const auto a = lines_of(before), b = lines_of(after);
    std::string text;
    std::vector<std::string> gone, come;
    std::ranges::set_difference(a, b, std::back_inserter(gone));
    std::ranges::set_difference(b, a, std::back_inserter(come));
    for (const std::string& line : gone)
        text += "- " + line + '\n';
    for (const std::string& line : come)
        text += "+ " + line + '\n';
    return text;
}

std::vector<Subject> random_history(Dice& dice, std::size_t size, std::size_t keys, std::size_t width) {
    std::vector<Subject> history;
    while (history.size() < size)
        history.push_back(random_subject(dice, keys, width));
    return history;
}

Violation order_law(World& world, Dice& dice, Fault fault, Cases& cases, int small, int large) {
    for (int i = 0; i < small + large; ++i) {
        const bool is_small = i < small;
        auto history = is_small ? random_history(dice, 5, 5, 4) : random_history(dice, 120, 50, 16);
        arrive(world, history, history.size(), dice, fault);
        const Parts expected = parts_by_key(world);
        const auto nodes = world.owners() | std::views::keys;
        cases.add(has_conflict(world, {nodes.begin(), nodes.end()}));
        std::vector<std::size_t> places(history.size());
        std::iota(places.begin(), places.end(), 0);
        for (int order = 0; is_small ? std::ranges::next_permutation(places).found : order < 3; ++order) {
            if (!is_small)
                std::ranges::shuffle(places, dice.engine);
            std::vector<Subject> shuffled;
            for (const std::size_t place : places)
                shuffled.push_back(history[place]);
            arrive(world, shuffled, is_small ? 2 : 12, dice, fault);
            if (parts_by_key(world) != expected)
                return fmt::format("history {}, order {}", i, order);
        }
    }
    return std::nullopt;
}

// Each act resolves no more than what it touched; nobody else moves; at the end it is as if all had come at once.
Violation incremental_law(World& world, Dice& dice, Fault fault, Cases& cases, int lives, int acts) {
    for (int i = 0; i < lives; ++i) {
        world.clear();
        Life life(world, dice, fault);
        for (int act = 0; act < acts; ++act) {
            const bool is_watched = dice.one_in(50);
            const auto before = is_watched ? world.owners() : std::map<NodeId, CustomerId>{};
            const Component graph_before = is_watched ? whole_graph(world) : Component{};
            const auto resolved_before = world.identity->resolved_nodes();
            const auto* identity = world.identity.get();
            life.act();
            if (fault == Fault::not_resolved) // found where it strikes: nobody can decide anything about such a store
                if (const auto differs = differs_from_batch(world))
                    return fmt::format("life {}, act {}: {}", i, act, *differs);
            if (!is_watched)
                continue;
            std::set<NodeId> near = reach(graph_before, life.touched);
            near.merge(reach(whole_graph(world), life.touched));
            if (fault == Fault::a_stranger_moves && !near.empty())
                VERIFY(world.session.execute(
                    "UPDATE node SET customer_id = customer_id + 1 WHERE id > $1", {near.rbegin()->value}));
            for (const auto& [node, customer] : world.owners())
                if (!near.contains(node) && before.contains(node) && before.at(node) != customer)
                    return fmt::format("life {}, act {}: somebody untouched moved", i, act);
            cases.add(has_conflict(world, life.touched));
            if (world.identity.get() == identity && world.identity->resolved_nodes() - resolved_before > near.size())
                return fmt::format("life {}, act {}: {} nodes were resolved, {} touched", i, act,
                    world.identity->resolved_nodes() - resolved_before, near.size());
        }
        if (const auto differs = differs_from_batch(world))
            return fmt::format("life {}: {}", i, *differs);
    }
    return std::nullopt;
}

// Who is who, what is typed, and why: everything but the history. Of customers only those that were there at `known`.
std::string picture(World& world, std::size_t known) {
    std::string text;
    const auto add = [&](std::string_view sql, const store::Values& values = {}) {
        VERIFY(world.session.each(sql, values, [&](const store::Row& row) -> Result<> {
            for (int i = 0; i < row.columns(); ++i)
                text += fmt::format("{} ", row.text(i));
            text += '\n';
            return {};
        }));
    };
    add("SELECT CAST(id AS TEXT), CAST(customer_id AS TEXT), CASE WHEN anchor_of <= $1 THEN CAST(anchor_of AS TEXT) "
        "END, facts FROM node WHERE NOT (source_id = 1 AND facts = '{}') ORDER BY id",
        {std::int64_t(known)});
    add("SELECT CAST(node_a AS TEXT), CAST(node_b AS TEXT), CAST(identifier_id AS TEXT), rule FROM link WHERE ended_at "
        "IS NULL AND rule <> 'edits' ORDER BY node_a, node_b, identifier_id, rule");
    for (const auto& [customer, into] : world.ledger.into)
        if (customer.value <= std::int64_t(known))
            text += fmt::format("{} {}\n", customer.value, into.value);
    return text;
}

// After a random life, two customers are merged and parted again: as if nothing had been. A third whom the merge parted
// for a while leaves an id that says where its node went.
Violation unmerge_law(World& world, Dice& dice, Fault fault, Cases& cases, int lives, int merges) {
    for (int i = 0; i < lives; ++i) {
        world.clear();
        Life life(world, dice, Fault::none);
        for (int act = 0; act < 80; ++act)
            life.act();
        for (int merge = 0; merge < merges; ++merge) {
            const auto [a, b] = life.two_customers();
            const auto known = world.ledger.into.size();
            const std::string before = picture(world, known);
            const auto own = life.nodes_of(a), other = life.nodes_of(b);
            const auto merged = world.merge(a, b, {{FieldId{10}, "typed"}});
            if (!merged)
                continue;
            std::set<NodeId> both(own.begin(), own.end());
            both.insert(other.begin(), other.end());
            cases.add(has_conflict(world, both));
            if (picture(world, known) == before)
                return fmt::format("life {}: the merge did nothing", i);
            if (dice.one_in(2))
                VERIFY(world.undo(merged->id));
            else
                VERIFY(world.unmerge(world.owners().at(other.front()), other)); // with them perhaps an older third
            if (fault == Fault::edits_stay)
                VERIFY(world.session.execute(
                    "UPDATE node SET facts = '{\"10\":{\"v\":\"typed\",\"at\":1}}' WHERE source_id = 1"));
            if (const std::string after = picture(world, known); after != before)
                return fmt::format("life {}, merge {}:\n{}", i, merge, difference(before, after));
            if (const auto differs = differs_from_batch(world))
                return fmt::format("life {}, merge {}: {}", i, merge, *differs);
        }
    }
    return std::nullopt;
}

// Between a merge and its unmerge, and behind it, things go on: what came of one side stays on that side, and the log
// told again from its beginning parts nobody and joins nobody.
Violation replay_law(World& world, Dice& dice, Fault fault, Cases& cases, int lives) {
    for (int i = 0; i < lives; ++i) {
        world.clear();
        Life life(world, dice, Fault::none);
        for (int act = 0; act < 60; ++act)
            life.say(random_subject(dice, 30, 20));
        const auto owned = [](std::string key, const std::string& email, int at) {
            return subject_of(app, std::move(key), {fmt::format("email:{}@own.cn", email)}, at);
        };
        // Two who hold nothing else in common with anybody, or a value of each other's.
        std::vector<Subject> told{owned("left", "left", 1), owned("right", "right", 2)};
        if (dice.one_in(2))
            for (Subject& one : told)
                one.identifiers.push_back(subject_of(shop, "", {"phone:13800000001"}).identifiers.front());
        const auto tell = [&](const std::vector<Subject>& subjects) {
            for (const Subject& subject : subjects)
                life.say(subject);
        };
        tell(told);
        if (!world.are_one("left", "right"))
            VERIFY(world.merge(world.customer("left"), world.customer("right")));
        tell({owned("left2", "left", 3), owned("right2", "right", 4)});
        const auto apart = world.unmerge(world.customer("left"), {world.node("right"), world.node("right2")});
        VERIFY(apart);
        if (fault == Fault::no_separation)
            VERIFY(world.session.execute("UPDATE separation SET ended_at = 1"));
        tell({owned("left3", "left", 5), owned("right3", "right", 6)});
        cases.add(has_conflict(world, {world.node("left"), world.node("right")}));
        world.forget();
        std::vector<Subject> log = life.said;
        std::ranges::shuffle(log, dice.engine);
        tell(log);
        for (const std::string left : {"left", "left2", "left3"})
            for (const std::string right : {"right", "right2", "right3"})
                if (world.are_one(left, right) || !world.are_one("left", left) || !world.are_one("right", right))
                    return fmt::format("life {}: {} and {}", i, left, right);
        // Somebody new with the values of both is one of them at most.
        auto both = owned("both", "left", 9);
        both.identifiers.push_back(owned("", "right", 9).identifiers.front());
        life.say(both);
        if (world.are_one("left", "right"))
            return fmt::format("life {}: joined by somebody new", i);
    }
    return std::nullopt;
}

// Everybody types an own number, address or account into the same tablet; nobody is taken for another.
Violation tablet_law(World& world, Dice& dice, Fault fault, Cases& cases, int people, std::size_t batch) {
    world.clear();
    const std::string tablet = fault == Fault::no_strength ? "email:tablet@example.cn" : "device:tablet";
    std::vector<Subject> history;
    for (int i = 0; i < people; ++i)
        history.push_back(subject_of(shop, fmt::format("p{}", i),
            {tablet, i % 3 == 0   ? fmt::format("phone:139{:08}", 12345 + i)
                     : i % 3 == 1 ? fmt::format("email:p{}@example.cn", i)
                                  : fmt::format("user_id:p{}", i)},
            i + 1));
    std::ranges::shuffle(history, dice.engine);
    for (std::size_t at = 0; at < history.size(); at += batch) {
        world.absorb({history.begin() + std::ptrdiff_t(at),
            history.begin() + std::ptrdiff_t(std::min(at + batch, history.size()))});
        const auto nodes = world.ask("SELECT COUNT(*) FROM node");
        cases.add(nodes > 1);
        if (nodes > 3 && world.ask("SELECT COUNT(DISTINCT customer_id) FROM node") != nodes)
            return fmt::format("{} people", nodes);
    }
    return std::nullopt;
}

// ---- each holds, and each finds the fault that is planted for it ----

TEST_P(Laws, OrderOfArrivalDoesNotMatter) {
    const bool is_sqlite = GetParam() == store::Dialect::sqlite;
    tell([&](World& world) {
        expect_law(world, "order of arrival", Fault::by_arrival, [&](World& world, Fault fault, Cases& cases) {
            Dice dice{std::mt19937_64{11}};
            return order_law(world, dice, fault, cases, is_sqlite ? 25 : 2, is_sqlite ? 25 : 3);
        });
    });
}

// In all 100,000 acts: see lives × acts.
TEST_P(Laws, IncrementalEqualsOneBatchAndTouchesNobodyElse) {
    const bool is_sqlite = GetParam() == store::Dialect::sqlite;
    for (const Fault planted : {Fault::not_resolved, Fault::a_stranger_moves, Fault::too_much_resolved})
        tell([&](World& world) {
            Dice dice{std::mt19937_64{13}};
            Cases unreported;
            EXPECT_TRUE(incremental_law(world, dice, planted, unreported, 20, 250)) << int(planted);
        });
    tell([&](World& world) {
        Dice dice{std::mt19937_64{12}};
        Cases cases;
        const Violation violation = incremental_law(world, dice, Fault::none, cases, is_sqlite ? 1000 : 6, 100);
        EXPECT_FALSE(violation) << violation.value_or("");
        cases.report("incremental equals batch");
    });
}

TEST_P(Laws, UnmergeAfterMergeGivesBackBoth) {
    const int lives = GetParam() == store::Dialect::sqlite ? 60 : 5;
    tell([&](World& world) {
        expect_law(world, "unmerge after merge", Fault::edits_stay, [&](World& world, Fault fault, Cases& cases) {
            Dice dice{std::mt19937_64{13}};
            return unmerge_law(world, dice, fault, cases, lives, 5);
        });
    });
}

TEST_P(Laws, NeitherAReplayNorSomebodyNewUndoesAnUnmerge) {
    const int lives = GetParam() == store::Dialect::sqlite ? 80 : 5;
    tell([&](World& world) {
        expect_law(world, "replay after unmerge", Fault::no_separation, [&](World& world, Fault fault, Cases& cases) {
            Dice dice{std::mt19937_64{14}};
            return replay_law(world, dice, fault, cases, lives);
        });
    });
}

TEST_P(Laws, TenThousandPeopleOnOneTabletStayThemselves) {
    const int people = GetParam() == store::Dialect::sqlite ? 10'000 : 1'200;
    tell([&](World& world) {
        expect_law(world, "one tablet", Fault::no_strength, [&](World& world, Fault fault, Cases& cases) {
            Dice dice{std::mt19937_64{15}};
            return tablet_law(
                world, dice, fault, cases, fault == Fault::none ? people : 40, fault == Fault::none ? 250 : 10);
        });
    });
}

} // namespace
} // namespace onefold::identity
