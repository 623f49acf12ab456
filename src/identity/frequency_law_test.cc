// Which values are shared is a law too: it follows from the claims, in whatever order and batches they came.
#include "identity/law_life.h"
#include "identity/value_store.h"

#include <ranges>

namespace onefold::identity {
namespace {

class FrequencyLaws : public IdentityRig {};
ON_BOTH_DATABASES(FrequencyLaws);

// Switchboards, families and accounts, so that frequency closes some and leaves others.
std::vector<Subject> frequent_history(Dice& dice, std::size_t size) {
    std::vector<Subject> history;
    while (history.size() < size) {
        std::vector<std::string> references{fmt::format("phone:139123{:05}", dice.below(dice.one_in(3) ? 12 : 2))};
        if (dice.one_in(2))
            references.push_back(fmt::format("user_id:u{}", dice.below(25)));
        if (dice.one_in(4))
            references.push_back(fmt::format("member_no@shop:{}", dice.below(25)));
        if (dice.one_in(3))
            references.push_back(fmt::format("email:p{}@example.cn", dice.below(20)));
        if (dice.one_in(6))
            references.push_back("device:tablet");
        history.push_back(subject_of(dice.one_in(2) ? shop : app, fmt::format("k{}", dice.below(size)), references,
            std::int64_t(1 + dice.below(60))));
    }
    return history;
}

std::map<std::string, std::string> states_by_value(World& world) {
    std::map<std::string, std::string> states;
    VERIFY(world.session.each(
        "SELECT type, scope, digest, state FROM identifier", {}, [&](const store::Row& row) -> Result<> {
            states[fmt::format("{}@{}:{}", row.text(0), row.text(1), row.blob(2))] = row.text(3);
            return {};
        }));
    return states;
}

// What hangs on where a batch ends: three of one phone at once close it.
void close_by_arrival(World& world, const std::vector<Subject>& batch) {
    if (batch.size() < 3)
        return;
    std::vector<NodeId> holders;
    const auto id = world.session.find_integer("SELECT identifier_id FROM claim GROUP BY identifier_id HAVING COUNT(*) "
                                               "> 3 ORDER BY identifier_id LIMIT 1");
    VERIFY(id);
    if (!*id)
        return;
    VERIFY(write_closed(world.session, {{IdentifierId{**id}, StateCause::frequency}}, world.say().at));
    holders = *list_holders(world.session, IdentifierId{**id}, 1000);
    const auto component = load_component(world.session, holders, 1000);
    VERIFY(component);
    VERIFY(write_partition(world.session, *component, resolve(component->graph), world.ledger, world.say().at));
    world.forget();
}

// Which values are shared follows from the claims, in whatever order and batches they came; so do the parts.
Violation frequency_law(World& world, Dice& dice, Fault fault, Cases& cases, int histories) {
    for (int i = 0; i < histories; ++i) {
        auto history = frequent_history(dice, 70);
        Parts expected;
        std::map<std::string, std::string> states;
        for (int order = 0; order < 4; ++order) {
            world.clear();
            std::ranges::shuffle(history, dice.engine);
            for (std::size_t at = 0; at < history.size();) {
                const auto size = std::min(order == 0 ? history.size() : 1 + dice.below(9), history.size() - at);
                const std::vector<Subject> batch(
                    history.begin() + std::ptrdiff_t(at), history.begin() + std::ptrdiff_t(at + size));
                world.absorb(batch);
                if (fault == Fault::frequency_by_arrival)
                    close_by_arrival(world, batch);
                at += size;
            }
            if (order == 0) {
                expected = parts_by_key(world);
                states = states_by_value(world);
                cases.add(std::ranges::any_of(states, [](const auto& one) { return one.second == "shared"; }));
            }
            if (states_by_value(world) != states)
                return fmt::format("history {}, order {}: other values are shared", i, order);
            if (parts_by_key(world) != expected)
                return fmt::format("history {}, order {}: other parts", i, order);
            if (const auto differs = differs_from_batch(world))
                return fmt::format("history {}, order {}: {}", i, order, *differs);
            std::vector<std::pair<IdentifierId, std::string>> stored;
            VERIFY(world.session.each("SELECT id, state FROM identifier", {}, [&](const store::Row& row) -> Result<> {
                stored.emplace_back(IdentifierId{row.integer(0)}, row.text(1));
                return {};
            }));
            for (const auto& [id, state] : stored)
                if (to_string(ruled_state(world.session, id)->state) != state)
                    return fmt::format(
                        "history {}, order {}: asked again, identifier {} is not {}", i, order, id.value, state);
        }
    }
    return std::nullopt;
}

TEST_P(FrequencyLaws, WhatIsSharedFollowsFromTheClaimsInAnyOrder) {
    const int histories = GetParam() == store::Dialect::sqlite ? 150 : 6;
    tell([&](World& world) {
        expect_law(world, "frequency", Fault::frequency_by_arrival, [&](World& world, Fault fault, Cases& cases) {
            Dice dice{std::mt19937_64{16}};
            return frequency_law(world, dice, fault, cases, histories);
        });
    });
}

} // namespace
} // namespace onefold::identity
