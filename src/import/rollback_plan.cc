#include "import/rollback_plan.h"

#include "change/change.h"
#include "customer/message.h"
#include "customer/taker.h"
#include "customer/withdraw.h"
#include "object/take_back.h"

namespace onefold::import {
namespace {

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

} // namespace onefold::import
