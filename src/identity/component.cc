#include "identity/component.h"

#include "identity/candidate.h"
#include "identity/decision_store.h"
#include "identity/frequency.h"

#include <set>

namespace onefold::identity {
namespace {

// Breadth first: claims of the newest nodes, then the other claimants of their open identifiers and those whom people
// joined to them.
class Walk {
  public:
    Walk(store::Session& session, std::size_t nodes_max) : session_(session), nodes_max_(nodes_max) {}

    Result<> from(const std::vector<NodeId>& touched) {
        const bool has_links = TRY(has_hand_links(session_));
        std::set<NodeId> frontier(touched.begin(), touched.end());
        while (!frontier.empty()) {
            for (const NodeId node : frontier)
                claims_[node];
            const auto fresh = TRY(read_claims(frontier));
            std::set<NodeId> next = TRY(read_claimants(fresh));
            if (has_links)
                TRY(read_linked(frontier, next));
            frontier = std::move(next);
        }
        return {};
    }

    // All are judged by the claims as they are, whatever else closes.
    Result<> close_frequent() {
        std::vector<MemberIdentifier*> frequent;
        for (auto& [id, identifier] : identifiers_)
            if (identifier.is_open && is_frequent(identifier) && !TRY(is_opened_by_hand(session_, id)))
                frequent.push_back(&identifier);
        for (MemberIdentifier* identifier : frequent)
            close(*identifier, StateCause::frequency);
        return {};
    }

    // Identifiers whose group is too wide stop joining, the widest first, the weakest among equals.
    void make_narrow() {
        for (;;) {
            const std::set<NodeId> group = widest_group();
            if (group.size() <= nodes_max_)
                return;
            MemberIdentifier* widest = nullptr;
            for (auto& [id, identifier] : identifiers_) {
                if (!identifier.is_open || claimants_[id].size() < 2 || !group.contains(*claimants_[id].begin()))
                    continue;
                if (!widest || std::tuple(claimants_[id].size(), identifier.type->strength, identifier.digest) >
                                   std::tuple(claimants_[widest->id].size(), widest->type->strength, widest->digest))
                    widest = &identifier;
            }
            if (!widest)
                return;
            close(*widest, StateCause::too_wide);
        }
    }

    Result<LoadedComponent> loaded() {
        LoadedComponent component;
        std::vector<store::Values> keys;
        for (const auto& [node, claims] : claims_)
            keys.push_back({node.value});
        TRY(session_.each_many(
            "SELECT id, kind, source_id, subject_key, customer_id, anchor_of, first_at FROM node WHERE id = $1", keys,
            [&](std::size_t, const store::Row& row) -> Result<> {
                component.nodes[NodeId{row.integer(0)}] = {kind_named(row.text(1)),
                    fmt::format("{}\n{}", row.integer(2), row.text(3)), CustomerId{row.integer(4)},
                    CustomerId{row.integer(5)}, row.integer(6), row.text(3).starts_with(alias_prefix)};
                return {};
            }));
        for (const auto& [node, loaded] : component.nodes)
            component.graph.members.push_back({node, loaded.kind, loaded.content_key, claims_[node]});
        for (const auto& [id, identifier] : identifiers_)
            component.graph.identifiers.push_back(identifier);
        for (const auto& [number, link] : links_)
            component.graph.links.push_back(link);
        std::vector<NodeId> nodes;
        for (const auto& [node, loaded] : component.nodes)
            nodes.push_back(node);
        component.graph.separations = TRY(list_separations(session_, nodes));
        component.closed = closed_;
        return component;
    }

  private:
    void close(MemberIdentifier& identifier, StateCause cause) {
        identifier.is_open = false;
        closed_.emplace_back(identifier.id, cause);
    }

    bool is_frequent(const MemberIdentifier& identifier) const {
        const auto& holders = claimants_.at(identifier.id);
        Frequency frequency(*identifier.type);
        std::size_t claims = 0;
        for (const NodeId node : holders)
            claims += claims_.at(node).size();
        if (!frequency.may_be(holders.size(), claims))
            return false;
        for (const NodeId node : holders)
            for (const MemberClaim& claim : claims_.at(node)) {
                const MemberIdentifier& beside = identifiers_.at(claim.identifier);
                if (claim.identifier != identifier.id)
                    frequency.add_beside(*beside.type, beside.scope, claim.identifier);
            }
        return frequency.is_frequent(holders.size());
    }

    // The open ones of the identifiers that were not met before.
    Result<std::set<IdentifierId>> read_claims(const std::set<NodeId>& nodes) {
        std::vector<store::Values> keys;
        std::vector<NodeId> of;
        for (const NodeId node : nodes) {
            keys.push_back({node.value});
            of.push_back(node);
        }
        std::set<IdentifierId> unknown;
        TRY(session_.each_many("SELECT identifier_id, first_at FROM claim WHERE node_id = $1 ORDER BY identifier_id",
            keys, [&](std::size_t index, const store::Row& row) -> Result<> {
                const IdentifierId id{row.integer(0)};
                claims_[of[index]].push_back({id, row.integer(1)});
                claimants_[id].insert(of[index]);
                if (!identifiers_.contains(id))
                    unknown.insert(id);
                return {};
            }));
        return read_identifiers(unknown);
    }

    Result<std::set<IdentifierId>> read_identifiers(const std::set<IdentifierId>& unknown) {
        std::vector<store::Values> keys;
        std::vector<IdentifierId> of(unknown.begin(), unknown.end());
        for (const IdentifierId id : of)
            keys.push_back({id.value});
        std::set<IdentifierId> open;
        TRY(session_.each_many("SELECT type, scope, digest, state FROM identifier WHERE id = $1", keys,
            [&](std::size_t index, const store::Row& row) -> Result<> {
                const IdentifierType* type = find_identifier_type(row.text(0));
                VERIFY(type != nullptr);
                const bool is_open = row.text(3) == "open" && type->is_joining;
                identifiers_.emplace(of[index],
                    MemberIdentifier{of[index], type, std::string(row.text(1)), std::string(row.blob(2)), is_open});
                if (is_open)
                    open.insert(of[index]);
                return {};
            }));
        return open;
    }

    Result<std::set<NodeId>> read_claimants(const std::set<IdentifierId>& identifiers) {
        std::vector<store::Values> keys;
        for (const IdentifierId id : identifiers)
            keys.push_back({id.value});
        std::set<NodeId> frontier;
        TRY(session_.each_many("SELECT node_id FROM claim WHERE identifier_id = $1", keys,
            [&](std::size_t, const store::Row& row) -> Result<> {
                const NodeId node{row.integer(0)};
                if (!claims_.contains(node))
                    frontier.insert(node);
                return {};
            }));
        return frontier;
    }

    Result<> read_linked(const std::set<NodeId>& nodes, std::set<NodeId>& found) {
        for (const HandLink& link : TRY(list_hand_links(session_, {nodes.begin(), nodes.end()}))) {
            links_[link.number] = link;
            for (const NodeId node : {link.a, link.b})
                if (!claims_.contains(node))
                    found.insert(node);
        }
        return {};
    }

    // Nodes in the widest group that hangs together over open identifiers.
    std::set<NodeId> widest_group() {
        std::set<NodeId> seen, widest;
        for (const auto& [start, claims] : claims_) {
            if (!seen.insert(start).second)
                continue;
            std::vector<NodeId> queue{start};
            for (std::size_t at = 0; at < queue.size(); ++at)
                for (const MemberClaim& claim : claims_[queue[at]]) {
                    if (!identifiers_.at(claim.identifier).is_open)
                        continue;
                    for (const NodeId next : claimants_[claim.identifier])
                        if (seen.insert(next).second)
                            queue.push_back(next);
                }
            if (queue.size() > widest.size())
                widest = {queue.begin(), queue.end()};
        }
        return widest;
    }

    store::Session& session_;
    const std::size_t nodes_max_;
    std::map<NodeId, std::vector<MemberClaim>> claims_;
    std::map<IdentifierId, MemberIdentifier> identifiers_;
    std::map<IdentifierId, std::set<NodeId>> claimants_;
    std::map<std::int64_t, HandLink> links_;
    std::vector<std::pair<IdentifierId, StateCause>> closed_;
};

// The customer of a part: the oldest whose anchor is in it; 0 where one must be opened.
CustomerId customer_of(const std::vector<NodeId>& part, const LoadedComponent& component) {
    CustomerId oldest;
    for (const NodeId node : part) {
        const CustomerId anchored = component.nodes.at(node).anchor_of;
        if (anchored && (!oldest || anchored < oldest))
            oldest = anchored;
    }
    return oldest;
}

NodeId first_of(const std::vector<NodeId>& part, const LoadedComponent& component) {
    return *std::ranges::min_element(part, {}, [&](NodeId node) {
        const LoadedNode& loaded = component.nodes.at(node);
        return std::tie(loaded.first_at, loaded.content_key);
    });
}

Result<> write_links(
    store::Session& session, const LoadedComponent& component, const Partition& partition, Instant now) {
    using Edge = std::tuple<NodeId, NodeId, IdentifierId>;
    std::set<Edge> wanted;
    for (const Join& join : partition.joins)
        if (join.identifier)
            wanted.emplace(join.a, join.b, join.identifier);
    std::vector<store::Values> keys, ended, made;
    for (const auto& [node, loaded] : component.nodes)
        keys.push_back({node.value});
    TRY(session.each_many("SELECT id, node_a, node_b, identifier_id FROM link WHERE node_a = $1 AND ended_at IS NULL "
                          "AND identifier_id IS NOT NULL",
        keys, [&](std::size_t, const store::Row& row) -> Result<> {
            if (wanted.erase({NodeId{row.integer(1)}, NodeId{row.integer(2)}, IdentifierId{row.integer(3)}}) == 0)
                ended.push_back({micros_of(now), row.integer(0)});
            return {};
        }));
    std::map<IdentifierId, const MemberIdentifier*> by_id;
    for (const MemberIdentifier& identifier : component.graph.identifiers)
        by_id[identifier.id] = &identifier;
    const auto rule_of = [&](NodeId a, NodeId b, IdentifierId identifier) -> std::string {
        if (component.nodes.at(a).is_alias || component.nodes.at(b).is_alias)
            return "alias";
        return "same_" + std::string(by_id.at(identifier)->type->code);
    };
    for (const auto& [a, b, identifier] : wanted)
        made.push_back({a.value, b.value, identifier.value, rule_of(a, b, identifier), rule_version, std::string("{}"),
            std::string("system"), micros_of(now)});
    TRY(session.execute_many("UPDATE link SET ended_at = $1, ended_by = 'system' WHERE id = $2", ended));
    TRY(session.execute_many("INSERT INTO link (node_a, node_b, identifier_id, rule, rule_version, evidence, made_by, "
                             "at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        made));
    return {};
}

} // namespace

Result<LoadedComponent> load_component(
    store::Session& session, const std::vector<NodeId>& touched, std::size_t nodes_max) {
    Walk walk(session, nodes_max);
    TRY(walk.from(touched));
    TRY(walk.close_frequent());
    walk.make_narrow();
    auto component = TRY(walk.loaded());
    component.touched = touched;
    return component;
}

Result<Written> write_partition(store::Session& session, const LoadedComponent& component, const Partition& partition,
    CustomerBook& book, Instant now) {
    TRY(write_closed(session, component.closed, now));
    std::vector<CustomerId> customers;
    std::vector<std::size_t> homeless;
    std::vector<NodeKind> kinds;
    for (const auto& part : partition.parts) {
        customers.push_back(customer_of(part, component));
        if (customers.back())
            continue;
        homeless.push_back(customers.size() - 1);
        kinds.push_back(component.nodes.at(part.front()).kind);
    }
    const auto opened = TRY(book.open(session, kinds));
    std::map<NodeId, CustomerId> new_anchors;
    for (std::size_t i = 0; i < homeless.size(); ++i) {
        customers[homeless[i]] = opened[i];
        new_anchors[first_of(partition.parts[homeless[i]], component)] = opened[i];
    }
    std::set<CustomerId> changed, moved(opened.begin(), opened.end());

    std::vector<store::Values> moved_nodes, anchored_nodes;
    std::vector<CustomerBook::Move> moves;
    std::set<NodeId> touched(component.touched.begin(), component.touched.end());
    Written written;
    for (std::size_t i = 0; i < partition.parts.size(); ++i) {
        for (const NodeId node : partition.parts[i]) {
            written.placed.emplace_back(node, customers[i]);
            const LoadedNode& before = component.nodes.at(node);
            if (before.customer == customers[i])
                continue;
            if (const auto anchored = new_anchors.find(node); anchored != new_anchors.end())
                anchored_nodes.push_back({anchored->second.value, node.value});
            else
                moved_nodes.push_back({customers[i].value, node.value});
            changed.insert(customers[i]);
            touched.insert(node);
            if (before.customer)
                moved.insert({before.customer, customers[i]});
            if (before.anchor_of)
                moves.push_back({before.anchor_of, before.anchor_of == customers[i] ? CustomerId{} : customers[i]});
        }
    }
    TRY(session.execute_many("UPDATE node SET customer_id = $1 WHERE id = $2", moved_nodes));
    TRY(session.execute_many("UPDATE node SET customer_id = $1, anchor_of = $1 WHERE id = $2", anchored_nodes));
    TRY(book.move(session, moves));
    TRY(write_links(session, component, partition, now));
    changed.insert(moved.begin(), moved.end());
    written.changed.assign(changed.begin(), changed.end());
    std::ranges::set_difference(changed, moved, std::back_inserter(written.grown));
    std::vector<IdentifierId> closed;
    for (const auto& [identifier, cause] : component.closed)
        closed.push_back(identifier);
    TRY(note_touched(session, {touched.begin(), touched.end()}, closed, written.changed));
    return written;
}

} // namespace onefold::identity
