// Who stays, and what becomes of all others.
#include "customer/withdraw.h"
#include "import/rollback_plan.h"
#include "object/take_back.h"

#include <map>
#include <set>

namespace onefold::import {

// A row stays whole, whoever of it does.
Result<> RollbackPlan::keep_rows(
    store::Session& session, const std::vector<std::int64_t>& nodes, std::string_view reason) const {
    const auto id = rollback_.import.value;
    std::vector<store::Values> items, positions;
    for (const std::int64_t node : nodes) {
        items.push_back({id, node, std::string(reason)});
        positions.push_back({id, node});
    }
    TRY(session.execute_many("UPDATE import_rollback_item SET outcome = 'stays', reason = $3 WHERE import_id = $1 AND "
                             "kind = 'customer' AND ref = $2",
        items));
    std::set<std::int64_t> kept;
    TRY(session.each_many("SELECT position FROM import_rollback_frame WHERE import_id = $1 AND subject = $2 AND "
                          "is_import = 1 AND +state = 0 AND reason = ''",
        positions, [&](std::size_t, const store::Row& row) -> Result<> {
            kept.insert(row.integer(0));
            return {};
        }));
    std::vector<store::Values> rows;
    for (const std::int64_t position : kept)
        rows.push_back({std::string(reason), id, position});
    TRY(session.execute_many("UPDATE import_rollback_frame SET reason = $1 WHERE import_id = $2 AND position = $3 AND "
                             "is_import = 1 AND +state = 0",
        rows));
    return {};
}

// What a later import said in the same words.
Result<> RollbackPlan::keep_known() {
    const auto id = rollback_.import.value;
    for (KnownBatch last{id, INT64_MAX, Known::node, {}};;) {
        const auto page = TRY(
            rooms_.database.read([&](store::Session& session) { return list_known(session, traces_.source, last); }));
        if (page.empty())
            return {};
        last = page.back();
        TRY(write([&](store::Session& session) -> Result<> {
            for (const KnownBatch& batch : page)
                TRY(keep_batch(session, batch));
            return {};
        }));
    }
}

Result<> RollbackPlan::keep_batch(store::Session& session, const KnownBatch& batch) const {
    const auto id = rollback_.import.value;
    std::vector<store::Values> keys;
    for (const std::int64_t ref : batch.ids)
        keys.push_back({id, ref, std::string(to_string(batch.known))});
    if (batch.known == Known::order || batch.known == Known::ticket) {
        TRY(session.execute_many("UPDATE import_rollback_item SET outcome = 'stays', reason = 'said_again' WHERE "
                                 "import_id = $1 AND ref = $2 AND kind = $3 AND is_done = 0 AND outcome = ''",
            keys));
        return {};
    }
    for (store::Values& key : keys)
        key.pop_back();
    if (batch.known == Known::event) {
        std::vector<store::Values> rows;
        TRY(session.each_many(
            "SELECT position FROM import_rollback_frame WHERE import_id = $1 AND event <> 0 AND event = $2", keys,
            [&](std::size_t, const store::Row& row) -> Result<> {
                rows.push_back({id, row.integer(0)});
                return {};
            }));
        TRY(session.execute_many("UPDATE import_rollback_frame SET reason = 'said_again' WHERE import_id = $1 AND "
                                 "position = $2 AND is_import = 1 AND +state = 0",
            rows));
        return {};
    }
    std::vector<std::int64_t> nodes;
    TRY(session.each_many(
        "SELECT ref FROM import_rollback_item WHERE import_id = $1 AND kind = 'customer' AND ref = $2 "
        "AND outcome = '' AND is_done = 0",
        keys, [&](std::size_t, const store::Row& row) -> Result<> {
            nodes.push_back(row.integer(0));
            return {};
        }));
    return keep_rows(session, nodes, "said_again");
}

Result<> RollbackPlan::each_node(const Page& page) {
    for (std::int64_t after = 0;;) {
        std::vector<std::int64_t> nodes;
        TRY(rooms_.database.read([&](store::Session& session) {
            return session.each("SELECT ref FROM import_rollback_item WHERE import_id = $1 AND kind = 'customer' AND "
                                "ref > $2 AND is_done = 0 AND outcome = '' ORDER BY ref LIMIT $3",
                {rollback_.import.value, after, rows_a_step}, [&](const store::Row& row) -> Result<> {
                    nodes.push_back(row.integer(0));
                    return {};
                });
        }));
        if (nodes.empty())
            return {};
        after = nodes.back();
        TRY(write([&](store::Session& session) { return page(session, nodes); }));
    }
}

Result<> RollbackPlan::judge_nodes(store::Session& session, const std::vector<std::int64_t>& nodes) const {
    std::set<std::int64_t> told; // by others too
    std::set<std::int64_t> changed, expired, edited, used;
    std::vector<store::Values> keys;
    for (const std::int64_t node : nodes)
        keys.push_back({rollback_.import.value, node});
    TRY(session.each_many("SELECT subject, MAX(position) FROM import_rollback_frame WHERE import_id = $1 AND subject = "
                          "$2 AND is_import = 0 GROUP BY subject",
        keys, [&](std::size_t, const store::Row& row) -> Result<> {
            told.insert(row.integer(0));
            if (traces_.kind != Kind::event && row.integer(1) >= traces_.log_from.value)
                changed.insert(row.integer(0));
            return {};
        }));
    if (rooms_.log.begin() > Position{1})
        TRY(session.each_many("SELECT ref FROM import_rollback_item WHERE import_id = $1 AND ref = $2 AND kind = "
                              "'customer' AND is_made = 0",
            keys, [&](std::size_t, const store::Row& row) -> Result<> {
                expired.insert(row.integer(0));
                return {};
            }));
    std::vector<NodeId> alone; // of whom nothing would remain
    for (const std::int64_t node : nodes)
        if (!told.contains(node))
            alone.push_back(NodeId{node});
    for (const NodeId node : TRY(customer::list_said_by_hand(session, alone)))
        edited.insert(node.value);
    for (const auto& [kind, name] :
        {std::pair(object::RecordKind::order, "order"), std::pair(object::RecordKind::ticket, "ticket")}) {
        const auto records = TRY(object::list_records_of(session, kind, alone));
        std::vector<store::Values> items;
        for (const auto& [place, record] : records)
            items.push_back({rollback_.import.value, std::string(name), record.value});
        std::vector<bool> goes(records.size(), false);
        TRY(session.each_many(
            "SELECT ref FROM import_rollback_item WHERE import_id = $1 AND kind = $2 AND ref = $3 AND "
            "outcome <> 'stays'",
            items, [&](std::size_t index, const store::Row&) -> Result<> {
                goes[index] = true;
                return {};
            }));
        for (std::size_t i = 0; i < records.size(); ++i)
            if (!goes[i])
                used.insert(alone[records[i].first].value);
    }
    for (const auto& [reason, who] : {std::pair("changed", &changed), std::pair("edited", &edited),
             std::pair("used", &used), std::pair("expired", &expired)})
        TRY(keep_rows(session, {who->begin(), who->end()}, reason));
    return {};
}

Result<> RollbackPlan::judge_all() {
    return each_node([this](store::Session& session, const std::vector<std::int64_t>& nodes) {
        return judge_nodes(session, nodes);
    });
}

Result<> RollbackPlan::decide_all() {
    return each_node([this](store::Session& session, const std::vector<std::int64_t>& nodes) -> Result<> {
        std::vector<store::Values> keys, outcomes;
        for (const std::int64_t node : nodes)
            keys.push_back({rollback_.import.value, node});
        struct Rows {
            bool goes = false, stays = false, are_beside = false;
        };
        std::map<std::int64_t, Rows> rows;
        TRY(session.each_many(
            "SELECT subject, MAX(CASE WHEN is_import = 1 AND reason = '' THEN 1 ELSE 0 END), MAX(CASE "
            "WHEN reason <> '' THEN 1 ELSE 0 END), MAX(1 - is_import) FROM import_rollback_frame WHERE "
            "import_id = $1 AND subject = $2 GROUP BY subject",
            keys, [&](std::size_t, const store::Row& row) -> Result<> {
                rows[row.integer(0)] = {row.integer(1) != 0, row.integer(2) != 0, row.integer(3) != 0};
                return {};
            }));
        for (const std::int64_t node : nodes) {
            const auto& [goes, stays, are_beside] = rows[node];
            const bool remains = !goes || stays; // at least as rows say it that stay
            outcomes.push_back({std::string(remains      ? "stays"
                                            : are_beside ? "returns"
                                                         : "goes"),
                std::string(remains ? "together" : ""), rollback_.import.value, node});
        }
        TRY(session.execute_many("UPDATE import_rollback_item SET outcome = $1, reason = $2 WHERE import_id = $3 AND "
                                 "kind = 'customer' AND ref = $4",
            outcomes));
        return {};
    });
}

Result<> RollbackPlan::count() {
    const auto id = rollback_.import.value;
    return write([&](store::Session& session) -> Result<> {
        TRY(session.execute(
            "UPDATE import_rollback_item SET outcome = CASE WHEN is_made = 1 THEN 'goes' ELSE 'returns' "
            "END WHERE import_id = $1 AND outcome = '' AND kind IN ('order', 'ticket')",
            {id}));
        TRY(session.execute(
            "INSERT INTO import_rollback_item (import_id, kind, ref, is_made, first_change, version, "
            "outcome, reason, is_done) SELECT import_id, 'event', position, 1, 0, 0, 'stays', reason, 0 "
            "FROM import_rollback_frame WHERE import_id = $1 AND event <> 0 AND reason <> '' ON "
            "CONFLICT (import_id, kind, ref) DO NOTHING",
            {id}));
        auto& counts = rollback_.counts;
        std::map<std::string, Fates*> fates{{"customer", &counts.customers}, {"order", &counts.orders},
            {"ticket", &counts.tickets}, {"event", &counts.events}};
        rollback_.done = rollback_.total = 0;
        TRY(session.each("SELECT kind, outcome, COUNT(*) FROM import_rollback_item WHERE import_id = $1 "
                         "GROUP BY kind, outcome",
            {id}, [&](const store::Row& row) -> Result<> {
                Fates& fate = *fates.at(std::string(row.text(0)));
                (row.text(1) == "goes"         ? fate.goes
                    : row.text(1) == "returns" ? fate.returns
                                               : fate.stays) = row.integer(2);
                if (row.text(1) != "stays" && row.text(0) != "customer")
                    rollback_.total += row.integer(2);
                return {};
            }));
        counts.events.goes = TRY(session.find_integer("SELECT COUNT(*) FROM import_rollback_frame WHERE import_id = $1 "
                                                      "AND event <> 0 AND reason = ''",
                                     {id}))
                                 .value_or(0);
        rollback_.total += TRY(session.find_integer("SELECT COUNT(DISTINCT position) FROM import_rollback_frame WHERE "
                                                    "import_id = $1 AND is_import = 1 AND reason = ''",
                                   {id}))
                               .value_or(0);
        rollback_.is_planned = true;
        return update(session, rollback_);
    });
}

} // namespace onefold::import
