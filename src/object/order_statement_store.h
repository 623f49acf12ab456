#pragma once
// Orders of which several may speak: files and messages, of one source or of several that share a scope of numbers.
// What each says is kept beside the record, and the record is what follows from all of it.
#include "object/order_statement.h"

namespace onefold::object {

using Trust = std::function<int(SourceId)>;

// What is said of an order: by a message, or as files said it elsewhere.
struct StatedOrder {
    std::string number_scope, number;
    SourceId source;
    OrderStatement statement;
    Medium medium = Medium::message;
};
// One answer a number, in no order.
Result<SavedRecords> state_orders(
    store::Session& session, const change::Author& author, const std::vector<StatedOrder>& stated, const Trust& trust);

// What a file says: replaces what the same source's files said before. An order of which nobody else speaks is only a
// record, as save_orders writes it; its statement is made of it once somebody does. One answer a draft, in order.
Result<SavedRecords> import_orders(
    store::Session& session, const change::Author& author, const std::vector<OrderDraft>& drafts, const Trust& trust);

// Of orders of which an import's file spoke beside others: what the same source's files said before it stands again, if
// anything, and the record is what follows.
using OrderNumber = std::pair<std::string, std::string>; // scope, number
Result<SavedRecords> take_back_statements(store::Session& session, const change::Author& author, ImportId import,
    const std::vector<OrderNumber>& numbers, const Trust& trust);

} // namespace onefold::object
