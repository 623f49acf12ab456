#include "customer/compared_customers.h"

#include "core/decimal.h"
#include "core/text.h"
#include "identity/facts.h"
#include "object/shipped.h"

#include <boost/json.hpp>

namespace onefold::customer {
namespace {

using boost::json::value;

struct Node {
    SourceId source;
    std::string words;
    std::vector<identity::Fact> facts;
};
using Nodes = std::map<NodeId, Node>;

const std::string& customer_sql() {
    static const std::string sql = [] {
        std::string columns;
        for (const object::GoldenField& field : object::golden_fields())
            columns += fmt::format(", {}", field.code);
        return fmt::format("SELECT kind, state, provenance{}, identifier_types FROM customer WHERE id = $1", columns);
    }();
    return sql;
}

bool says(const Node& node, SourceId source, FieldId field, std::string_view text, std::int64_t at) {
    return node.source == source && std::ranges::any_of(node.facts, [&](const identity::Fact& fact) {
        return fact.field == field && fact.value == text && micros_of(fact.at) == at;
    });
}

// Among nodes of one source that say the same at the same time, any may be named: the first by key stands for all.
std::string claimed_words(FieldId field, const value& claimed, const Nodes& nodes, const ComparedRooms& rooms) {
    const SourceId source{claimed.at("source").to_number<std::int64_t>()};
    const NodeId named{claimed.at("node").to_number<std::int64_t>()};
    const std::string_view text = claimed.at("value").as_string();
    const auto at = claimed.at("at").to_number<std::int64_t>();
    std::string words = fmt::format("{} ({}, ", text, time_words(at));
    const auto found = nodes.find(named);
    if (found == nodes.end() || !says(found->second, source, field, text, at))
        return words +
               fmt::format("{}, node {} that does not say so)", source_name(rooms.sources, source), named.value);
    const std::string* first = nullptr;
    for (const auto& [id, node] : nodes)
        if (says(node, source, field, text, at) && (!first || node.words < *first))
            first = &node.words;
    return words + *first + ")";
}

std::string provenance_words(FieldId field, const value& golden, const Nodes& nodes, const ComparedRooms& rooms) {
    std::string words = fmt::format(
        "{}: {}", std::string_view(golden.at("rule").as_string()), claimed_words(field, golden, nodes, rooms));
    for (const value& other : golden.at("others").as_array())
        words += "; " + claimed_words(field, other, nodes, rooms);
    return words;
}

void add_provenance(Line& line, std::string_view text, const Nodes& nodes, const ComparedRooms& rooms) {
    boost::system::error_code error;
    const value parsed = boost::json::parse(text, error);
    if (error || !parsed.is_object()) {
        line.fields.emplace_back("provenance", std::string(text));
        return;
    }
    for (const auto& [id, golden] : parsed.get_object()) {
        const FieldId field{parse_id(id).value_or(0)};
        const auto* known = object::find_golden_field(field);
        line.fields.emplace_back(fmt::format("provenance of {}", known ? known->code : std::string_view(id)),
            provenance_words(field, golden, nodes, rooms));
    }
}

Line customer_line(const store::Row& row, const Nodes& nodes, const ComparedRooms& rooms) {
    Line line{"customer", "", {{"kind", std::string(row.text(0))}, {"state", std::string(row.text(1))}}, {}, {}};
    int column = 3;
    for (const object::GoldenField& field : object::golden_fields()) {
        if (!row.is_null(column))
            line.fields.emplace_back(std::string(field.code), std::string(row.text(column)));
        ++column;
    }
    if (const auto types = trimmed(row.text(column)); !types.empty())
        line.fields.emplace_back("identifier_types", std::string(types));
    add_provenance(line, row.text(2), nodes, rooms);
    return line;
}

// In which currency nothing was spent says nothing.
Line activity_line(const store::Row& row) {
    Line line{"activity", "",
        {{"first_seen_at", time_words(row, 0)}, {"last_seen_at", time_words(row, 1)},
            {"last_purchase_at", time_words(row, 2)}, {"event_count", std::to_string(row.integer(3))},
            {"order_count", std::to_string(row.integer(4))}, {"ticket_count", std::to_string(row.integer(5))},
            {"total_spend", Decimal::of_scaled(row.integer(6), object::amount_scale).to_string()}},
        {}, {}};
    if (row.integer(4) > 0)
        line.fields.emplace_back("currency", std::string(row.text(7)));
    if (!row.is_null(8))
        line.fields.emplace_back("unconverted", std::string(row.text(8)));
    return line;
}

} // namespace

Result<std::vector<std::vector<Line>>> lines_of_customers(
    const ComparedRooms& rooms, store::Session& session, const std::vector<CustomerId>& customers) {
    std::vector<store::Values> keys;
    for (const CustomerId customer : customers)
        keys.push_back({customer.value});
    std::vector<Nodes> nodes(customers.size());
    TRY(session.each_many("SELECT id, source_id, kind, subject_key, facts FROM node WHERE customer_id = $1", keys,
        [&](std::size_t index, const store::Row& row) -> Result<> {
            const SourceId source{row.integer(1)};
            nodes[index][NodeId{row.integer(0)}] = {
                source, node_words(rooms.sources, source, row.text(2), row.text(3)), identity::facts_of(row.text(4))};
            return {};
        }));
    std::vector<std::vector<Line>> lines(customers.size());
    TRY(session.each_many(customer_sql(), keys, [&](std::size_t index, const store::Row& row) -> Result<> {
        lines[index].push_back(customer_line(row, nodes[index], rooms));
        return {};
    }));
    TRY(session.each_many(
        "SELECT first_seen_at, last_seen_at, last_purchase_at, event_count, order_count, "
        "ticket_count, total_spend, currency, unconverted FROM customer_activity WHERE customer_id = $1",
        keys, [&](std::size_t index, const store::Row& row) -> Result<> {
            lines[index].push_back(activity_line(row));
            return {};
        }));
    return lines;
}

} // namespace onefold::customer
