#include "identity/resolve.h"

#include <gtest/gtest.h>
#include <map>
#include <random>
#include <set>

namespace onefold::identity {
namespace {

using Parts = std::vector<std::vector<NodeId>>;

// A component written down by hand: `claims("a", {"phone:1"})`.
class Story {
  public:
    NodeId node(const std::string& name, NodeKind kind = NodeKind::person) {
        auto [place, is_new] = nodes_.try_emplace(name, NodeId{std::int64_t(nodes_.size()) + 1});
        if (is_new)
            component.members.push_back({place->second, kind, name, {}});
        return place->second;
    }
    // "type[@scope]:value"
    void claim(const std::string& name, const std::string& reference, std::int64_t first_at = 0) {
        const NodeId id = node(name);
        const auto parsed = parse_reference(reference);
        ASSERT_TRUE(parsed) << reference;
        auto [place, is_new] = identifiers_.try_emplace(reference, IdentifierId{std::int64_t(identifiers_.size()) + 1});
        if (is_new)
            component.identifiers.push_back(
                {place->second, parsed->type.type, parsed->type.scope.value_or(""), reference});
        const auto member = std::ranges::find(component.members, id, &Member::node);
        member->claims.push_back({place->second, first_at});
    }
    void close(const std::string& reference) {
        for (MemberIdentifier& identifier : component.identifiers)
            if (identifier.id == identifiers_.at(reference))
                identifier.is_open = false;
    }
    void separate(const std::vector<std::string>& left, const std::vector<std::string>& right) {
        Separation& separation = component.separations.emplace_back();
        for (const std::string& name : left)
            separation.sides[0].push_back(node(name));
        for (const std::string& name : right)
            separation.sides[1].push_back(node(name));
    }
    void link(const std::string& a, const std::string& b, std::int64_t at = 0) {
        component.links.push_back({node(a), node(b), at, std::int64_t(component.links.size())});
    }
    bool are_one(const std::string& a, const std::string& b) {
        for (const auto& part : resolve(component).parts) {
            const bool has_a = std::ranges::count(part, node(a)) > 0, has_b = std::ranges::count(part, node(b)) > 0;
            if (has_a || has_b)
                return has_a && has_b;
        }
        return false;
    }

    Component component;

  private:
    std::map<std::string, NodeId> nodes_;
    std::map<std::string, IdentifierId> identifiers_;
};

TEST(Resolve, OneStrongIdentifierMakesOneCustomer) {
    Story story;
    story.claim("shop", "unionid:u");
    story.claim("app", "unionid:u");
    story.claim("other", "unionid:v");
    EXPECT_TRUE(story.are_one("shop", "app"));
    EXPECT_FALSE(story.are_one("shop", "other"));
    EXPECT_EQ(resolve(story.component).joins.size(), 1u);
}

TEST(Resolve, PhoneAndEmailJoinInAChain) {
    Story story;
    story.claim("a", "phone:1");
    story.claim("b", "phone:1");
    story.claim("b", "email:x@y.cn");
    story.claim("c", "email:x@y.cn");
    EXPECT_TRUE(story.are_one("a", "c"));
}

TEST(Resolve, TwoMemberNumbersOfOneShopAreNeverJoinedByAPhone) {
    Story story;
    story.claim("a", "member_no@shop:1");
    story.claim("a", "phone:1");
    story.claim("b", "member_no@shop:2");
    story.claim("b", "phone:1");
    EXPECT_FALSE(story.are_one("a", "b"));
    const auto partition = resolve(story.component);
    ASSERT_EQ(partition.refused.size(), 1u);
    EXPECT_EQ(partition.refused[0].a, story.node("a"));
    EXPECT_EQ(partition.refused[0].b, story.node("b"));
}

TEST(Resolve, MemberNumbersOfTwoShopsAreJoinedByAPhone) {
    Story story;
    story.claim("a", "member_no@shop:1");
    story.claim("a", "phone:1");
    story.claim("b", "member_no@store:2");
    story.claim("b", "phone:1");
    EXPECT_TRUE(story.are_one("a", "b"));
}

TEST(Resolve, AConflictAlsoHoldsOverOthersInBetween) {
    Story story;
    story.claim("a", "member_no@shop:1", 1);
    story.claim("a", "phone:1", 1);
    story.claim("between", "phone:1", 2);
    story.claim("between", "email:x@y.cn", 2);
    story.claim("b", "email:x@y.cn", 3);
    story.claim("b", "member_no@shop:2", 3);
    EXPECT_FALSE(story.are_one("a", "b"));
    EXPECT_TRUE(story.are_one("a", "between")); // the phone was seen first
}

TEST(Resolve, AStrongIdentifierJoinsAcrossAConflict) {
    Story story;
    story.claim("a", "member_no@shop:1");
    story.claim("a", "unionid:u");
    story.claim("b", "member_no@shop:2");
    story.claim("b", "unionid:u");
    EXPECT_TRUE(story.are_one("a", "b"));
}

TEST(Resolve, ASeparationHoldsAgainstEveryIdentifier) {
    Story story;
    story.claim("a", "unionid:u");
    story.claim("b", "unionid:u");
    story.claim("c", "unionid:u");
    story.separate({"a"}, {"b"});
    EXPECT_FALSE(story.are_one("a", "b"));
    EXPECT_EQ(resolve(story.component).parts.size(), 2u);
}

TEST(Resolve, BlockedAndSharedIdentifiersJoinNobody) {
    Story story;
    story.claim("a", "phone:1");
    story.claim("b", "phone:1");
    story.close("phone:1");
    EXPECT_FALSE(story.are_one("a", "b"));
}

TEST(Resolve, ASharedBrowserBelongsToTheUserWithTheEarliestEvent) {
    for (const bool is_second_earlier : {false, true}) {
        Story story;
        story.claim("first", "user_id:1");
        story.claim("first", "anonymous_id:browser", 10);
        story.claim("second", "user_id:2");
        story.claim("second", "anonymous_id:browser", is_second_earlier ? 5 : 15);
        story.claim("visitor", "anonymous_id:browser", 7);
        EXPECT_FALSE(story.are_one("first", "second"));
        EXPECT_EQ(story.are_one("visitor", "first"), !is_second_earlier);
        EXPECT_EQ(story.are_one("visitor", "second"), is_second_earlier);
    }
}

TEST(Resolve, ATabletOfSeveralPeopleJoinsNoneOfThem) {
    Story story;
    story.claim("visitor", "device:tablet", 0);
    story.claim("ann", "device:tablet", 1);
    story.claim("ann", "phone:1");
    story.claim("bob", "device:tablet", 2);
    story.claim("bob", "phone:2");
    story.claim("cas", "device:tablet", 3);
    story.claim("cas", "email:c@y.cn");
    EXPECT_FALSE(story.are_one("ann", "bob"));
    EXPECT_FALSE(story.are_one("ann", "cas"));
    EXPECT_TRUE(story.are_one("visitor", "ann")) << "the first who is somebody";
    Story alone;
    alone.claim("form", "device:phone", 1);
    alone.claim("form", "email:a@y.cn");
    alone.claim("account", "device:phone", 2);
    alone.claim("account", "user_id:1");
    EXPECT_TRUE(alone.are_one("form", "account")) << "nothing speaks against it";
}

TEST(Resolve, AHandJoinsWhatNoIdentifierMay) {
    Story story;
    story.claim("a", "member_no@shop:1");
    story.claim("b", "member_no@shop:2");
    story.link("a", "b");
    EXPECT_TRUE(story.are_one("a", "b"));
    ASSERT_EQ(resolve(story.component).joins.size(), 1u);
    EXPECT_FALSE(resolve(story.component).joins[0].identifier);
    story.node("firm", NodeKind::organisation);
    story.link("a", "firm");
    EXPECT_FALSE(story.are_one("a", "firm"));
}

TEST(Resolve, ASeparationHoldsAgainstHandsOlderAndYounger) {
    Story story;
    story.link("a", "b", 1);
    story.link("b", "c", 2);
    story.separate({"a", "x"}, {"c", "y"});
    EXPECT_TRUE(story.are_one("a", "b")) << "said first";
    EXPECT_FALSE(story.are_one("b", "c"));
    EXPECT_EQ(resolve(story.component).refused.size(), 1u);
}

TEST(Resolve, ASeparationOfTwoSidesHoldsBetweenAllOfThemAgainstEvidenceThatComesFirst) {
    Story story;
    story.claim("a1", "phone:1", 5);
    story.claim("a2", "phone:1", 5);
    story.claim("b", "email:x@y.cn", 5);
    story.separate({"a1", "a2"}, {"b"});
    // Both are stronger and earlier than what holds a1 and a2 together.
    story.claim("a2", "unionid:u", 1);
    story.claim("new", "unionid:u", 1);
    story.claim("new", "unionid:v", 1);
    story.claim("b", "unionid:v", 1);
    EXPECT_TRUE(story.are_one("a1", "a2"));
    EXPECT_FALSE(story.are_one("a2", "b"));
    EXPECT_FALSE(story.are_one("a1", "b"));
}

TEST(Resolve, KindsNeverMix) {
    Story story;
    story.node("firm", NodeKind::organisation);
    for (const std::string reference : {"user_id:1", "phone:1", "email:x@y.cn", "web_domain:y.cn"}) {
        story.claim("person", reference);
        story.claim("firm", reference);
    }
    EXPECT_FALSE(story.are_one("person", "firm"));
}

TEST(Resolve, APersonsPhoneNeverJoinsOrganisationsAndADomainNeverPersons) {
    Story story;
    story.node("one", NodeKind::organisation);
    story.node("two", NodeKind::organisation);
    for (const std::string name : {"one", "two"})
        story.claim(name, "phone:1");
    for (const std::string name : {"ann", "bob"})
        story.claim(name, "web_domain:y.cn");
    EXPECT_FALSE(story.are_one("one", "two"));
    EXPECT_FALSE(story.are_one("ann", "bob"));
    for (const std::string name : {"one", "two"})
        story.claim(name, "web_domain:y.cn");
    EXPECT_TRUE(story.are_one("one", "two"));
}

TEST(Resolve, AMegaComponentOfAThousandNodesComesOutWhole) {
    Story story;
    for (int i = 0; i < 1000; ++i) {
        story.claim(fmt::format("n{}", i), fmt::format("phone:{}", i / 2));
        story.claim(fmt::format("n{}", i), fmt::format("email:{}@y.cn", (i + 1) / 2));
    }
    const auto partition = resolve(story.component);
    ASSERT_EQ(partition.parts.size(), 1u);
    EXPECT_EQ(partition.parts[0].size(), 1000u);
    EXPECT_EQ(partition.joins.size(), 999u);
}

// ---- laws, over random components ----

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

// Taking away all joins by weaker identifiers leaves pieces that only strong ones and hands hold together; within a part, two
// pieces never have different strong identifiers of one scope without sharing one.
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
