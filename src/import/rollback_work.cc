#include "import/rollback_work.h"

#include "change/change.h"
#include "object/take_back.h"

#include <set>

namespace onefold::import {
namespace {

constexpr std::int64_t records_a_batch = 500, rows_a_batch = 500, redacted_at_once = 5000;

struct Item {
    std::int64_t ref, first_change, version;
};

} // namespace

change::Author RollbackWork::author() const {
    return {rollback_.principal, rooms_.outside.clock.now(), "import_rollback", to_string(rollback_.import)};
}

Result<> RollbackWork::run(const RollbackPlan::GoOn& go_on) {
    TRY(forget_retracted()); // before a kill
    TRY(take_back_records(go_on));
    for (;;) {
        if (const auto may = go_on(); !may) {
            TRY(make_whole());
            return may;
        }
        const bool is_more = TRY(retract_some());
        TRY(forget_retracted());
        show_();
        if (!is_more)
            return {};
    }
}

// ---- orders and tickets ----

Result<> RollbackWork::take_back_records(const RollbackPlan::GoOn& go_on) {
    for (const std::string_view kind : {"order", "ticket"})
        for (bool is_more = true; is_more;) {
            TRY(go_on());
            is_more = TRY(take_back_some(kind));
            show_();
        }
    return {};
}

Result<bool> RollbackWork::take_back_some(std::string_view kind) {
    const auto id = rollback_.import.value;
    bool is_more = false;
    Rollback after = rollback_;
    TRY(rooms_.database.write([&](store::Session& session) -> Result<> {
        after = rollback_;
        const auto items = TRY(session.list("SELECT ref, first_change, version FROM import_rollback_item WHERE "
                                            "import_id = $1 AND kind = $2 AND is_done "
                                            "= 0 AND outcome <> 'stays' ORDER BY ref LIMIT $3",
            {id, std::string(kind), records_a_batch},
            [](const store::Row& row) { return Item{row.integer(0), row.integer(1), row.integer(2)}; }));
        is_more = !items.empty();
        std::vector<store::Values> changes, done, stay;
        std::vector<RecordId> refs;
        for (const Item& item : items)
            refs.push_back(RecordId{item.ref});
        const auto standing = TRY(object::list_standing(
            session, kind == "order" ? object::RecordKind::order : object::RecordKind::ticket, refs));
        const auto is_changed = [&](std::size_t i) {
            return items[i].version > 0 && standing[i].version > 0 && standing[i].version != items[i].version;
        };
        std::vector<object::ImportedRecord> records;
        for (std::size_t i = 0; i < items.size(); ++i) {
            if (is_changed(i)) { // since it was planned
                stay.push_back({id, std::string(kind), items[i].ref});
                continue;
            }
            done.push_back({id, std::string(kind), items[i].ref});
            changes.push_back({items[i].first_change});
            records.push_back({RecordId{items[i].ref}, std::nullopt});
        }
        TRY(session.each_many("SELECT before FROM change WHERE seq = $1", changes,
            [&](std::size_t index, const store::Row& row) -> Result<> {
                if (!row.is_null(0))
                    records[index].before = boost::json::parse(row.text(0)).as_object();
                return {};
            }));
        const object::Trust trust = [this](SourceId source) {
            const auto found = rooms_.sources.get(source);
            return found ? found->trust : 0;
        };
        const auto nodes = kind == "order"
                               ? TRY(object::take_back_orders(session, author(), rollback_.import, records, trust))
                               : TRY(object::take_back_tickets(session, author(), records));
        TRY(rooms_.customers.refresh_activity_of(session, nodes));
        TRY(session.execute_many(
            "UPDATE import_rollback_item SET is_done = 1 WHERE import_id = $1 AND kind = $2 AND ref = $3", done));
        TRY(session.execute_many(
            "UPDATE import_rollback_item SET outcome = 'stays', reason = 'changed' WHERE import_id "
            "= $1 AND kind = $2 AND ref = $3",
            stay));
        after.done += std::int64_t(items.size());
        return update(session, after);
    }));
    rollback_ = after;
    return is_more;
}

// ---- what the log says ----

Result<bool> RollbackWork::retract_some() {
    const auto id = rollback_.import.value;
    bool is_more = false;
    Rollback after = rollback_;
    const auto done = rooms_.database.write([&](store::Session& session) -> Result<> {
        rollback_ = after;
        TRY(plan_.catch_up(session));
        std::vector<store::Values> next;
        TRY(session.each("SELECT DISTINCT position FROM import_rollback_frame WHERE import_id = $1 AND state = 0 AND "
                         "is_import = 1 AND reason = '' ORDER BY position LIMIT $2",
            {id, rows_a_batch}, [&](const store::Row& row) -> Result<> {
                next.push_back({id, row.integer(0)});
                return {};
            }));
        is_more = !next.empty();
        constexpr std::string_view rows_of = "SELECT subject, position FROM import_rollback_frame WHERE import_id = $1 "
                                             "AND position = $2 AND is_import = "
                                             "1 AND reason = ''";
        std::set<std::int64_t> nodes, positions;
        TRY(session.each_many(rows_of, next, [&](std::size_t, const store::Row& row) -> Result<> {
            if (row.integer(0) != 0)
                nodes.insert(row.integer(0));
            return {};
        }));
        TRY(plan_.judge_nodes(session, {nodes.begin(), nodes.end()}));
        TRY(session.each_many(rows_of, next, [&](std::size_t, const store::Row& row) -> Result<> {
            positions.insert(row.integer(1));
            return {};
        }));
        std::vector<store::Values> rows;
        for (const std::int64_t position : positions)
            rows.push_back({id, position});
        TRY(session.execute_many(
            "UPDATE import_rollback_frame SET state = 1 WHERE import_id = $1 AND position = $2 AND "
            "is_import = 1",
            rows));
        std::set<NodeId> whole; // of which this was the last
        TRY(session.each_many(
            "SELECT f.subject FROM import_rollback_frame f WHERE f.import_id = $1 AND f.position = $2 "
            "AND f.subject <> 0 AND NOT EXISTS (SELECT 1 FROM import_rollback_frame o WHERE "
            "o.import_id = f.import_id AND o.subject = f.subject AND o.is_import = 1 AND o.reason = '' "
            "AND +o.state = 0)",
            rows, [&](std::size_t, const store::Row& row) -> Result<> {
                whole.insert(NodeId{row.integer(0)});
                return {};
            }));
        std::vector<std::int64_t> messages;
        TRY(session.each_many(
            "SELECT event + claim FROM import_rollback_frame WHERE import_id = $1 AND position = $2 AND event + claim "
            "<> 0",
            rows, [&](std::size_t, const store::Row& row) -> Result<> {
                messages.push_back(row.integer(0));
                return {};
            }));
        TRY(note_retracted(session, traces_.source, messages));
        TRY(withdraw(session, {whole.begin(), whole.end()}));
        rollback_.done = after.done + std::int64_t(positions.size());
        return update(session, rollback_);
    });
    if (!done) {
        rollback_ = after;
        return fail(done.error());
    }
    return is_more;
}

Result<> RollbackWork::withdraw(store::Session& session, const std::vector<NodeId>& nodes) {
    if (nodes.empty())
        return {};
    std::vector<store::Values> keys, done;
    for (const NodeId node : nodes) {
        keys.push_back({rollback_.import.value, node.value});
        done.push_back({rollback_.import.value, node.value});
    }
    std::set<Position> remaining;
    TRY(session.each_many(
        "SELECT position FROM import_rollback_frame WHERE import_id = $1 AND subject = $2 AND +state = 0", keys,
        [&](std::size_t, const store::Row& row) -> Result<> {
            remaining.insert(Position{row.integer(0)});
            return {};
        }));
    customer::Customers::Withdrawal withdrawal{nodes, {}};
    for (const Position position : remaining)
        withdrawal.remaining.push_back(TRY(rooms_.log.get(position)));
    const auto gone = TRY(rooms_.customers.withdraw(session, author(), withdrawal));
    rollback_.counts.customers_gone += std::int64_t(gone.size());
    TRY(session.execute_many(
        "UPDATE import_rollback_item SET is_done = 1 WHERE import_id = $1 AND kind = 'customer' AND ref = $2", done));
    return {};
}

// Redacted frames stay in their place, and the chain holds.
Result<> RollbackWork::forget_retracted() {
    const auto id = rollback_.import.value;
    for (;;) {
        std::set<Position> positions, events;
        TRY(rooms_.database.read([&](store::Session& session) {
            return session.each("SELECT position, event FROM import_rollback_frame WHERE import_id = $1 AND state = 1 "
                                "ORDER BY position LIMIT $2",
                {id, redacted_at_once}, [&](const store::Row& row) -> Result<> {
                    positions.insert(Position{row.integer(0)});
                    if (row.integer(1) != 0)
                        events.insert(Position{row.integer(0)});
                    return {};
                });
        }));
        if (positions.empty())
            return {};
        TRY(rooms_.log.redact({positions.begin(), positions.end()}));
        if (rooms_.on_retracted && !events.empty())
            TRY(rooms_.on_retracted({events.begin(), events.end()}));
        std::vector<store::Values> rows;
        for (const Position position : positions)
            rows.push_back({id, position.value});
        TRY(rooms_.database.write([&](store::Session& session) -> Result<> {
            TRY(session.execute_many(
                "UPDATE import_rollback_frame SET state = 2 WHERE import_id = $1 AND position = $2 "
                "AND is_import = 1",
                rows));
            return {};
        }));
    }
}

// Records of which some rows were retracted and others not yet.
Result<> RollbackWork::make_whole() {
    const auto id = rollback_.import.value;
    for (std::int64_t after = 0;;) {
        std::vector<NodeId> nodes;
        TRY(rooms_.database.write([&](store::Session& session) -> Result<> {
            nodes.clear();
            TRY(plan_.catch_up(session));
            TRY(session.each(
                "SELECT DISTINCT f.subject FROM import_rollback_frame f WHERE f.import_id = $1 AND f.subject > $2 AND "
                "f.is_import = 1 AND f.state > 0 AND EXISTS (SELECT 1 FROM import_rollback_frame o WHERE o.import_id = "
                "f.import_id AND o.subject = f.subject AND o.is_import = 1 AND o.reason = '' AND +o.state = 0) ORDER "
                "BY "
                "f.subject LIMIT $3",
                {id, after, rows_a_batch}, [&](const store::Row& row) -> Result<> {
                    nodes.push_back(NodeId{row.integer(0)});
                    return {};
                }));
            return withdraw(session, nodes);
        }));
        if (nodes.empty())
            return {};
        after = nodes.back().value;
    }
}

Result<> RollbackWork::clear() const {
    const auto id = rollback_.import.value;
    for (const auto& [table, column, rest] : {std::tuple("import_rollback_frame", "position", ""),
             std::tuple("import_rollback_item", "ref", " AND outcome <> 'stays'")})
        for (bool is_more = true; is_more;)
            TRY(rooms_.database.write([&](store::Session& session) -> Result<> {
                const auto last = TRY(session.find_integer(
                    fmt::format("SELECT MAX({1}) FROM (SELECT {1} FROM {0} WHERE import_id = $1{2} ORDER BY {1} LIMIT "
                                "20000) page",
                        table, column, rest),
                    {id}));
                is_more = last.has_value();
                if (last)
                    TRY(session.execute(
                        fmt::format("DELETE FROM {} WHERE import_id = $1 AND {} <= $2{}", table, column, rest),
                        {id, *last}));
                return {};
            }));
    return {};
}

} // namespace onefold::import
