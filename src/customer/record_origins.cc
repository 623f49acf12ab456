#include "customer/withdraw.h"
#include "source/source.h"

#include <fmt/format.h>

namespace onefold::customer {

Result<std::vector<RecordOrigin>> list_origins(store::Session& session, const std::vector<NodeId>& nodes) {
    std::vector<store::Values> keys;
    for (const NodeId node : nodes)
        keys.push_back({node.value});
    std::vector<RecordOrigin> origins(nodes.size());
    TRY(session.each_many("SELECT n.cause, COALESCE(c.name, n.subject_key), n.customer_id FROM node n LEFT JOIN "
                          "customer c ON c.id = n.customer_id WHERE n.id = $1",
        keys, [&](std::size_t index, const store::Row& row) -> Result<> {
            origins[index] = {std::string(row.text(0)), std::string(row.text(1)), CustomerId{row.integer(2)}};
            return {};
        }));
    return origins;
}

Result<std::set<NodeId>> list_said_by_hand(store::Session& session, const std::vector<NodeId>& nodes) {
    std::vector<store::Values> keys, by_hand;
    for (const NodeId node : nodes) {
        keys.push_back({node.value});
        by_hand.push_back({node.value, source::manual.value});
    }
    std::set<NodeId> said;
    const auto note = [&](std::size_t, const store::Row& row) -> Result<> {
        said.insert(NodeId{row.integer(0)});
        return {};
    };
    for (const std::string_view sql : {"SELECT node_a FROM link WHERE by_hand = 1 AND node_a = $1",
             "SELECT node_b FROM link WHERE by_hand = 1 AND node_b = $1",
             "SELECT node_id FROM separation_node WHERE node_id = $1",
             "SELECT node_a FROM separation WHERE node_a = $1 AND ended_at IS NULL",
             "SELECT node_b FROM separation WHERE node_b = $1 AND ended_at IS NULL",
             "SELECT node_id FROM note WHERE node_id = $1",
             "SELECT node_id FROM claim WHERE node_id = $1 AND checked_by IS NOT NULL"})
        TRY(session.each_many(sql, keys, note));
    for (const std::string_view side : {"person_node", "organisation_node"})
        TRY(session.each_many(
            fmt::format("SELECT {0} FROM membership WHERE {0} = $1 AND source_id = $2", side), by_hand, note));
    return said;
}

} // namespace onefold::customer
