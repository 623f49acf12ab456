#include "identity/decision_store.h"

#include "store/keys.h"

#include <map>

namespace onefold::identity {
namespace {

constexpr std::string_view sides_of_node =
    "SELECT id, CAST(0 AS BIGINT) FROM separation WHERE node_a = $1 AND ended_at IS NULL UNION ALL "
    "SELECT id, CAST(1 AS BIGINT) FROM separation WHERE node_b = $1 AND ended_at IS NULL UNION ALL "
    "SELECT n.separation_id, n.side FROM separation_node n JOIN separation s ON s.id = n.separation_id "
    "WHERE n.node_id = $1 AND s.ended_at IS NULL";

Result<std::map<std::int64_t, Separation>> separations_at(store::Session& session, const std::vector<NodeId>& nodes) {
    std::map<std::int64_t, Separation> separations;
    TRY(session.each_many(
        sides_of_node, store::keys_of(nodes), [&](std::size_t index, const store::Row& row) -> Result<> {
            separations[row.integer(0)].sides[std::size_t(row.integer(1))].push_back(nodes[index]);
            return {};
        }));
    return separations;
}

Result<Separation> read_whole(store::Session& session, std::int64_t id) {
    Separation whole;
    TRY(session.each("SELECT node_a, CAST(0 AS BIGINT) FROM separation WHERE id = $1 UNION ALL "
                     "SELECT node_b, CAST(1 AS BIGINT) FROM separation WHERE id = $1 UNION ALL "
                     "SELECT node_id, side FROM separation_node WHERE separation_id = $1",
        {id}, [&](const store::Row& row) -> Result<> {
            whole.sides[std::size_t(row.integer(1))].push_back(NodeId{row.integer(0)});
            return {};
        }));
    return whole;
}

} // namespace

std::string_view to_string(DecisionKind kind) {
    return kind == DecisionKind::merge ? "merge" : kind == DecisionKind::unmerge ? "unmerge" : "keep_apart";
}

DecisionKind decision_kind_named(std::string_view name) {
    return name == "merge" ? DecisionKind::merge : name == "unmerge" ? DecisionKind::unmerge : DecisionKind::keep_apart;
}

Result<bool> has_hand_links(store::Session& session) {
    return TRY(session.find_integer("SELECT id FROM link WHERE by_hand = 1 LIMIT 1")).has_value();
}

Result<std::vector<HandLink>> list_hand_links(store::Session& session, const std::vector<NodeId>& nodes) {
    std::map<std::int64_t, HandLink> links;
    TRY(session.each_many("SELECT id, node_a, node_b, at FROM link WHERE by_hand = 1 AND node_a = $1 UNION ALL "
                          "SELECT id, node_a, node_b, at FROM link WHERE by_hand = 1 AND node_b = $1",
        store::keys_of(nodes), [&](std::size_t, const store::Row& row) -> Result<> {
            links[row.integer(0)] = {NodeId{row.integer(1)}, NodeId{row.integer(2)}, row.integer(3), row.integer(0)};
            return {};
        }));
    std::vector<HandLink> list;
    for (const auto& [id, link] : links)
        list.push_back(link);
    return list;
}

Result<std::vector<Separation>> list_separations(store::Session& session, const std::vector<NodeId>& nodes) {
    if (!TRY(session.find_integer("SELECT id FROM separation LIMIT 1")))
        return std::vector<Separation>{};
    std::vector<Separation> list;
    for (auto& [id, separation] : TRY(separations_at(session, nodes)))
        if (!separation.sides[0].empty() && !separation.sides[1].empty())
            list.push_back(std::move(separation));
    return list;
}

Result<std::vector<StoredSeparation>> list_separations_between(
    store::Session& session, const std::set<NodeId>& left, const std::set<NodeId>& right) {
    std::vector<NodeId> nodes(left.begin(), left.end());
    nodes.insert(nodes.end(), right.begin(), right.end());
    std::vector<StoredSeparation> list;
    for (const auto& [id, part] : TRY(separations_at(session, nodes))) {
        const auto stands = [&](std::size_t side, const std::set<NodeId>& among) {
            return std::ranges::any_of(part.sides[side], [&](NodeId node) { return among.contains(node); });
        };
        if ((stands(0, left) && stands(1, right)) || (stands(1, left) && stands(0, right)))
            list.push_back({id, TRY(read_whole(session, id))});
    }
    return list;
}

Result<Separation> sides_of(store::Session& session, DecisionId decision) {
    const auto id =
        TRY(session.find_integer("SELECT MIN(id) FROM separation WHERE decision_id = $1", {decision.value}));
    if (!id)
        return Separation{};
    return read_whole(session, *id);
}

Result<bool> is_overruled(store::Session& session, DecisionId decision) {
    return TRY(session.find_integer("SELECT id FROM link WHERE decision_id = $1 AND ended_at IS NOT NULL UNION ALL "
                                    "SELECT id FROM separation WHERE decision_id = $1 AND ended_at IS NOT NULL LIMIT 1",
                   {decision.value}))
        .has_value();
}

std::string json_of(const std::vector<WrittenEdit>& edits) {
    boost::json::array array;
    for (const WrittenEdit& edit : edits)
        array.push_back(boost::json::object{{"node", edit.node.value}, {"field", edit.field.value},
            {"before", json_of(edit.before)}, {"after", json_of(edit.after)}});
    return boost::json::serialize(array);
}

std::vector<WrittenEdit> edits_of(std::string_view json) {
    std::vector<WrittenEdit> edits;
    const auto parsed = boost::json::parse(json);
    for (const auto& edit : parsed.as_array()) {
        const FieldId field{edit.at("field").as_int64()};
        edits.push_back({NodeId{edit.at("node").as_int64()}, field, fact_of(edit.at("before"), field),
            fact_of(edit.at("after"), field)});
    }
    return edits;
}

Result<DecisionId> DecisionRows::create(
    store::Session& session, DecisionKind kind, CustomerId customer, CustomerId other, const Say& say) {
    const auto id = TRY(
        session.find_integer("INSERT INTO identity_decision (kind, customer_id, other_id, edits, reason, made_by, at) "
                             "VALUES ($1, $2, $3, '[]', $4, $5, $6) RETURNING id",
            {std::string(to_string(kind)), customer.value, other ? store::Value{other.value} : store::Value{},
                say.reason, say.by, micros_of(say.at)}));
    VERIFY(id);
    return DecisionId{*id};
}

Result<> DecisionRows::link(NodeId a, NodeId b) {
    TRY(session_.execute("INSERT INTO link (node_a, node_b, rule, rule_version, evidence, made_by, at, by_hand, "
                         "decision_id) VALUES ($1, $2, $3, $4, '{}', $5, $6, 1, $7)",
        {a.value, b.value, std::string(hand_rule), rule_version, say_.by, micros_of(say_.at), decision_.value}));
    return {};
}

Result<> DecisionRows::separate(const Separation& separation) {
    const auto& [left, right] = separation.sides;
    const auto id = TRY(session_.find_integer(
        "INSERT INTO separation (node_a, node_b, made_by, at, reason, decision_id) VALUES ($1, $2, $3, $4, $5, $6) "
        "RETURNING id",
        {left.front().value, right.front().value, say_.by, micros_of(say_.at), say_.reason, decision_.value}));
    VERIFY(id);
    std::vector<store::Values> rows;
    for (const std::size_t side : {0, 1})
        for (const NodeId node : separation.sides[side])
            if (node != separation.sides[side].front())
                rows.push_back({node.value, *id, std::int64_t(side)});
    TRY(session_.execute_many("INSERT INTO separation_node (node_id, separation_id, side) VALUES ($1, $2, $3)", rows));
    return {};
}

Result<> DecisionRows::end_link(std::int64_t link) {
    TRY(session_.execute("UPDATE link SET by_hand = NULL, ended_at = $1, ended_by = $2, ended_in = $3 WHERE id = $4",
        {micros_of(say_.at), say_.by, decision_.value, link}));
    return {};
}

Result<> DecisionRows::end_separation(std::int64_t separation) {
    TRY(session_.execute("UPDATE separation SET ended_at = $1, ended_by = $2, ended_in = $3 WHERE id = $4",
        {micros_of(say_.at), say_.by, decision_.value, separation}));
    return {};
}

Result<> DecisionRows::keep_edits(const std::vector<WrittenEdit>& edits) {
    TRY(session_.execute(
        "UPDATE identity_decision SET edits = $1 WHERE id = $2", {identity::json_of(edits), decision_.value}));
    return {};
}

Result<std::vector<NodeId>> DecisionRows::touched_nodes() const {
    std::set<NodeId> nodes;
    const auto add = [&](const store::Row& row) -> Result<> {
        nodes.insert(NodeId{row.integer(0)});
        nodes.insert(NodeId{row.integer(1)});
        return {};
    };
    TRY(session_.each(
        "SELECT node_a, node_b FROM link WHERE decision_id = $1 OR ended_in = $1", {decision_.value}, add));
    std::vector<std::int64_t> separations;
    TRY(session_.each("SELECT node_a, node_b, id FROM separation WHERE decision_id = $1 OR ended_in = $1",
        {decision_.value}, [&](const store::Row& row) -> Result<> {
            separations.push_back(row.integer(2));
            return add(row);
        }));
    for (const std::int64_t id : separations)
        for (const auto& side : TRY(read_whole(session_, id)).sides)
            nodes.insert(side.begin(), side.end());
    return std::vector<NodeId>(nodes.begin(), nodes.end());
}

Result<std::vector<NodeId>> DecisionRows::take_back() {
    auto nodes = TRY(touched_nodes());
    const store::Values ended{micros_of(say_.at), say_.by, decision_.value};
    TRY(session_.execute("UPDATE link SET by_hand = NULL, ended_at = $1, ended_by = $2 WHERE decision_id = $3", ended));
    TRY(session_.execute("UPDATE separation SET ended_at = $1, ended_by = $2 WHERE decision_id = $3", ended));
    for (const std::string_view revive :
        {"UPDATE link SET by_hand = 1, ended_at = NULL, ended_by = NULL, ended_in = NULL WHERE ended_in = $1",
            "UPDATE separation SET ended_at = NULL, ended_by = NULL, ended_in = NULL WHERE ended_in = $1"})
        TRY(session_.execute(revive, {decision_.value}));
    TRY(session_.execute("UPDATE identity_decision SET undone_by = $1, undone_at = $2 WHERE id = $3",
        {say_.by, micros_of(say_.at), decision_.value}));
    return nodes;
}

} // namespace onefold::identity
