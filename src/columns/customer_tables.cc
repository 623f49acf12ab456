#include "columns/customer_tables.h"

#include "object/shipped.h"

namespace onefold::columns {
namespace {

namespace column {
enum OfCustomer : std::size_t {
    id,
    kind,
    state,
    merged_into,
    last_purchase_at,
    order_count,
    ticket_count,
    total_spend,
    currency,
    first_field,
};
enum OfNode : std::size_t { node_id, customer_id, source_id, node_kind, node_columns };
} // namespace column

void set(store::ColumnsBatch& batch, const customer::CopiedCustomer& customer) {
    batch.begin_row();
    batch.set(column::id, customer.id.value);
    batch.set(column::kind, std::string_view(customer.kind));
    batch.set(column::state, std::string_view(customer.state));
    if (customer.merged_into)
        batch.set(column::merged_into, customer.merged_into.value);
    if (customer.last_purchase_at)
        batch.set(column::last_purchase_at, micros_of(*customer.last_purchase_at));
    batch.set(column::order_count, customer.order_count);
    batch.set(column::ticket_count, customer.ticket_count);
    batch.set(column::total_spend, customer.total_spend);
    batch.set(column::currency, std::string_view(customer.currency));
    for (std::size_t field = 0; field < customer.fields.size(); ++field)
        if (customer.fields[field])
            batch.set(column::first_field + field, std::string_view(*customer.fields[field]));
}

void set(store::ColumnsBatch& batch, const customer::CopiedNode& node) {
    batch.begin_row();
    batch.set(column::node_id, node.id.value);
    batch.set(column::customer_id, node.customer.value);
    batch.set(column::source_id, node.source.value);
    batch.set(column::node_kind, std::string_view(node.kind));
}

// What an `arriving` table names goes before its rows come. Who is new to the copy needs no such way.
constexpr std::string_view without_customers =
    "DELETE FROM customer_copy WHERE id IN (SELECT id FROM arriving_customer_copy)";
constexpr std::string_view without_nodes = "DELETE FROM node_copy WHERE id IN (SELECT id FROM arriving_node_copy)";

constexpr std::int64_t rows_a_step = 50'000;

} // namespace

CustomerOrigin customer_origin_of(store::Database& database) {
    return {[&database] { return database.read(customer::news_from_the_beginning); },
        [&database](const customer::NewsPlace& from) {
            return database.read(
                [&](store::Session& session) { return customer::read_news(session, from, rows_a_step); });
        }};
}

std::vector<std::string> customer_tables() {
    std::string customer = "(id BIGINT, kind VARCHAR, state VARCHAR, merged_into BIGINT, last_purchase_at TIMESTAMP, "
                           "order_count BIGINT, ticket_count BIGINT, total_spend BIGINT, currency VARCHAR";
    for (const object::GoldenField& field : object::golden_fields())
        customer += fmt::format(", {} VARCHAR", field.code);
    customer += ')';
    const std::string node = "(id BIGINT, customer_id BIGINT, source_id BIGINT, kind VARCHAR)";
    return {"CREATE TABLE customer_copy " + customer, "CREATE TABLE node_copy " + node,
        "CREATE TABLE copied (news BIGINT, customer BIGINT, record BIGINT)"};
}

CustomerTables::CustomerTables(std::unique_ptr<store::ColumnsConnection> connection, const CustomerOrigin& origin)
    : connection_(std::move(connection)),
      origin_(origin),
      customers_(column::first_field + object::golden_fields().size()),
      nodes_(column::node_columns),
      new_customers_(customers_),
      new_nodes_(nodes_) {}

Result<std::unique_ptr<CustomerTables>> CustomerTables::open(EventFile& file, const CustomerOrigin& origin) {
    std::unique_ptr<CustomerTables> tables(new CustomerTables(TRY(file.connect()), origin));
    for (const std::string table : {"customer_copy", "node_copy"})
        TRY(tables->connection_->execute(
            fmt::format("CREATE TEMPORARY TABLE arriving_{0} AS SELECT * FROM {0} WHERE false", table)));
    TRY(tables->load());
    return tables;
}

Result<> CustomerTables::load() {
    bool is_there = false;
    TRY(connection_->each("SELECT news, customer, record FROM copied", {}, [&](const store::Row& row) -> Result<> {
        place_ = {row.integer(0), CustomerId{row.integer(1)}, NodeId{row.integer(2)}};
        is_there = true;
        return {};
    }));
    return is_there ? Result<>{} : begin_anew();
}

Result<> CustomerTables::begin_anew() {
    const auto place = TRY(origin_.begin());
    TRY(connection_->in_transaction([&](store::ColumnsConnection& connection) -> Result<> {
        for (const char* table : {"customer_copy", "node_copy", "copied"})
            TRY(connection.execute(fmt::format("DELETE FROM {}", table)));
        TRY(connection.execute("INSERT INTO copied VALUES ($1, 0, 0)", {place.news}));
        return {};
    }));
    place_ = place;
    return {};
}

Result<> CustomerTables::take(const customer::News& news) {
    for (store::ColumnsBatch* batch : {&customers_, &nodes_, &new_customers_, &new_nodes_})
        batch->clear();
    for (const auto& customer : news.customers)
        set(customer.id > place_.customer ? new_customers_ : customers_, customer);
    for (const auto& node : news.nodes)
        set(node.id > place_.node ? new_nodes_ : nodes_, node);
    return connection_->in_transaction([&](store::ColumnsConnection& connection) -> Result<> {
        TRY(connection.append_batch("arriving_customer_copy", customers_));
        TRY(connection.append_batch("arriving_node_copy", nodes_));
        TRY(connection.execute(without_customers));
        TRY(connection.execute(without_nodes));
        for (const std::string table : {"customer_copy", "node_copy"}) {
            TRY(connection.execute(fmt::format("INSERT INTO {0} SELECT * FROM arriving_{0}", table)));
            TRY(connection.execute(fmt::format("DELETE FROM arriving_{}", table)));
        }
        TRY(connection.append_batch("customer_copy", new_customers_));
        TRY(connection.append_batch("node_copy", new_nodes_));
        TRY(connection.execute("UPDATE copied SET news = $1, customer = $2, record = $3",
            {news.next.news, news.next.customer.value, news.next.node.value}));
        return {};
    });
}

Result<bool> CustomerTables::step() {
    auto news = TRY(origin_.read(place_));
    if (!news) {
        TRY(begin_anew());
        return false;
    }
    if (news->next != place_)
        TRY(take(*news));
    place_ = news->next;
    return news->is_last;
}

} // namespace onefold::columns
