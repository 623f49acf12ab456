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

using StrongScope = std::pair<std::string_view, std::string_view>; // type, scope

// Groups that grow by joining, each knowing its strong identifiers.
class Groups {
  public:
    explicit Groups(const Component& component)
        : parents_(component.members.size()), members_(component.members.size()), strong_(component.members.size()) {
        std::iota(parents_.begin(), parents_.end(), 0);
        for (std::size_t i = 0; i < parents_.size(); ++i)
            members_[i] = {i};
    }
    std::size_t group_of(std::size_t member) {
        while (parents_[member] != member)
            member = parents_[member] = parents_[parents_[member]];
        return member;
    }
    void add_strong(std::size_t member, StrongScope scope, IdentifierId identifier) {
        strong_[member][scope].insert(identifier);
    }
    void separate(std::size_t a, std::size_t b) { separations_.emplace_back(a, b); }

    bool may_join(std::size_t a, std::size_t b, Strength by) {
        for (const auto& [x, y] : separations_) {
            const auto gx = group_of(x), gy = group_of(y);
            if ((gx == a && gy == b) || (gx == b && gy == a))
                return false;
        }
        if (by == Strength::strong)
            return true;
        for (const auto& [scope, left] : strong_[a]) {
            const auto right = strong_[b].find(scope);
            if (right == strong_[b].end())
                continue;
            if (std::ranges::none_of(left, [&](IdentifierId id) { return right->second.contains(id); }))
                return false;
        }
        return true;
    }
    void join(std::size_t a, std::size_t b) {
        if (members_[a].size() < members_[b].size())
            std::swap(a, b);
        parents_[b] = a;
        members_[a].insert(members_[a].end(), members_[b].begin(), members_[b].end());
        for (auto& [scope, identifiers] : strong_[b])
            strong_[a][scope].merge(identifiers);
    }
    const std::vector<std::size_t>& members(std::size_t group) const { return members_[group]; }

  private:
    std::vector<std::size_t> parents_;
    std::vector<std::vector<std::size_t>> members_;
    std::vector<std::map<StrongScope, std::set<IdentifierId>>> strong_;
    std::vector<std::pair<std::size_t, std::size_t>> separations_;
};

bool joins_kind(const IdentifierType& type, NodeKind kind) {
    if (type.joins == Joins::either)
        return true;
    return (type.joins == Joins::organisations) == (kind == NodeKind::organisation);
}

// Each claimant joins the earliest group of its kind that it may.
void join_by(const MemberIdentifier& identifier, const std::vector<Claimant>& claimants, const Component& component,
    Groups& groups, Partition& result) {
    for (std::size_t i = 1; i < claimants.size(); ++i) {
        const std::size_t newcomer = claimants[i].member;
        std::optional<std::size_t> refused_by;
        bool is_joined = false;
        for (std::size_t j = 0; j < i && !is_joined; ++j) {
            const std::size_t earlier = claimants[j].member;
            if (component.members[earlier].kind != component.members[newcomer].kind)
                continue;
            const auto a = groups.group_of(earlier), b = groups.group_of(newcomer);
            if (a == b) {
                is_joined = true;
            } else if (groups.may_join(a, b, identifier.type->strength)) {
                groups.join(a, b);
                result.joins.push_back(
                    {component.members[earlier].node, component.members[newcomer].node, identifier.id});
                is_joined = true;
            } else if (!refused_by) {
                refused_by = earlier;
            }
        }
        if (!is_joined && refused_by)
            result.refused.push_back(
                {component.members[*refused_by].node, component.members[newcomer].node, identifier.id});
    }
}

} // namespace

Partition resolve(const Component& component) {
    Groups groups(component);
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
            if (identifier.type->strength == Strength::strong)
                groups.add_strong(i, {identifier.type->code, identifier.scope}, identifier.id);
        }
    }
    for (const auto& [a, b] : component.separations) {
        const auto found_a = place.find(a), found_b = place.find(b);
        if (found_a != place.end() && found_b != place.end())
            groups.separate(found_a->second, found_b->second);
    }

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

    Partition result;
    for (const auto& entry : order) {
        const IdentifierId id = std::get<IdentifierId>(entry);
        join_by(*by_id.at(id), claimants.at(id), component, groups, result);
    }
    std::map<std::size_t, std::vector<NodeId>> parts;
    for (std::size_t i = 0; i < component.members.size(); ++i)
        parts[groups.group_of(i)].push_back(component.members[i].node);
    for (auto& [group, nodes] : parts) {
        std::ranges::sort(nodes);
        result.parts.push_back(std::move(nodes));
    }
    std::ranges::sort(result.parts);
    return result;
}

} // namespace onefold::identity
