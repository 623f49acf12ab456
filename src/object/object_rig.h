#pragma once
// What this room's tests stand on: the tables of rooms above, as far as records point into them, and drafts.
#include "company/company.h"
#include "object/record.h"
#include "query/query.h"
#include "testing/databases.h"

namespace onefold::object {

// Of `identity` and `customer`: which customer a node belongs to, and whether that one lives.
inline store::Schema people_schema() {
    return {
        "people", {{1, "0001_people",
                      "CREATE TABLE node (id IDENTITY, customer_id BIGINT NOT NULL);"
                      "CREATE TABLE customer (id BIGINT PRIMARY KEY, kind TEXT NOT NULL, state TEXT NOT NULL, version "
                      "BIGINT NOT NULL, name TEXT);"
                      "CREATE TABLE customer_activity (customer_id BIGINT PRIMARY KEY, order_count BIGINT NOT NULL)"}}};
}

inline constexpr SourceId shop{2};
inline constexpr NodeId ann{1}, ann_in_app{2}, bob{3};
inline constexpr CustomerId ann_customer{11}, bob_customer{12};

inline Decimal decimal(std::string_view text) {
    return *Decimal::parse(text);
}
inline Instant time_of(std::string_view text) {
    return *parse_rfc3339(text);
}

inline OrderLineDraft line(std::string sku, std::string_view quantity, std::string_view price) {
    return {sku, "name of " + sku, decimal(quantity), decimal(price)};
}
inline OrderDraft order(std::string number, NodeId buyer, std::vector<OrderLineDraft> lines,
    std::string_view time = "2026-01-02T00:00:00Z", std::string currency = "CNY") {
    return {"shop", std::move(number), shop, buyer, time_of(time), std::move(currency), std::nullopt, std::move(lines)};
}
inline TicketDraft ticket(std::string number, NodeId reporter, std::string subject) {
    return {"shop", std::move(number), shop, reporter, time_of("2026-01-03T00:00:00Z"), std::move(subject), "open",
        std::nullopt};
}

class ObjectRig : public testing::OnBothDatabases {
  protected:
    void SetUp() override {
        database_ =
            open({change::schema(), company::schema(), schema(), people_schema()}, {.functions = query::functions()});
        ASSERT_TRUE(database_->write([](store::Session& session) -> Result<> {
            TRY(session.execute_many("INSERT INTO node (id, customer_id) VALUES ($1, $2)",
                {{ann.value, ann_customer.value}, {ann_in_app.value, ann_customer.value},
                    {bob.value, bob_customer.value}}));
            TRY(session.execute_many(
                "INSERT INTO customer (id, kind, state, version, name) VALUES ($1, 'person', 'active', 1, $2)",
                {{ann_customer.value, std::string("Ann")}, {bob_customer.value, std::string("Bob")}}));
            return {};
        }));
    }
    static change::Author author() {
        return {{Principal::Kind::local, 0, Role::admin}, time_of("2026-02-01T00:00:00Z"), "import", "1"};
    }
    SavedRecords save(const std::vector<OrderDraft>& drafts) {
        auto saved = database_->write([&](store::Session& session) { return save_orders(session, author(), drafts); });
        VERIFY(saved);
        return std::move(*saved);
    }
    SavedRecords save(const std::vector<TicketDraft>& drafts) {
        auto saved = database_->write([&](store::Session& session) { return save_tickets(session, author(), drafts); });
        VERIFY(saved);
        return std::move(*saved);
    }
    Totals totals_of(CustomerId customer) {
        auto totals = database_->read([&](store::Session& session) { return list_totals(session, {customer}); });
        VERIFY(totals);
        return totals->front();
    }
    std::vector<change::Change> changes() {
        auto all = database_->read([](store::Session& session) { return change::list_behind(session, 0, 1000); });
        VERIFY(all);
        return std::move(*all);
    }
    std::int64_t ask(std::string_view sql) {
        const auto found = database_->read([&](store::Session& session) { return session.find_integer(sql); });
        VERIFY(found);
        return found->value_or(0);
    }

    std::unique_ptr<store::Database> database_;
};

} // namespace onefold::object
