#include "company/company.h"
#include "customer/customer.h"
#include "customer/members.h"
#include "customer/news.h"
#include "identity/held.h"
#include "object/shipped.h"
#include "store/keys.h"
#include "survivorship/survivorship.h"

#include <set>

namespace onefold::customer {
namespace {

// A column that is set is written to its indexes, also where it stays the same; mostly only the provenance is new.
constexpr std::string_view provenance_update =
    "UPDATE customer SET provenance = $2, version = version + 1 WHERE id = $1 AND provenance <> $2";

const std::string& golden_update() {
    static const std::string sql = [] {
        std::vector<std::string> codes, places, columns;
        for (const object::GoldenField& field : object::golden_fields())
            codes.emplace_back(field.code);
        codes.emplace_back("identifier_types");
        for (std::size_t i = 0; i < codes.size(); ++i) {
            places.push_back(fmt::format("${}", i + 3));
            columns.push_back(fmt::format("{} = {}", codes[i], places[i]));
        }
        return fmt::format("UPDATE customer SET provenance = $2, version = version + 1, {} WHERE id = $1 AND ({}) IS "
                           "DISTINCT FROM ({}) RETURNING id",
            fmt::join(columns, ", "), fmt::join(codes, ", "), fmt::join(places, ", "));
    }();
    return sql;
}

const std::string& golden_insert() {
    static const std::string sql = [] {
        std::string columns, values;
        int number = 3;
        for (const object::GoldenField& field : object::golden_fields()) {
            columns += fmt::format(", {}", field.code);
            values += fmt::format(", ${}", ++number);
        }
        return fmt::format("INSERT INTO customer (id, kind, state, version, provenance{}, identifier_types) VALUES "
                           "($1, $2, 'active', 1, "
                           "$3{}, ${})",
            columns, values, number + 1);
    }();
    return sql;
}

// The provenance, the values and the types of identifiers, in the order of both statements.
void append_golden(store::Values& row, const std::vector<survivorship::GoldenValue>& golden,
    std::span<const identity::NodeFacts> nodes) {
    row.push_back(survivorship::provenance_of(golden));
    for (const object::GoldenField& field : object::golden_fields()) {
        const auto found = std::ranges::find(golden, field.id, &survivorship::GoldenValue::field);
        const bool is_blank = found == golden.end() || found->is_hidden;
        row.push_back(is_blank ? store::Value{} : store::Value{found->winner.value});
    }
    std::string types;
    for (const identity::NodeFacts& node : nodes)
        identity::add_held(types, node.identifier_types);
    row.push_back(std::move(types));
}

// What a customer's events add up to.
struct EventTotals {
    std::optional<Instant> first_at, last_at;
    std::int64_t count = 0;
};

Result<std::vector<EventTotals>> list_event_totals(store::Session& session, const std::vector<CustomerId>& customers) {
    std::vector<EventTotals> totals(customers.size());
    TRY(session.each_many("SELECT MIN(a.first_at), MAX(CASE WHEN a.last_at >= a.first_at THEN a.last_at END), "
                          "CAST(SUM(a.event_count) AS BIGINT) FROM node n JOIN node_activity a ON a.node_id = n.id "
                          "WHERE n.customer_id = $1",
        store::keys_of(customers), [&](std::size_t index, const store::Row& row) -> Result<> {
            if (row.is_null(0))
                return {};
            totals[index] = {instant_of(row.integer(0)), row.optional_instant(1), row.integer(2)};
            return {};
        }));
    return totals;
}

// What the column cannot hold (beyond 9.2 trillion) stands as its bound: one such customer must not stop all others.
std::int64_t column_of(const Decimal& total) {
    return total.scaled(object::amount_scale).value_or(total.is_negative() ? INT64_MIN : INT64_MAX);
}

std::optional<Instant> earlier(const std::optional<Instant>& a, const std::optional<Instant>& b) {
    return a && b ? std::min(*a, *b) : a ? a : b;
}

std::string add_to_customer(std::string_view setting, std::string_view where) {
    return fmt::format("UPDATE customer_activity SET event_count = event_count + $2, last_seen_at = CASE WHEN "
                       "last_seen_at IS NULL OR last_seen_at < $3 THEN $3 ELSE last_seen_at END{} WHERE customer_id = "
                       "$1 AND {}",
        setting, where);
}

// So many rows are written by one statement and then by the next while their pages are at hand.
constexpr std::size_t rows_at_once = 500;

Result<> add_to_nodes(store::Session& session, const SortedSums& sums) {
    std::vector<store::Values> rows;
    const auto write = [&]() -> Result<> {
        TRY(session.execute_many("INSERT INTO node_activity (node_id, first_at, last_at, event_count) VALUES ($1, $2, "
                                 "$3, $4) ON CONFLICT (node_id) DO UPDATE SET "
                                 "first_at = CASE WHEN excluded.first_at < node_activity.first_at THEN "
                                 "excluded.first_at ELSE node_activity.first_at END, "
                                 "last_at = CASE WHEN excluded.last_at > node_activity.last_at THEN excluded.last_at "
                                 "ELSE node_activity.last_at END, "
                                 "event_count = node_activity.event_count + excluded.event_count",
            rows));
        rows.clear();
        return {};
    };
    for (const auto& [node, sum] : sums) {
        rows.push_back({node.value, micros_of(sum.first_at), micros_of(sum.last_at), sum.count});
        if (rows.size() == rows_at_once)
            TRY(write());
    }
    return write();
}

// Sorted by customer; neighbours may be the same.
Result<> add_to_customers(store::Session& session, const std::vector<std::pair<CustomerId, EventSum>>& sums) {
    std::vector<store::Values> rows;
    const auto write = [&]() -> Result<> {
        const std::size_t written = TRY(session.execute_many(add_to_customer("", "first_seen_at <= $4"), rows));
        if (written < rows.size()) // a column that is set is written to its index, also where it stays the same
            TRY(session.execute_many(
                add_to_customer(", first_seen_at = $4", "(first_seen_at IS NULL OR first_seen_at > $4)"), rows));
        rows.clear();
        return {};
    };
    for (auto at = sums.begin(); at != sums.end();) {
        const CustomerId customer = at->first;
        EventSum sum;
        for (; at != sums.end() && at->first == customer; ++at)
            sum.add(at->second);
        rows.push_back({customer.value, sum.count, store::micros_or_null(sum.seen_at()), micros_of(sum.first_at)});
        if (rows.size() == rows_at_once)
            TRY(write());
    }
    return write();
}

// Whose these nodes are, each once.
Result<std::vector<CustomerId>> list_owners(store::Session& session, const std::vector<NodeId>& nodes) {
    std::vector<store::Values> keys;
    for (const NodeId node : std::set<NodeId>(nodes.begin(), nodes.end()))
        keys.push_back({node.value});
    std::set<CustomerId> customers;
    TRY(session.each_many(
        "SELECT customer_id FROM node WHERE id = $1", keys, [&](std::size_t, const store::Row& row) -> Result<> {
            customers.insert(CustomerId{row.integer(0)});
            return {};
        }));
    return std::vector<CustomerId>(customers.begin(), customers.end());
}

} // namespace

Result<> Customers::refresh(store::Session& session, const std::vector<CustomerId>& customers) const {
    TRY(refresh_golden(session, customers));
    TRY(note_news(session, customers));
    return refresh_activity(session, customers);
}

Result<> Customers::refresh(store::Session& session, const identity::Absorbed& absorbed) const {
    std::vector<CustomerId> otherwise, news;
    std::ranges::set_difference(absorbed.changed, absorbed.restated, std::back_inserter(otherwise));
    std::ranges::set_union(TRY(refresh_golden(session, absorbed.changed)), otherwise, std::back_inserter(news));
    TRY(note_news(session, news));
    return refresh_activity(session, absorbed.regrouped);
}

Result<> Customers::add_events(
    store::Session& session, const SortedSums& nodes, const identity::Absorbed& absorbed) const {
    TRY(add_to_nodes(session, nodes));
    std::vector<NodeId> ids;
    for (const auto& [node, sum] : nodes)
        ids.push_back(node);
    const auto owners = TRY(identity_.list_customers(session, ids, absorbed.learned));
    std::vector<std::pair<CustomerId, EventSum>> customers;
    for (std::size_t i = 0; i < nodes.size(); ++i)
        if (!std::ranges::binary_search(absorbed.regrouped, owners[i]))
            customers.emplace_back(owners[i], nodes[i].second);
    std::ranges::sort(customers, {}, &std::pair<CustomerId, EventSum>::first);
    return add_to_customers(session, customers);
}

Result<> Customers::refresh_activity_of(store::Session& session, const std::vector<NodeId>& nodes) const {
    const auto customers = TRY(list_owners(session, nodes));
    TRY(note_news(session, customers));
    return refresh_activity(session, customers);
}

Result<> Customers::introduce(store::Session& session, const std::vector<identity::Absorbed::Opened>& opened) const {
    const std::string currency = TRY(company::get_company(session)).currency;
    const auto policy = TRY(survivorship::get(session)).policy;
    const auto trust_of = trust();
    std::vector<store::Values> customers, activities;
    for (const auto& [customer, kind, node] : opened) {
        store::Values row{customer.value, std::string(identity::to_string(kind))};
        append_golden(row, survivorship::fold({node}, trust_of, policy), {&node, 1});
        customers.push_back(std::move(row));
        activities.push_back({customer.value, currency});
    }
    TRY(session.execute_many(golden_insert(), customers));
    TRY(session.execute_many(
        "INSERT INTO customer_activity (customer_id, event_count, order_count, ticket_count, total_spend, currency) "
        "VALUES ($1, 0, 0, 0, 0, $2)",
        activities));
    return {};
}

survivorship::Trust Customers::trust() const {
    return [this, known = std::map<SourceId, int>()](SourceId id) mutable {
        auto [place, is_first] = known.try_emplace(id, 0);
        if (is_first)
            if (const auto source = sources_.get(id))
                place->second = source->trust;
        return place->second;
    };
}

Result<std::vector<CustomerId>> Customers::refresh_golden(
    store::Session& session, const std::vector<CustomerId>& customers) const {
    const auto facts = TRY(identity_.list_facts(session, customers));
    const auto policy = TRY(survivorship::get(session)).policy;
    const auto trust_of = trust();
    std::vector<survivorship::Conflicts> folded;
    std::vector<store::Values> rows, provenances;
    for (std::size_t i = 0; i < customers.size(); ++i) {
        auto golden = survivorship::fold(facts[i], trust_of, policy);
        rows.push_back({customers[i].value});
        append_golden(rows.back(), golden, facts[i]);
        provenances.push_back({rows.back()[0], rows.back()[1]});
        folded.push_back({customers[i], std::move(golden)});
    }
    std::vector<CustomerId> changed;
    TRY(session.each_many(golden_update(), rows, [&](std::size_t index, const store::Row&) -> Result<> {
        changed.push_back(customers[index]);
        return {};
    }));
    TRY(session.execute_many(provenance_update, provenances));
    TRY(survivorship::write_conflicts(session, folded, outside_.clock.now()));
    return changed;
}

Result<> Customers::refresh_activity(store::Session& session, const std::vector<CustomerId>& customers) const {
    const std::string currency = TRY(company::get_company(session)).currency;
    const auto events = TRY(list_event_totals(session, customers));
    const auto records = TRY(object::list_totals(session, customers));
    std::vector<store::Values> rows, seen;
    for (std::size_t i = 0; i < customers.size(); ++i) {
        const SpendSummary spend = summarise(records[i].spend, currency);
        rows.push_back({customers[i].value, store::micros_or_null(earlier(events[i].first_at, records[i].first_at)),
            store::micros_or_null(std::max(events[i].last_at, records[i].last_at)),
            store::micros_or_null(records[i].last_purchase_at), events[i].count, records[i].order_count,
            records[i].ticket_count, column_of(spend.total), spend.currency, spend.unconverted});
        seen.push_back({customers[i].value, rows.back()[2], events[i].count});
    }
    TRY(session.execute_many("INSERT INTO customer_activity (customer_id, first_seen_at, last_seen_at, "
                             "last_purchase_at, event_count, order_count, ticket_count, "
                             "total_spend, currency, unconverted) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
                             "ON CONFLICT (customer_id) DO UPDATE SET first_seen_at = excluded.first_seen_at, "
                             "last_purchase_at = excluded.last_purchase_at, order_count = excluded.order_count, "
                             "ticket_count = excluded.ticket_count, total_spend = excluded.total_spend, currency = "
                             "excluded.currency, unconverted = excluded.unconverted "
                             "WHERE (customer_activity.first_seen_at, customer_activity.last_purchase_at, "
                             "customer_activity.order_count, customer_activity.ticket_count, "
                             "customer_activity.total_spend, customer_activity.currency, "
                             "customer_activity.unconverted) IS DISTINCT FROM (excluded.first_seen_at, "
                             "excluded.last_purchase_at, excluded.order_count, excluded.ticket_count, "
                             "excluded.total_spend, excluded.currency, excluded.unconverted)",
        rows));
    TRY(session.execute_many("UPDATE customer_activity SET last_seen_at = $2, event_count = $3 WHERE customer_id = $1 "
                             "AND (last_seen_at, event_count) IS DISTINCT FROM ($2, $3)",
        seen));
    return {};
}

} // namespace onefold::customer
