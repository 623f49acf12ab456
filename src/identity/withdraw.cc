// Taking out what sources said of nodes, as if they had never said it.
#include "identity/candidate.h"
#include "identity/component.h"
#include "identity/memory.h"
#include "identity/value_store.h"
#include "source/source.h"
#include "store/keys.h"

#include <set>

namespace onefold::identity {
namespace {

Result<> read_what_they_are(
    store::Session& session, const std::vector<store::Values>& keys, Identity::Withdrawn& withdrawn) {
    std::set<CustomerId> customers;
    TRY(session.each_many(
        "SELECT customer_id FROM node WHERE id = $1", keys, [&](std::size_t, const store::Row& row) -> Result<> {
            if (row.integer(0) != 0)
                customers.insert(CustomerId{row.integer(0)});
            return {};
        }));
    withdrawn.customers.assign(customers.begin(), customers.end());
    std::set<IdentifierId> identifiers;
    TRY(session.each_many("SELECT node_id, identifier_id, checked_by, checked_at FROM claim WHERE node_id = $1", keys,
        [&](std::size_t, const store::Row& row) -> Result<> {
            identifiers.insert(IdentifierId{row.integer(1)});
            if (!row.is_null(2))
                withdrawn.checked.push_back(
                    {NodeId{row.integer(0)}, IdentifierId{row.integer(1)}, std::string(row.text(2)), row.integer(3)});
            return {};
        }));
    withdrawn.identifiers.assign(identifiers.begin(), identifiers.end());
    return {};
}

// The first of a customer's other records that no customer was opened for.
Result<> hand_on_anchors(store::Session& session, const std::vector<NodeId>& going, const std::set<NodeId>& nodes) {
    std::vector<std::pair<NodeId, CustomerId>> anchors;
    TRY(session.each_many("SELECT id, anchor_of FROM node WHERE id = $1 AND anchor_of IS NOT NULL",
        store::keys_of(going), [&](std::size_t, const store::Row& row) -> Result<> {
            anchors.emplace_back(NodeId{row.integer(0)}, CustomerId{row.integer(1)});
            return {};
        }));
    for (const auto& [node, customer] : anchors) {
        std::optional<NodeId> heir;
        TRY(session.each(
            "SELECT id FROM node WHERE customer_id = $1 AND anchor_of IS NULL AND source_id <> $2 ORDER BY "
            "first_at, id",
            {customer.value, source::manual.value}, [&](const store::Row& row) -> Result<> {
                if (!heir && !nodes.contains(NodeId{row.integer(0)}))
                    heir = NodeId{row.integer(0)};
                return {};
            }));
        if (!heir)
            continue;
        TRY(session.execute("UPDATE node SET anchor_of = NULL WHERE id = $1", {node.value}));
        TRY(session.execute("UPDATE node SET anchor_of = $1 WHERE id = $2", {customer.value, heir->value}));
    }
    return {};
}

} // namespace

Result<Identity::Withdrawn> Identity::withdraw(
    store::Session& session, const std::vector<NodeId>& nodes, const std::vector<NodeId>& going) const {
    const std::set<NodeId> own(nodes.begin(), nodes.end());
    const auto keys = store::keys_of(nodes);
    Withdrawn withdrawn;
    TRY(read_what_they_are(session, keys, withdrawn));
    TRY(hand_on_anchors(session, going, own));
    TRY(session.each_many("SELECT id FROM node WHERE customer_id = $1", store::keys_of(withdrawn.customers),
        [&](std::size_t, const store::Row& row) -> Result<> {
            if (!own.contains(NodeId{row.integer(0)}))
                withdrawn.beside.push_back(NodeId{row.integer(0)});
            return {};
        }));
    const std::int64_t now = micros_of(clock_.now());
    std::vector<store::Values> ended;
    for (const NodeId node : nodes)
        ended.push_back({now, node.value});
    TRY(session.execute_many(
        "UPDATE link SET ended_at = $1, ended_by = 'system' WHERE node_a = $2 AND ended_at IS NULL "
        "AND identifier_id IS NOT NULL",
        ended));
    TRY(session.execute_many("DELETE FROM claim WHERE node_id = $1", keys));
    TRY(session.execute_many("DELETE FROM membership WHERE person_node = $1 AND source_id = (SELECT n.source_id FROM "
                             "node n WHERE n.id = $1)",
        keys));
    std::vector<store::Values> emptied;
    for (const NodeId node : nodes)
        emptied.push_back({INT64_MAX, node.value});
    TRY(session.execute_many("UPDATE node SET customer_id = 0, facts = '{}', identifier_types = '', first_at = $1 "
                             "WHERE id = $2",
        emptied));
    memory_->distrust(nodes);
    return withdrawn;
}

Result<std::vector<CustomerId>> Identity::settle(store::Session& session, const Withdrawn& withdrawn,
    const std::vector<NodeId>& nodes, const Say& say, CustomerBook& book) const {
    std::vector<store::Values> checked;
    for (const auto& [node, identifier, by, at] : withdrawn.checked)
        checked.push_back({by, at, node.value, identifier.value});
    TRY(session.execute_many(
        "UPDATE claim SET checked_by = $1, checked_at = $2 WHERE node_id = $3 AND identifier_id = $4", checked));
    std::set<NodeId> touched(withdrawn.beside.begin(), withdrawn.beside.end());
    for (const IdentifierId id : withdrawn.identifiers) {
        const StoredValue value = TRY(get_value(session, id));
        const bool is_by_rule = value.cause == StateCause::frequency || value.cause == StateCause::too_wide;
        if (value.state == ValueState::open || !is_by_rule)
            continue;
        const auto holders = TRY(list_holders(session, id, component_nodes_max + 1));
        if (holders.size() > component_nodes_max || TRY(ruled_state(session, id)).state != ValueState::open)
            continue;
        TRY(write_state(session, id, ValueState::open, StateCause::frequency, say));
        touched.insert(holders.begin(), holders.end());
    }
    TRY(session.each_many("SELECT id FROM node WHERE id = $1 AND customer_id <> 0", store::keys_of(nodes),
        [&](std::size_t, const store::Row& row) -> Result<> {
            touched.insert(NodeId{row.integer(0)});
            return {};
        }));
    TRY(note_touched(session, nodes, withdrawn.identifiers, withdrawn.customers));
    std::set<CustomerId> changed(withdrawn.customers.begin(), withdrawn.customers.end());
    if (touched.empty())
        return std::vector<CustomerId>(changed.begin(), changed.end());
    Decided decided{};
    TRY(settle(session, {touched.begin(), touched.end()}, say, book, decided));
    changed.insert(decided.changed.begin(), decided.changed.end());
    return std::vector<CustomerId>(changed.begin(), changed.end());
}

} // namespace onefold::identity
