#pragma once
// Records that files wrote, carried into another database, where the same nodes have other ids: orders, tickets, and
// what files said of orders of which messages speak too. Pages of one transaction each; lines of orders of which only
// files speak stay behind.
#include "object/order_statement_store.h"

namespace onefold::object {

struct RecordCopy {
    store::Session& from;
    store::Database& to;
    // The other database's nodes, one each; 0 stays 0.
    std::function<Result<std::vector<NodeId>>(const std::vector<NodeId>&)> nodes_there;
    // What the transaction does further, with the nodes whose records it wrote.
    std::function<Result<>(store::Session& to, const std::vector<NodeId>&)> written;
    Trust trust;
    change::Author author;
};

Result<> copy_records(const RecordCopy& copy);

} // namespace onefold::object
