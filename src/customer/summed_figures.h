#pragma once
// For tests: whether the tables' figures of customers are those of their nodes and records.
#include "store/store.h"

#include <fmt/format.h>

namespace onefold::customer {

// Living customers of whom they are not; "" where all is well.
inline std::string wrong_figures(store::Database& database) {
    const auto wrong = database.read([](store::Session& session) -> Result<std::string> {
        std::string all;
        TRY(session.each(
            "SELECT c.id, a.event_count, t.event_count, a.first_seen_at, t.first_at, a.last_seen_at, t.last_at FROM "
            "customer c JOIN customer_activity a ON a.customer_id = c.id LEFT JOIN (SELECT customer_id, "
            "CAST(SUM(event_count) AS BIGINT) AS event_count, MIN(first_at) AS first_at, MAX(last_at) AS last_at FROM ("
            "SELECT n.customer_id, y.event_count, y.first_at, CASE WHEN y.last_at >= y.first_at THEN y.last_at END AS "
            "last_at FROM node n JOIN node_activity y ON y.node_id = n.id UNION ALL "
            "SELECT n.customer_id, 0, o.time, o.time FROM node n JOIN record_order o ON o.node_id = n.id) s "
            "GROUP BY customer_id) t ON t.customer_id = c.id WHERE c.state = 'active' AND (a.event_count, "
            "a.first_seen_at, a.last_seen_at) IS DISTINCT FROM (COALESCE(t.event_count, 0), t.first_at, t.last_at)",
            {}, [&](const store::Row& row) -> Result<> {
                all +=
                    fmt::format("customer {}: {} not {} events, first seen {} not {}, last {} not {}\n", row.integer(0),
                        row.integer(1), row.integer(2), row.integer(3), row.integer(4), row.integer(5), row.integer(6));
                return {};
            }));
        return all;
    });
    return wrong ? *wrong : std::string(wrong.error().message.in("en"));
}

} // namespace onefold::customer
