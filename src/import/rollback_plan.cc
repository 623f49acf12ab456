#include "import/rollback_plan.h"

#include "change/change.h"
#include "customer/message.h"
#include "customer/taker.h"
#include "customer/withdraw.h"
#include "object/take_back.h"

#include <set>

namespace onefold::import {
namespace {

constexpr std::int64_t rows_a_step = 5000;
constexpr std::size_t frames_a_step = 5000;

std::string_view kind_of(ObjectId object) {
    return object == change::object_ids::order ? "order" : "ticket";
}

} // namespace

// One subject of a frame.
struct RollbackPlan::Said {
    Position position;
    identity::Identity::NodeKey key; // "" for nobody
    std::int64_t event = 0;          // its message; 0 of a claim, and of all subjects but the first
    std::int64_t claim = 0;          // the other way round
    bool changes_an_order = false;
};

Result<> RollbackPlan::write(const std::function<Result<>(store::Session& session)>& work) const {
    TRY(go_on_());
    return rooms_.database.write(work);
}

bool RollbackPlan::is_of_import(const event_log::Frame& frame) const {
    if (frame.source_id != traces_.source || frame.is_redacted || frame.position < traces_.log_from ||
        frame.position >= traces_.log_to)
        return false;
    return frame.kind == event_log::FrameKind::claim ||
           (frame.kind == event_log::FrameKind::imported && traces_.kind == Kind::event);
}

Result<std::vector<RollbackPlan::Said>> RollbackPlan::read_said(const std::vector<event_log::Frame>& frames) const {
    const auto source = TRY(rooms_.sources.get(traces_.source));
    std::vector<Said> all;
    for (const event_log::Frame& frame : frames) {
        const customer::Message message = customer::read_message(frame, source);
        const auto number = [&](event_log::FrameKind kind) {
            return frame.kind == kind ? message_number(rooms_.keys, frame.message_id) : 0;
        };
        Said first{frame.position, {message.subject.source, message.subject.kind, message.subject.key},
            number(event_log::FrameKind::imported), number(event_log::FrameKind::claim), message.order.has_value()};
        all.push_back(first);
        if (const auto& group = message.organisation)
            all.push_back({frame.position, {group->source, group->kind, group->key}, 0, 0, first.changes_an_order});
    }
    return all;
}

Result<> RollbackPlan::make() {
    const auto id = rollback_.import.value;
    rollback_.counts = {};
    TRY(write([&](store::Session& session) -> Result<> {
        TRY(session.execute("DELETE FROM import_rollback_item WHERE import_id = $1 AND is_done = 0", {id}));
        TRY(session.execute("DELETE FROM import_rollback_frame WHERE import_id = $1", {id}));
        return {};
    }));
    TRY(list_records());
    TRY(read_import(traces_.log_from, traces_.log_to));
    TRY(judge_records());
    const auto untold = TRY(rooms_.database.read([&](store::Session& session) {
        return session.find_integer("SELECT ref FROM import_rollback_item WHERE import_id = $1 AND kind = 'customer' "
                                    "AND is_made = 0 LIMIT 1",
            {id});
    }));
    Position at = untold ? rooms_.log.begin() : traces_.log_from;
    const Position end = TRY(rooms_.database.read([](store::Session& session) {
        return customer::Taker::cursor(session);
    })).value_or(rooms_.log.end());
    while (at < end) {
        const auto frames = TRY(rooms_.log.read(at, frames_a_step));
        if (frames.empty())
            break;
        at = frames.back().next;
        TRY(write([&](store::Session& session) { return read_beside(session, frames); }));
    }
    rollback_.planned_to = at;
    TRY(keep_known());
    TRY(judge_all());
    TRY(decide_all());
    return count();
}

// ---- orders and tickets: what the changes say ----

Result<> RollbackPlan::list_records() {
    const auto id = rollback_.import.value;
    for (std::int64_t after = traces_.change_from; after < traces_.change_to;) {
        std::vector<store::Values> rows;
        const std::int64_t to = std::min(after + rows_a_step, traces_.change_to);
        TRY(rooms_.database.read([&](store::Session& session) {
            return session.each("SELECT object_id, record_id, op, seq, version FROM change WHERE seq > $1 AND seq <= "
                                "$2 AND cause_kind = 'import' AND cause_id = $3 AND object_id IN ($4, $5) ORDER BY seq",
                {after, to, std::to_string(id), change::object_ids::order.value, change::object_ids::ticket.value},
                [&](const store::Row& row) -> Result<> {
                    rows.push_back({id, std::string(kind_of(ObjectId{row.integer(0)})), row.integer(1),
                        std::int64_t(row.text(2) == "create"), row.integer(3), row.integer(4)});
                    return {};
                });
        }));
        after = to;
        if (rows.empty())
            continue;
        TRY(write([&](store::Session& session) -> Result<> {
            TRY(session.execute_many(
                "INSERT INTO import_rollback_item (import_id, kind, ref, is_made, first_change, version, outcome, "
                "reason, is_done) VALUES ($1, $2, $3, $4, $5, $6, '', '', 0) ON CONFLICT (import_id, kind, ref) DO "
                "UPDATE SET version = CASE WHEN import_rollback_item.is_done = 1 THEN import_rollback_item.version "
                "ELSE excluded.version END",
                rows));
            return {};
        }));
    }
    // Of which the file spoke without changing them.
    return write([&](store::Session& session) -> Result<> {
        std::vector<store::Values> rows;
        for (const RecordId record : TRY(object::list_spoken_of(session, rollback_.import)))
            rows.push_back({id, record.value});
        TRY(session.execute_many("INSERT INTO import_rollback_item (import_id, kind, ref, is_made, first_change, "
                                 "version, outcome, reason, is_done) VALUES ($1, 'order', $2, 0, 0, 0, '', '', 0) ON "
                                 "CONFLICT (import_id, kind, ref) DO NOTHING",
            rows));
        return {};
    });
}

Result<> RollbackPlan::judge_records() {
    const auto id = rollback_.import.value;
    for (const auto& [kind, name] :
        {std::pair(object::RecordKind::order, "order"), std::pair(object::RecordKind::ticket, "ticket")})
        for (std::int64_t after = 0;;) {
            std::vector<RecordId> records;
            std::vector<std::int64_t> versions;
            TRY(write([&](store::Session& session) -> Result<> {
                TRY(session.each("SELECT ref, version FROM import_rollback_item WHERE import_id = $1 AND kind = $2 AND "
                                 "ref > $3 AND is_done = 0 ORDER BY ref LIMIT $4",
                    {id, std::string(name), after, rows_a_step}, [&](const store::Row& row) -> Result<> {
                        records.push_back(RecordId{row.integer(0)});
                        versions.push_back(row.integer(1));
                        return {};
                    }));
                const auto standing = TRY(object::list_standing(session, kind, records));
                std::vector<store::Values> gone, changed;
                for (std::size_t i = 0; i < records.size(); ++i)
                    if (standing[i].version == 0)
                        gone.push_back({id, std::string(name), records[i].value});
                    else if (versions[i] > 0 && standing[i].version != versions[i])
                        changed.push_back({id, std::string(name), records[i].value});
                TRY(session.execute_many(
                    "DELETE FROM import_rollback_item WHERE import_id = $1 AND kind = $2 AND ref = $3", gone));
                TRY(session.execute_many("UPDATE import_rollback_item SET outcome = 'stays', reason = 'changed' WHERE "
                                         "import_id = $1 AND kind = $2 AND ref = $3",
                    changed));
                return {};
            }));
            if (records.empty())
                break;
            after = records.back().value;
        }
    return {};
}

// ---- customers and events: what the log says ----

Result<> RollbackPlan::read_import(Position from, Position to) {
    const auto id = rollback_.import.value;
    for (Position at = from; at < to;) {
        auto frames = TRY(rooms_.log.read(at, frames_a_step));
        if (frames.empty())
            return {};
        at = frames.back().next;
        std::erase_if(
            frames, [&](const event_log::Frame& frame) { return frame.position >= to || !is_of_import(frame); });
        const auto all = TRY(read_said(frames));
        TRY(write([&](store::Session& session) -> Result<> {
            std::vector<identity::Identity::NodeKey> keys;
            for (const Said& said : all)
                keys.push_back(said.key);
            const auto nodes = TRY(rooms_.customers.identity().find_node_ids(session, keys));
            std::vector<store::Values> rows, items;
            for (std::size_t i = 0; i < all.size(); ++i) {
                const bool is_first = i == 0 || all[i - 1].position != all[i].position;
                if (!nodes[i] && !(is_first && all[i].event))
                    continue;
                rows.push_back({id, all[i].position.value, nodes[i].value, all[i].event, all[i].claim,
                    std::string(all[i].changes_an_order ? "order" : "")});
            }
            const auto origins = TRY(customer::list_origins(session, nodes));
            for (std::size_t i = 0; i < all.size(); ++i)
                if (nodes[i])
                    items.push_back(
                        {id, nodes[i].value, std::int64_t(origins[i].cause == "log:" + to_string(all[i].position))});
            TRY(session.execute_many(
                "INSERT INTO import_rollback_frame (import_id, position, subject, is_import, event, claim, reason, "
                "state) VALUES ($1, $2, $3, 1, $4, $5, $6, 0) ON CONFLICT (import_id, position, subject) DO NOTHING",
                rows));
            TRY(session.execute_many(
                "INSERT INTO import_rollback_item (import_id, kind, ref, is_made, first_change, version, outcome, "
                "reason, is_done) VALUES ($1, 'customer', $2, $3, 0, 0, '', '', 0) ON CONFLICT (import_id, kind, ref) "
                "DO UPDATE SET is_made = CASE WHEN "
                "excluded.is_made > import_rollback_item.is_made THEN excluded.is_made ELSE "
                "import_rollback_item.is_made END, outcome = '', reason = '', is_done = 0",
                items));
            return {};
        }));
    }
    return {};
}

// What others said of the import's nodes, before it or since.
Result<> RollbackPlan::read_beside(store::Session& session, const std::vector<event_log::Frame>& frames) const {
    std::vector<event_log::Frame> beside;
    for (const event_log::Frame& frame : frames)
        if (frame.source_id == traces_.source && !frame.is_redacted && !is_of_import(frame))
            beside.push_back(frame);
    const auto all = TRY(read_said(beside));
    std::vector<identity::Identity::NodeKey> keys;
    for (const Said& said : all)
        keys.push_back(said.key);
    const auto nodes = TRY(rooms_.customers.identity().find_node_ids(session, keys));
    std::vector<store::Values> rows;
    for (std::size_t i = 0; i < all.size(); ++i)
        if (nodes[i])
            rows.push_back({rollback_.import.value, all[i].position.value, nodes[i].value});
    TRY(session.execute_many(
        "INSERT INTO import_rollback_frame (import_id, position, subject, is_import, event, claim, reason, "
        "state) SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), i.ref, 0, 0, 0, '', 0 FROM import_rollback_item i WHERE "
        "i.import_id = $1 "
        "AND i.kind = 'customer' AND i.ref = "
        "$3 ON CONFLICT (import_id, position, subject) DO NOTHING",
        rows));
    return {};
}

Result<> RollbackPlan::catch_up(store::Session& session) {
    const Position end = TRY(customer::Taker::cursor(session)).value_or(rollback_.planned_to);
    while (rollback_.planned_to < end) {
        auto frames = TRY(rooms_.log.read(rollback_.planned_to, frames_a_step));
        std::erase_if(frames, [&](const event_log::Frame& frame) { return frame.position >= end; });
        if (frames.empty())
            return {};
        TRY(read_beside(session, frames));
        rollback_.planned_to = frames.back().next;
    }
    return {};
}

// ---- who stays ----

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
