// What a customer is made of, why, and who decided what about it.
#include "identity/component.h"
#include "identity/decision_store.h"
#include "identity/edits.h"
#include "identity/facts.h"
#include "identity/identity.h"
#include "identity/why.h"
#include "source/source.h"

#include <set>

namespace onefold::identity {
namespace {

constexpr std::string_view link_columns = "l.node_a, l.node_b, l.rule, l.at, l.rule_version, l.made_by, "
                                          "l.decision_id, i.type, i.scope, i.sealed_value, i.state, l.identifier_id";

std::vector<store::Values> keys_of(const auto& nodes, auto id_of) {
    std::vector<store::Values> keys;
    for (const auto& node : nodes)
        keys.push_back({id_of(node).value});
    return keys;
}

StoredLink link_of(const store::Row& row) {
    return {NodeId{row.integer(0)}, NodeId{row.integer(1)}, std::string(row.text(2)), std::nullopt,
        instant_of(row.integer(3)), row.integer(4), std::string(row.text(5)), DecisionId{row.integer(6)}};
}

} // namespace

Result<Lineage> Identity::lineage(store::Session& session, CustomerId customer) const {
    Lineage lineage;
    lineage.nodes = TRY(session.list(
        "SELECT id, source_id, kind, subject_key, first_at, facts FROM node WHERE customer_id = $1 ORDER BY id",
        {customer.value}, [](const store::Row& row) {
            return StoredNode{NodeId{row.integer(0)}, SourceId{row.integer(1)}, kind_named(row.text(2)),
                std::string(row.text(3)), instant_of(row.integer(4)), facts_of(row.text(5)), {}};
        }));
    std::erase_if(lineage.nodes, [](const StoredNode& node) { // nothing is typed there any more
        return node.source == source::manual && node.facts.empty();
    });
    const auto keys = keys_of(lineage.nodes, [](const StoredNode& node) { return node.id; });
    std::set<NodeId> shown;
    for (const StoredNode& node : lineage.nodes)
        shown.insert(node.id);
    TRY(session.each_many("SELECT i.type, i.scope, i.sealed_value, i.state FROM claim c JOIN identifier i ON i.id = "
                          "c.identifier_id WHERE c.node_id = $1 ORDER BY i.type, i.scope, i.id",
        keys, [&](std::size_t index, const store::Row& row) -> Result<> {
            lineage.nodes[index].identifiers.push_back(TRY(opened(row, 0)));
            return {};
        }));
    static const std::string sql = fmt::format("SELECT {} FROM link l LEFT JOIN identifier i ON i.id = l.identifier_id "
                                               "WHERE l.node_a = $1 AND l.ended_at IS NULL ORDER BY l.id",
        link_columns);
    TRY(session.each_many(sql, keys, [&](std::size_t, const store::Row& row) -> Result<> {
        StoredLink link = link_of(row);
        if (!shown.contains(link.node_b)) // said by hand, and a separation stands against it
            return {};
        if (!row.is_null(7))
            link.identifier = TRY(opened(row, 7));
        lineage.links.push_back(std::move(link));
        return {};
    }));
    return lineage;
}

// ---- decisions ----

namespace {

// Decisions whose links and separations name a node of the customer.
constexpr std::string_view decisions_of_customer =
    "SELECT d.id, d.kind, d.customer_id, d.other_id, d.edits, d.reason, d.made_by, d.at, d.undone_by, d.undone_at "
    "FROM identity_decision d WHERE d.id < $2 AND d.id IN ("
    "SELECT l.decision_id FROM node n JOIN link l ON l.node_a = n.id WHERE n.customer_id = $1 AND l.decision_id IS NOT "
    "NULL UNION "
    "SELECT l.decision_id FROM node n JOIN link l ON l.node_b = n.id WHERE n.customer_id = $1 AND l.decision_id IS NOT "
    "NULL UNION "
    "SELECT s.decision_id FROM node n JOIN separation s ON s.node_a = n.id WHERE n.customer_id = $1 AND s.decision_id "
    "IS NOT NULL UNION "
    "SELECT s.decision_id FROM node n JOIN separation s ON s.node_b = n.id WHERE n.customer_id = $1 AND s.decision_id "
    "IS NOT NULL UNION "
    "SELECT s.decision_id FROM node n JOIN separation_node m ON m.node_id = n.id JOIN separation s ON s.id = "
    "m.separation_id WHERE n.customer_id = $1 AND s.decision_id IS NOT NULL) ORDER BY d.id DESC LIMIT $3";

StoredDecision decision_of(const store::Row& row) {
    StoredDecision decision;
    decision.id = DecisionId{row.integer(0)};
    decision.kind = decision_kind_named(row.text(1));
    decision.customer = CustomerId{row.integer(2)};
    decision.other = CustomerId{row.integer(3)};
    for (const WrittenEdit& edit : edits_of(row.text(4)))
        if (edit.after && decision.kind == DecisionKind::merge)
            decision.edited.push_back(edit.field);
    decision.reason = row.text(5);
    decision.by = row.text(6);
    decision.at = instant_of(row.integer(7));
    decision.undone_by = row.text(8);
    if (!row.is_null(9))
        decision.undone_at = instant_of(row.integer(9));
    return decision;
}

Result<> read_what_it_wrote(store::Session& session, StoredDecision& decision) {
    if (decision.kind == DecisionKind::merge)
        return session.each("SELECT node_a, node_b FROM link WHERE decision_id = $1 ORDER BY id", {decision.id.value},
            [&](const store::Row& row) -> Result<> {
                decision.links.emplace_back(NodeId{row.integer(0)}, NodeId{row.integer(1)});
                return {};
            });
    auto sides = TRY(sides_of(session, decision.id));
    decision.left = std::move(sides.sides[0]);
    decision.right = std::move(sides.sides[1]);
    return {};
}

} // namespace

Result<std::vector<StoredDecision>> Identity::list_decisions(
    store::Session& session, CustomerId customer, DecisionId before, int limit) const {
    const std::int64_t edge = before ? before.value : INT64_MAX;
    auto decisions = TRY(session.list(decisions_of_customer, {customer.value, edge, std::int64_t(limit)}, decision_of));
    for (StoredDecision& decision : decisions) {
        TRY(read_what_it_wrote(session, decision));
        decision.is_overruled = decision.undone_by.empty() && TRY(is_overruled(session, decision.id));
    }
    return decisions;
}

// ---- why ----

namespace {

struct Evidence {
    Component component;
    std::map<std::pair<NodeId, IdentifierId>, std::int64_t> first_at;
    std::set<NodeId> aliases;
    std::vector<Join> links;
    std::map<std::tuple<NodeId, NodeId, IdentifierId>, StoredLink> stored;
};

Result<Evidence> read_evidence(store::Session& session, CustomerId customer) {
    Evidence evidence;
    std::set<IdentifierId> known;
    TRY(session.each("SELECT n.id, n.kind, n.subject_key, c.identifier_id, c.first_at, i.type, i.scope, i.digest, "
                     "i.state FROM node n LEFT JOIN claim c ON c.node_id = n.id LEFT JOIN identifier i ON i.id = "
                     "c.identifier_id WHERE n.customer_id = $1 ORDER BY n.id, c.identifier_id",
        {customer.value}, [&](const store::Row& row) -> Result<> {
            auto& members = evidence.component.members;
            const NodeId node{row.integer(0)};
            if (members.empty() || members.back().node != node)
                members.push_back({node, kind_named(row.text(1)), std::string(row.text(2)), {}});
            if (row.text(2).starts_with(alias_prefix))
                evidence.aliases.insert(node);
            if (row.is_null(3))
                return {};
            const IdentifierId identifier{row.integer(3)};
            members.back().claims.push_back({identifier, row.integer(4)});
            evidence.first_at[{node, identifier}] = row.integer(4);
            if (known.insert(identifier).second) {
                const IdentifierType* type = find_identifier_type(row.text(5));
                VERIFY(type != nullptr);
                evidence.component.identifiers.push_back({identifier, type, std::string(row.text(6)),
                    std::string(row.blob(7)), row.text(8) == "open" && type->is_joining});
            }
            return {};
        }));
    static const std::string sql = fmt::format("SELECT {} FROM node n JOIN link l ON l.node_a = n.id AND l.ended_at IS "
                                               "NULL JOIN node o ON o.id = l.node_b AND o.customer_id = n.customer_id "
                                               "LEFT JOIN identifier i ON i.id = l.identifier_id WHERE n.customer_id = "
                                               "$1",
        link_columns);
    TRY(session.each(sql, {customer.value}, [&](const store::Row& row) -> Result<> {
        const StoredLink link = link_of(row);
        const IdentifierId identifier{row.integer(11)};
        evidence.links.push_back({link.node_a, link.node_b, identifier});
        evidence.stored[{link.node_a, link.node_b, identifier}] = link;
        return {};
    }));
    return evidence;
}

// As it was written, or as it would be.
StoredLink link_of(const Join& step, const Evidence& evidence, const IdentifierType* type) {
    for (const auto& [a, b] : {std::pair(step.a, step.b), std::pair(step.b, step.a)})
        if (const auto found = evidence.stored.find({a, b, step.identifier}); found != evidence.stored.end()) {
            StoredLink link = found->second;
            link.node_a = step.a;
            link.node_b = step.b;
            return link;
        }
    const bool is_alias = evidence.aliases.contains(step.a) || evidence.aliases.contains(step.b);
    const auto at =
        std::max(evidence.first_at.at({step.a, step.identifier}), evidence.first_at.at({step.b, step.identifier}));
    return {step.a, step.b, is_alias ? "alias" : fmt::format("same_{}", type->code), std::nullopt, instant_of(at),
        rule_version, "system", {}};
}

} // namespace

Result<std::vector<StoredLink>> Identity::why(store::Session& session, CustomerId customer, NodeId a, NodeId b) const {
    const Evidence evidence = TRY(read_evidence(session, customer));
    std::map<IdentifierId, const IdentifierType*> types;
    for (const MemberIdentifier& identifier : evidence.component.identifiers)
        types[identifier.id] = identifier.type;
    std::vector<StoredLink> chain;
    for (const Join& step : shortest_chain(evidence.component, evidence.links, a, b)) {
        StoredLink link = link_of(step, evidence, step.identifier ? types.at(step.identifier) : nullptr);
        if (step.identifier)
            TRY(session.each("SELECT type, scope, sealed_value, state FROM identifier WHERE id = $1",
                {step.identifier.value}, [&](const store::Row& row) -> Result<> {
                    link.identifier = TRY(opened(row, 0));
                    return {};
                }));
        chain.push_back(std::move(link));
    }
    return chain;
}

} // namespace onefold::identity
