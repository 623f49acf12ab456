#pragma once
// Customers and node → customer in the file of events, copied from the database that owns them, with a place of their
// own up to where: `customer_copy`, `node_copy`, `copied`. Events of a customer are those of its nodes.
#include "columns/projector.h"

namespace onefold::columns {

// Not thread-safe; one writer a file.
class CustomerTables {
  public:
    // The tables of a file that EventFile opened.
    static Result<std::unique_ptr<CustomerTables>> open(EventFile& file, const CustomerOrigin& origin);

    // Takes up a page of news, durably or not at all; whether that was all.
    Result<bool> step();
    const customer::NewsPlace& place() const { return place_; }

  private:
    CustomerTables(std::unique_ptr<store::ColumnsConnection> connection, const CustomerOrigin& origin);
    Result<> load();
    Result<> begin_anew();
    Result<> take(const customer::News& news);

    std::unique_ptr<store::ColumnsConnection> connection_;
    const CustomerOrigin& origin_;
    customer::NewsPlace place_;
    store::ColumnsBatch customers_, nodes_; // that the copy has
    store::ColumnsBatch new_customers_, new_nodes_;
};

// The statements that create them.
std::vector<std::string> customer_tables();

} // namespace onefold::columns
