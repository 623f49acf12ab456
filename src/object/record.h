#pragma once
// Records with a state: orders with their lines, and tickets. A record belongs to a node (one source's view of a
// customer), so it follows merges and comes back on unmerges.
#include "change/change.h"
#include "core/decimal.h"
#include "core/id.h"
#include "store/store.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace onefold::object {

const store::Schema& schema();

struct OrderLineDraft {
    std::string sku, name;
    Decimal quantity, price; // at most 6 decimal places
    friend auto operator<=>(const OrderLineDraft&, const OrderLineDraft&) = default;
};
struct OrderDraft {
    std::string number_scope; // two sources that share one count an order once; by default the source's name
    std::string number;
    SourceId source;
    NodeId buyer; // 0: nobody
    Instant time;
    std::string currency;
    std::optional<std::string> status;
    std::vector<OrderLineDraft> lines; // equal ones stay
    std::optional<Decimal> total;      // where it is not the sum of the lines
    Decimal refunded;                  // 0 ≤ refunded ≤ total; what spend is less
};
struct TicketDraft {
    std::string number_scope, number;
    SourceId source;
    NodeId reporter;
    std::optional<Instant> time;
    std::optional<std::string> subject, status;
    std::optional<Decimal> rating;
};

enum class Saved { created, updated, unchanged };

// What an upsert did, one answer a draft, in order. `nodes` are those whose totals changed (old and new owners).
struct SavedRecords {
    std::vector<Saved> saved;
    std::vector<NodeId> nodes;
    std::vector<RecordId> unchanged = {}; // that were there and stay as they are
};

// Creates or updates by (number scope, number), compares the content, writes change rows. Of two drafts with the same
// number in one call the later one wins. An order's total is the sum of quantity × price where it names none; a
// negative one makes it a credit. Writes what stands in the drafts, whoever else spoke of the order: see
// order_statement_store.h.
Result<SavedRecords> save_orders(
    store::Session& session, const change::Author& author, const std::vector<OrderDraft>& drafts);
Result<SavedRecords> save_tickets(
    store::Session& session, const change::Author& author, const std::vector<TicketDraft>& drafts);

// The sum of quantity × price, exact; decimal.out_of_range where it or an amount does not fit its column (6 places, 64
// bits).
Result<Decimal> total_of(const std::vector<OrderLineDraft>& lines);

// Whether a status says that the order was called off; such an order counts no spend and is no purchase.
bool is_cancelled(std::string_view status);

// What the records of one customer add up to.
struct Totals {
    std::int64_t order_count = 0, ticket_count = 0;
    std::optional<Instant> first_at, last_at;           // of orders and tickets
    std::optional<Instant> last_purchase_at;            // of orders that are no credits and not cancelled
    std::vector<std::pair<std::string, Decimal>> spend; // by currency, sorted; without what was refunded or cancelled
};
Result<std::vector<Totals>> list_totals(store::Session& session, const std::vector<CustomerId>& customers);

// Only those of a time, from ≤ time < to; a ticket without a time lies in none.
struct CustomerSpan {
    CustomerId customer;
    Instant from = Instant::min(), to = Instant::max();
};
Result<std::vector<Totals>> list_totals_within(store::Session& session, const std::vector<CustomerSpan>& spans);

// How many orders and tickets that have a time a node has within a time, by source.
struct NodeSpan {
    NodeId node;
    Instant from = Instant::min(), to = Instant::max();
};
struct RecordCounts {
    std::map<SourceId, std::int64_t> orders, tickets;
};
Result<RecordCounts> count_records_within(store::Session& session, const std::vector<NodeSpan>& spans);

} // namespace onefold::object
