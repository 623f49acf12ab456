#pragma once
// Records with a state: orders with their lines, and tickets. A record belongs to a node (one source's view of a
// customer), so it follows merges and comes back on unmerges.
#include "change/change.h"
#include "core/decimal.h"
#include "core/id.h"
#include "store/store.h"

#include <optional>
#include <string>
#include <vector>

namespace onefold::object {

const store::Schema& schema();

struct OrderLineDraft {
    std::string sku, name;
    Decimal quantity, price; // at most 6 decimal places
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
};

// Creates or updates by (number scope, number), compares the content, writes change rows. Of two drafts with the same
// number in one call the later one wins. An order's total is the sum of quantity × price; a negative one makes it a
// credit.
Result<SavedRecords> save_orders(
    store::Session& session, const change::Author& author, const std::vector<OrderDraft>& drafts);
Result<SavedRecords> save_tickets(
    store::Session& session, const change::Author& author, const std::vector<TicketDraft>& drafts);

// The sum of quantity × price, exact; decimal.out_of_range where it or an amount does not fit its column (6 places, 64
// bits).
Result<Decimal> total_of(const std::vector<OrderLineDraft>& lines);

// What the records of one customer add up to.
struct Totals {
    std::int64_t order_count = 0, ticket_count = 0;
    std::optional<Instant> first_at, last_at;           // of orders and tickets
    std::optional<Instant> last_purchase_at;            // of orders that are no credits
    std::vector<std::pair<std::string, Decimal>> spend; // by currency, sorted
};
Result<std::vector<Totals>> list_totals(store::Session& session, const std::vector<CustomerId>& customers);

} // namespace onefold::object
