#include "identity/resolve.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

namespace onefold::identity {
namespace {

// Which nodes hold an identifier, the first first.
struct Claimant {
    std::int64_t first_at;
    std::string_view content_key;
    std::size_t member;
    friend auto operator<=>(const Claimant&, const Claimant&) = default;
};

using TypeScope = std::pair<std::string_view, std::string_view>; // type, scope
using Held = std::map<TypeScope, std::set<IdentifierId>>;

bool contradict(const Held& left, const Held& right) {
    for (const auto& [scope, values] : left) {
        const auto others = right.find(scope);
        if (others != right.end() &&
            std::ranges::none_of(values, [&](IdentifierId id) { return others->second.contains(id); }))
            return true;
    }
    return false;
}

// Groups that grow by joining, each knowing its strong and joining identifiers and on which side of which separation
// it stands.
class Groups {
  public:
    explicit Groups(std::size_t count) : parents_(count), sizes_(count, 1), held_(count), sides_(count) {
        std::iota(parents_.begin(), parents_.end(), 0);
    }
    std::size_t group_of(std::size_t member) {
        while (parents_[member] != member)
            member = parents_[member] = parents_[parents_[member]];
        return member;
    }
    void add_held(std::size_t member, Strength strength, TypeScope scope, IdentifierId identifier) {
        held_[member][std::size_t(strength)][scope].insert(identifier);
    }
    void add_side(std::size_t member, std::size_t separation, int side) { sides_[member].emplace(separation, side); }

    bool are_separated(std::size_t a, std::size_t b) const {
        if (sides_[a].size() > sides_[b].size())
            std::swap(a, b);
        return std::ranges::any_of(sides_[a], [&](const auto& place) {
            const auto other = sides_[b].find(place.first);
            return other != sides_[b].end() && other->second != place.second;
        });
    }
    // Whether something stronger than `by` says that they are two.
    bool contradict(std::size_t a, std::size_t b, Strength by) const {
        for (std::size_t stronger = 0; stronger < std::size_t(by); ++stronger)
            if (identity::contradict(held_[a][stronger], held_[b][stronger]))
                return true;
        return false;
    }
    bool holds_stronger(std::size_t group) const { return !held_[group][0].empty() || !held_[group][1].empty(); }
    bool may_join(std::size_t a, std::size_t b, Strength by) const {
        return !are_separated(a, b) && !contradict(a, b, by);
    }
    void join(std::size_t a, std::size_t b) {
        if (sizes_[a] < sizes_[b])
            std::swap(a, b);
        parents_[b] = a;
        sizes_[a] += sizes_[b];
        for (std::size_t strength = 0; strength < held_[b].size(); ++strength)
            for (auto& [scope, identifiers] : held_[b][strength])
                held_[a][strength][scope].merge(identifiers);
        sides_[a].merge(sides_[b]);
    }

  private:
    std::vector<std::size_t> parents_, sizes_;
    std::vector<std::array<Held, 2>> held_; // strong, joining
    std::vector<std::map<std::size_t, int>> sides_;
};

// The resolution of one component on its way.
struct Work {
    const Component& component;
    Groups groups{component.members.size()};
    Partition result;

    NodeId node(std::size_t member) const { return component.members[member].node; }
    void join(std::size_t earlier, std::size_t newcomer, IdentifierId by) {
        groups.join(groups.group_of(earlier), groups.group_of(newcomer));
        result.joins.push_back({node(earlier), node(newcomer), by});
    }
};

// Each claimant joins the earliest group that it may.
void join_by(const MemberIdentifier& identifier, const std::vector<Claimant>& claimants, Work& work) {
    for (std::size_t i = 1; i < claimants.size(); ++i) {
        const std::size_t newcomer = claimants[i].member;
        std::optional<std::size_t> refused_by;
        bool is_joined = false;
        for (std::size_t j = 0; j < i && !is_joined; ++j) {
            const std::size_t earlier = claimants[j].member;
            const auto a = work.groups.group_of(earlier), b = work.groups.group_of(newcomer);
            if (a == b) {
                is_joined = true;
            } else if (work.groups.may_join(a, b, identifier.type->strength)) {
                work.join(earlier, newcomer, identifier.id);
                is_joined = true;
            } else if (!refused_by) {
                refused_by = earlier;
            }
        }
        if (!is_joined && refused_by)
            work.result.refused.push_back({work.node(*refused_by), work.node(newcomer), identifier.id});
    }
}

// Whether what holds a weak identifier (a tablet on a counter) is evidently several people's.
bool is_of_several(const std::vector<Claimant>& claimants, Groups& groups) {
    std::vector<std::size_t> identified;
    for (const Claimant& claimant : claimants) {
        const std::size_t group = groups.group_of(claimant.member);
        if (!groups.holds_stronger(group) || std::ranges::find(identified, group) != identified.end())
            continue;
        if (std::ranges::any_of(
                identified, [&](std::size_t other) { return groups.contradict(group, other, Strength::weak); }))
            return true;
        identified.push_back(group);
    }
    return false;
}

// Nobody who holds anything stronger is joined; the others belong to the first who does.
void attach_by(const MemberIdentifier& identifier, const std::vector<Claimant>& claimants, Work& work) {
    std::vector<Claimant> identified, others;
    for (const Claimant& claimant : claimants)
        (work.groups.holds_stronger(work.groups.group_of(claimant.member)) ? identified : others).push_back(claimant);
    for (std::size_t i = 1; i < identified.size(); ++i)
        if (work.groups.group_of(identified[i].member) != work.groups.group_of(identified[0].member))
            work.result.refused.push_back(
                {work.node(identified[0].member), work.node(identified[i].member), identifier.id});
    identified.resize(1);
    identified.insert(identified.end(), others.begin(), others.end());
    join_by(identifier, identified, work);
}

// Kinds never mix.
void join_kinds_by(const MemberIdentifier& identifier, const std::vector<Claimant>& claimants, Work& work) {
    std::map<NodeKind, std::vector<Claimant>> by_kind;
    for (const Claimant& claimant : claimants)
        by_kind[work.component.members[claimant.member].kind].push_back(claimant);
    for (const auto& [kind, alike] : by_kind) {
        const bool is_several = identifier.type->strength == Strength::weak && is_of_several(alike, work.groups);
        (is_several ? attach_by : join_by)(identifier, alike, work);
    }
}

void join_by_hand(const std::map<NodeId, std::size_t>& place, Work& work) {
    std::vector<HandLink> links = work.component.links;
    std::ranges::sort(links, {}, [](const HandLink& link) { return std::tie(link.at, link.number); });
    for (const HandLink& link : links) {
        const auto a = place.find(link.a), b = place.find(link.b);
        if (a == place.end() || b == place.end() ||
            work.component.members[a->second].kind != work.component.members[b->second].kind)
            continue;
        const auto left = work.groups.group_of(a->second), right = work.groups.group_of(b->second);
        if (left == right)
            continue;
        if (work.groups.are_separated(left, right))
            work.result.refused.push_back({link.a, link.b, IdentifierId{}});
        else
            work.join(a->second, b->second, IdentifierId{});
    }
}

} // namespace

bool joins_kind(const IdentifierType& type, NodeKind kind) {
    if (type.joins == Joins::either)
        return true;
    return (type.joins == Joins::organisations) == (kind == NodeKind::organisation);
}

Partition resolve(const Component& component) {
    Work work{component};
    Groups& groups = work.groups;
    std::map<IdentifierId, const MemberIdentifier*> by_id;
    for (const MemberIdentifier& identifier : component.identifiers)
        by_id[identifier.id] = &identifier;

    std::map<NodeId, std::size_t> place;
    std::map<IdentifierId, std::vector<Claimant>> claimants;
    for (std::size_t i = 0; i < component.members.size(); ++i) {
        const Member& member = component.members[i];
        place[member.node] = i;
        for (const MemberClaim& claim : member.claims) {
            const auto found = by_id.find(claim.identifier);
            if (found == by_id.end() || !found->second->is_open)
                continue;
            const MemberIdentifier& identifier = *found->second;
            if (!joins_kind(*identifier.type, member.kind))
                continue;
            claimants[claim.identifier].push_back({claim.first_at, member.content_key, i});
            if (identifier.type->strength != Strength::weak)
                groups.add_held(i, identifier.type->strength, {identifier.type->code, identifier.scope}, identifier.id);
        }
    }
    for (std::size_t i = 0; i < component.separations.size(); ++i)
        for (const int side : {0, 1})
            for (const NodeId node : component.separations[i].sides[std::size_t(side)])
                if (const auto found = place.find(node); found != place.end())
                    groups.add_side(found->second, i, side);
    join_by_hand(place, work);

    // By strength, then the one seen first, then content.
    std::vector<std::tuple<Strength, std::int64_t, std::string_view, std::string_view, std::string_view, IdentifierId>>
        order;
    for (auto& [id, list] : claimants) {
        std::ranges::sort(list);
        const MemberIdentifier& identifier = *by_id.at(id);
        order.emplace_back(identifier.type->strength, list.front().first_at, identifier.type->code, identifier.scope,
            identifier.digest, id);
    }
    std::ranges::sort(order);

    for (const auto& entry : order) {
        const IdentifierId id = std::get<IdentifierId>(entry);
        join_kinds_by(*by_id.at(id), claimants.at(id), work);
    }
    std::map<std::size_t, std::vector<NodeId>> parts;
    for (std::size_t i = 0; i < component.members.size(); ++i)
        parts[groups.group_of(i)].push_back(component.members[i].node);
    for (auto& [group, nodes] : parts) {
        std::ranges::sort(nodes);
        work.result.parts.push_back(std::move(nodes));
    }
    std::ranges::sort(work.result.parts);
    return std::move(work.result);
}

} // namespace onefold::identity
