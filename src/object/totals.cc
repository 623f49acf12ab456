// What the records of customers add up to.
#include "object/record.h"
#include "object/shipped.h"

#include <fmt/format.h>

namespace onefold::object {
namespace {

void widen(Totals& of, const store::Row& row, int first, int last) {
    if (row.is_null(first))
        return;
    const Instant first_at = instant_of(row.integer(first)), last_at = instant_of(row.integer(last));
    of.first_at = of.first_at ? std::min(*of.first_at, first_at) : first_at;
    of.last_at = of.last_at ? std::max(*of.last_at, last_at) : last_at;
}

std::string orders_sql(std::string_view within) {
    // Whole units and millionths apart: neither sum can overflow.
    static_assert(amount_scale == 6);
    return fmt::format(
        "SELECT o.currency, COUNT(*), CAST(SUM({0} / 1000000) AS BIGINT), CAST(SUM({0} % 1000000) AS BIGINT), "
        "MIN(o.time), MAX(o.time), MAX(CASE WHEN o.is_credit = 0 AND o.is_cancelled = 0 THEN o.time END) "
        "FROM node n JOIN record_order o ON o.node_id = n.id WHERE n.customer_id = $1{1} GROUP BY o.currency ORDER BY "
        "o.currency",
        "(CASE WHEN o.is_cancelled = 0 THEN o.total - o.refunded ELSE 0 END)", within);
}
std::string tickets_sql(std::string_view within) {
    return fmt::format("SELECT COUNT(*), MIN(t.time), MAX(t.time) FROM node n JOIN record_ticket t ON t.node_id = n.id "
                       "WHERE n.customer_id = $1{}",
        within);
}

Result<std::vector<Totals>> sum_up(store::Session& session, const std::vector<store::Values>& keys,
    const std::string& orders, const std::string& tickets) {
    std::vector<Totals> totals(keys.size());
    TRY(session.each_many(orders, keys, [&](std::size_t index, const store::Row& row) -> Result<> {
        Totals& of = totals[index];
        of.order_count += row.integer(1);
        of.spend.emplace_back(
            row.text(0), TRY(Decimal::of(row.integer(2)).plus(Decimal::of_scaled(row.integer(3), amount_scale))));
        widen(of, row, 4, 5);
        if (!row.is_null(6))
            of.last_purchase_at = std::max(of.last_purchase_at.value_or(Instant::min()), instant_of(row.integer(6)));
        return {};
    }));
    TRY(session.each_many(tickets, keys, [&](std::size_t index, const store::Row& row) -> Result<> {
        totals[index].ticket_count = row.integer(0);
        widen(totals[index], row, 1, 2);
        return {};
    }));
    return totals;
}

} // namespace

Result<std::vector<Totals>> list_totals(store::Session& session, const std::vector<CustomerId>& customers) {
    static const std::string orders = orders_sql(""), tickets = tickets_sql("");
    std::vector<store::Values> keys;
    for (const CustomerId customer : customers)
        keys.push_back({customer.value});
    return sum_up(session, keys, orders, tickets);
}

Result<std::vector<Totals>> list_totals_within(store::Session& session, const std::vector<CustomerSpan>& spans) {
    static const std::string orders = orders_sql(" AND o.time >= $2 AND o.time < $3"),
                             tickets = tickets_sql(" AND t.time >= $2 AND t.time < $3");
    std::vector<store::Values> keys;
    for (const auto& [customer, from, to] : spans)
        keys.push_back({customer.value, micros_of(from), micros_of(to)});
    return sum_up(session, keys, orders, tickets);
}

Result<RecordCounts> count_records_within(store::Session& session, const std::vector<NodeSpan>& spans) {
    std::vector<store::Values> keys;
    for (const auto& [node, from, to] : spans)
        keys.push_back({node.value, micros_of(from), micros_of(to)});
    RecordCounts counts;
    for (const auto& [table, into] :
        {std::pair("record_order", &counts.orders), std::pair("record_ticket", &counts.tickets)})
        TRY(session.each_many(fmt::format("SELECT source_id, COUNT(*) FROM {} WHERE node_id = $1 AND time >= $2 AND "
                                          "time < $3 GROUP BY source_id",
                                  table),
            keys, [&into = *into](std::size_t, const store::Row& row) -> Result<> {
                into[SourceId{row.integer(0)}] += row.integer(1);
                return {};
            }));
    return counts;
}

} // namespace onefold::object
