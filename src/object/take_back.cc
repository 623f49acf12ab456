#include "object/take_back.h"

#include <set>

namespace onefold::object {
namespace {

namespace json = boost::json;

using Standing = StandingRecord;

constexpr std::string_view table_of(RecordKind kind) {
    return kind == RecordKind::order ? "record_order" : "record_ticket";
}

Result<std::vector<Standing>> read_standing(
    store::Session& session, RecordKind kind, const std::vector<ImportedRecord>& records) {
    std::vector<RecordId> ids;
    for (const ImportedRecord& record : records)
        ids.push_back(record.id);
    return list_standing(session, kind, ids);
}

std::optional<std::string> text_at(const json::object& values, std::string_view field) {
    const auto* value = values.if_contains(field);
    return value && value->is_string() ? std::optional(std::string(value->get_string())) : std::nullopt;
}

Result<Decimal> decimal_of(std::string_view text) {
    return Decimal::parse(text);
}

Result<OrderDraft> order_of(const json::object& values, const Standing& standing) {
    OrderDraft draft;
    draft.number_scope = standing.scope;
    draft.number = standing.number;
    draft.source = SourceId{values.at("102").to_number<std::int64_t>()};
    draft.buyer = NodeId{values.at("103").to_number<std::int64_t>()};
    draft.time = TRY(parse_rfc3339(text_at(values, "105").value_or("")));
    draft.total = TRY(decimal_of(text_at(values, "106").value_or("0")));
    draft.currency = text_at(values, "107").value_or("");
    draft.status = text_at(values, "108");
    draft.refunded = TRY(decimal_of(text_at(values, "112").value_or("0")));
    for (const json::value& line : values.at("lines").as_array()) {
        const auto text = [&](std::size_t place) { return std::string_view(line.at(place).as_string()); };
        draft.lines.push_back(
            {std::string(text(0)), std::string(text(1)), TRY(decimal_of(text(2))), TRY(decimal_of(text(3)))});
    }
    return draft;
}

Result<TicketDraft> ticket_of(const json::object& values, const Standing& standing) {
    TicketDraft draft;
    draft.number_scope = standing.scope;
    draft.number = standing.number;
    draft.source = SourceId{values.at("152").to_number<std::int64_t>()};
    draft.reporter = NodeId{values.at("153").to_number<std::int64_t>()};
    if (const auto time = text_at(values, "154"))
        draft.time = TRY(parse_rfc3339(*time));
    draft.subject = text_at(values, "155");
    draft.status = text_at(values, "156");
    if (const auto rating = text_at(values, "157"))
        draft.rating = TRY(decimal_of(*rating));
    return draft;
}

struct Deleted {
    RecordId id;
    std::int64_t version;
};

Result<> delete_records(store::Session& session, const change::Author& author, ObjectId object, std::string_view table,
    const std::vector<Deleted>& deleted) {
    std::vector<store::Values> keys, newest;
    std::vector<change::Entry> entries;
    for (const Deleted& record : deleted) {
        keys.push_back({record.id.value});
        newest.push_back({object.value, record.id.value});
        entries.push_back(
            {object, record.id.value, record.version + 1, change::Op::delete_, std::nullopt, std::nullopt});
    }
    TRY(session.each_many("SELECT after FROM change WHERE object_id = $1 AND record_id = $2 ORDER BY seq DESC LIMIT 1",
        newest, [&](std::size_t index, const store::Row& row) -> Result<> {
            if (!row.is_null(0))
                entries[index].before = json::parse(row.text(0)).as_object();
            return {};
        }));
    TRY(session.execute_many(fmt::format("DELETE FROM {} WHERE id = $1", table), keys));
    if (object == change::object_ids::order)
        TRY(session.execute_many("DELETE FROM record_order_line WHERE order_id = $1", keys));
    return change::append(session, author, entries);
}

// Of which orders an import's file spoke beside others.
Result<std::set<OrderNumber>> read_spoken(
    store::Session& session, ImportId import, const std::vector<Standing>& standing) {
    std::vector<store::Values> keys;
    for (const Standing& one : standing)
        keys.push_back({import.value, one.scope, one.number});
    std::set<OrderNumber> spoken;
    TRY(session.each_many("SELECT number_scope, number FROM order_statement_past WHERE import_id = $1 AND number_scope "
                          "= $2 AND number = $3",
        keys, [&](std::size_t, const store::Row& row) -> Result<> {
            spoken.emplace(row.text(0), row.text(1));
            return {};
        }));
    return spoken;
}

} // namespace

Result<std::vector<StandingRecord>> list_standing(
    store::Session& session, RecordKind kind, const std::vector<RecordId>& records) {
    std::vector<store::Values> keys;
    for (const RecordId record : records)
        keys.push_back({record.value});
    std::vector<StandingRecord> standing(records.size());
    TRY(session.each_many(
        fmt::format("SELECT number_scope, number, node_id, version FROM {} WHERE id = $1", table_of(kind)), keys,
        [&](std::size_t index, const store::Row& row) -> Result<> {
            standing[index] = {
                row.integer(3), std::string(row.text(0)), std::string(row.text(1)), NodeId{row.integer(2)}};
            return {};
        }));
    return standing;
}

Result<std::vector<RecordId>> list_spoken_of(store::Session& session, ImportId import) {
    return session.list(
        "SELECT o.id FROM order_statement_past p JOIN record_order o ON o.number_scope = p.number_scope "
        "AND o.number = p.number WHERE p.import_id = $1",
        {import.value}, [](const store::Row& row) { return RecordId{row.integer(0)}; });
}

Result<std::vector<std::pair<std::size_t, RecordId>>> list_records_of(
    store::Session& session, RecordKind kind, const std::vector<NodeId>& nodes) {
    std::vector<store::Values> keys;
    for (const NodeId node : nodes)
        keys.push_back({node.value});
    std::vector<std::pair<std::size_t, RecordId>> records;
    TRY(session.each_many(fmt::format("SELECT id FROM {} WHERE node_id = $1", table_of(kind)), keys,
        [&](std::size_t index, const store::Row& row) -> Result<> {
            records.emplace_back(index, RecordId{row.integer(0)});
            return {};
        }));
    return records;
}

Result<std::vector<NodeId>> take_back_orders(store::Session& session, const change::Author& author, ImportId import,
    const std::vector<ImportedRecord>& records, const Trust& trust) {
    const auto standing = TRY(read_standing(session, RecordKind::order, records));
    const auto spoken = TRY(read_spoken(session, import, standing));
    std::vector<NodeId> nodes;
    std::vector<Deleted> deleted;
    std::vector<OrderDraft> restored;
    for (std::size_t i = 0; i < records.size(); ++i) {
        const Standing& stands = standing[i];
        if (stands.version == 0 || spoken.contains({stands.scope, stands.number}))
            continue;
        if (stands.node)
            nodes.push_back(stands.node);
        if (records[i].before)
            restored.push_back(TRY(order_of(*records[i].before, stands)));
        else
            deleted.push_back({records[i].id, stands.version});
    }
    TRY(delete_records(session, author, change::object_ids::order, "record_order", deleted));
    for (const auto& saved : {TRY(save_orders(session, author, restored)),
             TRY(take_back_statements(session, author, import, {spoken.begin(), spoken.end()}, trust))})
        nodes.insert(nodes.end(), saved.nodes.begin(), saved.nodes.end());
    return nodes;
}

Result<std::vector<NodeId>> take_back_tickets(
    store::Session& session, const change::Author& author, const std::vector<ImportedRecord>& records) {
    const auto standing = TRY(read_standing(session, RecordKind::ticket, records));
    std::vector<NodeId> nodes;
    std::vector<Deleted> deleted;
    std::vector<TicketDraft> restored;
    for (std::size_t i = 0; i < records.size(); ++i) {
        if (standing[i].version == 0)
            continue;
        if (standing[i].node)
            nodes.push_back(standing[i].node);
        if (records[i].before)
            restored.push_back(TRY(ticket_of(*records[i].before, standing[i])));
        else
            deleted.push_back({records[i].id, standing[i].version});
    }
    TRY(delete_records(session, author, change::object_ids::ticket, "record_ticket", deleted));
    const auto saved = TRY(save_tickets(session, author, restored));
    nodes.insert(nodes.end(), saved.nodes.begin(), saved.nodes.end());
    return nodes;
}

} // namespace onefold::object
