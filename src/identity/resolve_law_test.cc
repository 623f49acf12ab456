// The laws of resolving, over random components.
#include "identity/resolve.h"

#include <gtest/gtest.h>
#include <map>
#include <random>
#include <set>

namespace onefold::identity {
namespace {

using Parts = std::vector<std::vector<NodeId>>;

struct Dice {
    std::mt19937_64 engine;
    std::int64_t below(std::int64_t n) { return std::int64_t(engine() % std::uint64_t(n)); }
};

Component random_component(Dice& dice) {
    static constexpr std::string_view types[] = {
        "user_id", "member_no", "unionid", "phone", "email", "anonymous_id", "device", "credit_code", "web_domain"};
    Component component;
    const auto identifiers = 3 + dice.below(8), members = 2 + dice.below(12);
    for (std::int64_t i = 1; i <= identifiers; ++i) {
        const auto* type = find_identifier_type(types[std::size_t(dice.below(std::size(types)))]);
        component.identifiers.push_back(
            {IdentifierId{i}, type, type->is_scoped ? fmt::format("s{}", dice.below(2)) : "",
                fmt::format("d{:03}", 500 - i), dice.below(10) != 0});
    }
    for (std::int64_t i = 1; i <= members; ++i) {
        Member member{NodeId{i}, dice.below(6) == 0 ? NodeKind::organisation : NodeKind::person,
            fmt::format("key{}", 100 - i), {}};
        std::set<std::int64_t> claimed;
        for (auto n = 1 + dice.below(3); n > 0; --n)
            claimed.insert(1 + dice.below(identifiers));
        for (const auto id : claimed)
            member.claims.push_back({IdentifierId{id}, dice.below(5)});
        component.members.push_back(std::move(member));
    }
    for (auto n = dice.below(3); n > 0; --n) {
        const NodeId a{1 + dice.below(members)}, b{1 + dice.below(members)};
        if (a != b)
            component.separations.push_back({{{{a}, {b}}}});
    }
    for (auto n = dice.below(2); n > 0; --n) // one side against the rest, as an unmerge writes it
        if (Separation cut; members > 2) {
            for (std::int64_t i = 1; i <= members; ++i)
                cut.sides[std::size_t(dice.below(2))].push_back(NodeId{i});
            component.separations.push_back(std::move(cut));
        }
    for (auto n = dice.below(4); n > 0; --n)
        component.links.push_back({NodeId{1 + dice.below(members)}, NodeId{1 + dice.below(members)}, dice.below(3), n});
    return component;
}

Component shuffled(Component component, Dice& dice) {
    std::ranges::shuffle(component.members, dice.engine);
    std::ranges::shuffle(component.identifiers, dice.engine);
    std::ranges::shuffle(component.separations, dice.engine);
    for (Member& member : component.members)
        std::ranges::shuffle(member.claims, dice.engine);
    std::ranges::shuffle(component.links, dice.engine);
    for (Separation& separation : component.separations)
        if (dice.below(2) == 0)
            std::swap(separation.sides[0], separation.sides[1]);
    for (HandLink& link : component.links)
        if (dice.below(2) == 0)
            std::swap(link.a, link.b);
    return component;
}

// The same component as if its nodes and identifiers had arrived in another order: other ids, the same content.
struct Renumbered {
    Component component;
    std::map<NodeId, NodeId> old_of;
};
Renumbered renumbered(const Component& component, Dice& dice) {
    std::vector<std::int64_t> nodes, identifiers;
    for (std::size_t i = 0; i < component.members.size(); ++i)
        nodes.push_back(std::int64_t(i) + 1);
    for (std::size_t i = 0; i < component.identifiers.size(); ++i)
        identifiers.push_back(std::int64_t(i) + 1);
    std::ranges::shuffle(nodes, dice.engine);
    std::ranges::shuffle(identifiers, dice.engine);
    Renumbered result{shuffled(component, dice), {}};
    auto renumber = [&](NodeId& id) { id = NodeId{nodes[std::size_t(id.value) - 1]}; };
    for (Member& member : result.component.members) {
        const NodeId old = member.node;
        renumber(member.node);
        result.old_of[member.node] = old;
        for (MemberClaim& claim : member.claims)
            claim.identifier = IdentifierId{identifiers[std::size_t(claim.identifier.value) - 1]};
    }
    for (MemberIdentifier& identifier : result.component.identifiers)
        identifier.id = IdentifierId{identifiers[std::size_t(identifier.id.value) - 1]};
    for (Separation& separation : result.component.separations)
        for (auto& side : separation.sides)
            std::ranges::for_each(side, renumber);
    for (HandLink& link : result.component.links) {
        renumber(link.a);
        renumber(link.b);
    }
    return result;
}

Parts in_old_numbers(const Partition& partition, const std::map<NodeId, NodeId>& old_of) {
    Parts parts;
    for (const auto& part : partition.parts) {
        auto& old = parts.emplace_back();
        for (const NodeId node : part)
            old.push_back(old_of.at(node));
        std::ranges::sort(old);
    }
    std::ranges::sort(parts);
    return parts;
}

void expect_kinds_apart(const Component& component, const Partition& partition) {
    std::map<NodeId, NodeKind> kind_of;
    for (const Member& member : component.members)
        kind_of[member.node] = member.kind;
    for (const auto& part : partition.parts)
        for (const NodeId node : part)
            ASSERT_EQ(kind_of[node], kind_of[part.front()]);
}

void expect_separations_held(const Component& component, const Partition& partition) {
    for (const Separation& separation : component.separations)
        for (const auto& part : partition.parts) {
            const auto stands_on = [&](std::size_t side) {
                return std::ranges::any_of(
                    separation.sides[side], [&](NodeId node) { return std::ranges::count(part, node) > 0; });
            };
            ASSERT_FALSE(stands_on(0) && stands_on(1));
        }
}

// Taking away all joins by weaker identifiers leaves pieces that only strong ones and hands hold together; within a
// part, two pieces never have different strong identifiers of one scope without sharing one.
void expect_strong_apart(const Component& component, const Partition& partition) {
    std::map<IdentifierId, const MemberIdentifier*> by_id;
    for (const auto& identifier : component.identifiers)
        by_id[identifier.id] = &identifier;
    std::map<NodeId, NodeId> piece_of;
    for (const Member& member : component.members)
        piece_of[member.node] = member.node;
    for (const Join& join : partition.joins) {
        if (join.identifier && by_id.at(join.identifier)->type->strength != Strength::strong)
            continue;
        const NodeId from = piece_of.at(join.b), to = piece_of.at(join.a);
        for (auto& [node, piece] : piece_of)
            if (piece == from)
                piece = to;
    }
    using Scope = std::pair<std::string_view, std::string>;
    std::map<NodeId, std::map<Scope, std::set<IdentifierId>>> strong_of;
    for (const Member& member : component.members)
        for (const MemberClaim& claim : member.claims) {
            const auto* identifier = by_id.at(claim.identifier);
            const bool fits =
                identifier->type->joins == Joins::either ||
                (identifier->type->joins == Joins::organisations) == (member.kind == NodeKind::organisation);
            if (identifier->is_open && fits && identifier->type->strength == Strength::strong)
                strong_of[piece_of.at(member.node)][{identifier->type->code, identifier->scope}].insert(identifier->id);
        }
    for (const auto& part : partition.parts) {
        std::map<Scope, std::set<IdentifierId>> seen;
        std::set<NodeId> pieces;
        for (const NodeId node : part)
            pieces.insert(piece_of.at(node));
        for (const NodeId piece : pieces)
            for (const auto& [scope, ids] : strong_of[piece]) {
                auto& before = seen[scope];
                const bool shares = std::ranges::any_of(ids, [&](IdentifierId id) { return before.contains(id); });
                ASSERT_TRUE(before.empty() || shares)
                    << "two subjects of " << scope.first << " were joined by something weaker";
                before.insert(ids.begin(), ids.end());
            }
    }
}

TEST(ResolveLaws, OrderAndNumbersDoNotMatterAndWhatIsApartStaysApart) {
    Dice dice{std::mt19937_64{20260101}};
    int conflicts = 0;
    constexpr int cases = 4000;
    for (int i = 0; i < cases; ++i) {
        const Component component = random_component(dice);
        const Partition partition = resolve(component);
        conflicts += partition.refused.empty() ? 0 : 1;

        std::size_t nodes = 0;
        for (const auto& part : partition.parts)
            nodes += part.size();
        ASSERT_EQ(nodes, component.members.size());
        ASSERT_EQ(partition.joins.size(), nodes - partition.parts.size()) << "a forest";
        expect_kinds_apart(component, partition);
        expect_separations_held(component, partition);
        expect_strong_apart(component, partition);

        ASSERT_EQ(resolve(shuffled(component, dice)).parts, partition.parts) << "case " << i;
        const auto other = renumbered(component, dice);
        ASSERT_EQ(in_old_numbers(resolve(other.component), other.old_of), partition.parts) << "case " << i;
    }
    std::printf("%d of %d cases had a conflict\n", conflicts, cases);
    EXPECT_GE(conflicts, cases / 5);
}

} // namespace
} // namespace onefold::identity
