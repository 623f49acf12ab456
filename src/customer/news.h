#pragma once
// What became of customers and of their nodes since a while ago, for whoever keeps a copy of them. Who is new is found
// by id; who changed, by one row that each transaction writes which changes golden records, the figures of orders and
// tickets, or whose a node is. Figures of events are not told: every event changes them.
#include "core/decimal.h"
#include "core/id.h"
#include "core/time.h"
#include "store/store.h"

#include <optional>
#include <string>
#include <vector>

namespace onefold::customer {

// Up to where a copy goes.
struct NewsPlace {
    std::int64_t news = 0;
    CustomerId customer;
    NodeId node;
    friend bool operator==(const NewsPlace&, const NewsPlace&) = default;
};

struct CopiedCustomer {
    CustomerId id;
    std::string kind, state;
    CustomerId merged_into;                         // 0: into nobody
    std::vector<std::optional<std::string>> fields; // as object::golden_fields()
    std::optional<Instant> last_purchase_at;
    std::int64_t order_count = 0, ticket_count = 0;
    std::int64_t total_spend = 0; // of `currency`, scaled as amounts are
    std::string currency;
};
struct CopiedNode {
    NodeId id;
    CustomerId customer;
    SourceId source;
    std::string kind;
};

struct News {
    NewsPlace next;
    bool is_last = false; // there was nothing more
    // Who is to be copied anew, with all nodes that they have now; each takes the place of what the copy has of it.
    std::vector<CopiedCustomer> customers;
    std::vector<CopiedNode> nodes;
};

// Inside the transaction that changed them.
Result<> note_news(store::Session& session, const std::vector<CustomerId>& customers);

// Where an empty copy begins.
Result<NewsPlace> news_from_the_beginning(store::Session& session);
// The last there is, 0 where there is none; for telling how far a copy is.
Result<CustomerId> last_customer(store::Session& session);
// Nothing where what is told no longer reaches back so far, or `from` is a place of another database: a copy must begin
// anew.
Result<std::optional<News>> read_news(store::Session& session, const NewsPlace& from, std::int64_t rows_max);

} // namespace onefold::customer
