#include "identity/why.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace onefold::identity {
namespace {

// Walks outward from one node, level by level; what a level sees of a value no later one need look at.
class Search {
  public:
    Search(const Component& component, const std::vector<Join>& links) {
        for (const MemberIdentifier& identifier : component.identifiers)
            by_id_[identifier.id] = &identifier;
        for (const Member& member : component.members)
            for (const MemberClaim& claim : member.claims) {
                const auto found = by_id_.find(claim.identifier);
                if (found == by_id_.end() || !found->second->is_open ||
                    found->second->type->strength == Strength::weak || !joins_kind(*found->second->type, member.kind))
                    continue;
                held_[member.node].push_back(claim.identifier);
                holders_[claim.identifier].push_back(member.node);
            }
        for (const Join& link : links) {
            linked_[link.a].push_back(link);
            linked_[link.b].push_back({link.b, link.a, link.identifier});
        }
    }

    std::vector<Join> between(NodeId a, NodeId b) {
        std::vector<NodeId> level{a};
        came_by_[a] = {};
        while (!level.empty() && !came_by_.contains(b))
            level = next(level);
        std::vector<Join> chain;
        if (came_by_.contains(b))
            for (NodeId at = b; at != a; at = chain.back().a)
                chain.push_back(came_by_.at(at));
        std::ranges::reverse(chain);
        return chain;
    }

  private:
    std::vector<NodeId> next(const std::vector<NodeId>& level) {
        using Rank = std::tuple<int, std::string_view, std::string_view>;
        std::vector<std::pair<Rank, Join>> steps;
        const auto add = [&](const Join& step) {
            const auto found = by_id_.find(step.identifier);
            const auto* identifier = found == by_id_.end() ? nullptr : found->second;
            steps.push_back(
                {identifier ? Rank{1 + int(identifier->type->strength), identifier->type->code, identifier->digest}
                            : Rank{0, "", ""},
                    step});
        };
        for (const NodeId node : level) {
            for (const IdentifierId identifier : held_[node])
                if (seen_.insert(identifier).second)
                    for (const NodeId holder : holders_[identifier])
                        add({node, holder, identifier});
            for (const Join& link : linked_[node])
                add(link);
        }
        std::ranges::stable_sort(steps, {}, &std::pair<Rank, Join>::first);
        std::vector<NodeId> reached;
        for (const auto& [rank, step] : steps)
            if (came_by_.try_emplace(step.b, step).second)
                reached.push_back(step.b);
        return reached;
    }

    std::map<IdentifierId, const MemberIdentifier*> by_id_;
    std::map<NodeId, std::vector<IdentifierId>> held_;
    std::map<IdentifierId, std::vector<NodeId>> holders_;
    std::map<NodeId, std::vector<Join>> linked_;
    std::set<IdentifierId> seen_;
    std::map<NodeId, Join> came_by_;
};

} // namespace

std::vector<Join> shortest_chain(const Component& component, const std::vector<Join>& links, NodeId a, NodeId b) {
    return Search(component, links).between(a, b);
}

} // namespace onefold::identity
