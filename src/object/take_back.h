#pragma once
// Records as they were before an import.
#include "object/order_statement_store.h"

namespace onefold::object {

enum class RecordKind { order, ticket };

// What stands of a record; version 0: it is not there.
struct StandingRecord {
    std::int64_t version = 0;
    std::string scope, number;
    NodeId node; // 0: nobody's
};
Result<std::vector<StandingRecord>> list_standing(
    store::Session& session, RecordKind kind, const std::vector<RecordId>& records);
// Orders of which an import's file spoke beside others.
Result<std::vector<RecordId>> list_spoken_of(store::Session& session, ImportId import);
// With the place of each node in `nodes`.
Result<std::vector<std::pair<std::size_t, RecordId>>> list_records_of(
    store::Session& session, RecordKind kind, const std::vector<NodeId>& nodes);

// A record that an import wrote.
struct ImportedRecord {
    RecordId id;
    std::optional<boost::json::object> before; // what stood there; nothing where the import made it
};
// Each is deleted or becomes again what it was, with a change row; an order with its lines, and with what other sources
// say of it. The nodes whose totals changed. Of a record that is gone already, nothing.
Result<std::vector<NodeId>> take_back_orders(store::Session& session, const change::Author& author, ImportId import,
    const std::vector<ImportedRecord>& records, const Trust& trust);
Result<std::vector<NodeId>> take_back_tickets(
    store::Session& session, const change::Author& author, const std::vector<ImportedRecord>& records);

} // namespace onefold::object
