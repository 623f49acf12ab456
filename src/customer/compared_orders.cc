// One side of the comparison: orders of which messages speak, what these say, and their problems.
#include "core/decimal.h"
#include "customer/comparison.h"
#include "object/shipped.h"

#include <boost/json.hpp>

namespace onefold::customer {
namespace {

constexpr std::int64_t page_rows = 1000;

std::string amount(const store::Row& row, int column) {
    return Decimal::of_scaled(row.integer(column), object::amount_scale).to_string();
}

store::Values with_limit(const store::Values& after) {
    store::Values values = after;
    values.emplace_back(page_rows);
    return values;
}

Item order_of(const ComparedRooms& rooms, const store::Row& row) {
    const std::string buyer =
        row.is_null(12) ? "" : node_words(rooms.sources, SourceId{row.integer(12)}, row.text(13), row.text(14));
    Item item{{std::string(row.text(1)), std::string(row.text(2))}, {}};
    item.lines.push_back({"order", fmt::format("{} {}", row.text(1), row.text(2)),
        {{"source", source_name(rooms.sources, SourceId{row.integer(3)})}, {"buyer", buyer},
            {"time", time_words(row, 4)}, {"total", amount(row, 5)}, {"currency", std::string(row.text(6))},
            {"status", std::string(row.text(7))}, {"is_credit", std::to_string(row.integer(8))},
            {"line_count", std::to_string(row.integer(9))}, {"refunded", amount(row, 10)},
            {"is_cancelled", std::to_string(row.integer(11))}},
        {}, {}});
    return item;
}

Result<std::vector<Item>> read_orders(const ComparedRooms& rooms, store::Session& session, const store::Values& after) {
    std::vector<Item> items;
    std::vector<store::Values> ids;
    TRY(session.each(
        "SELECT o.id, o.number_scope, o.number, o.source_id, o.time, o.total, o.currency, o.status, o.is_credit, "
        "o.line_count, o.refunded, o.is_cancelled, n.source_id, n.kind, n.subject_key FROM record_order o LEFT JOIN "
        "node n ON n.id = o.node_id WHERE (o.number_scope, o.number) > ($1, $2) AND EXISTS (SELECT 1 FROM "
        "order_statement s WHERE s.number_scope = o.number_scope AND s.number = o.number AND s.medium = 'message') "
        "ORDER BY o.number_scope, o.number LIMIT $3",
        with_limit(after), [&](const store::Row& row) -> Result<> {
            ids.push_back({row.integer(0)});
            items.push_back(order_of(rooms, row));
            return {};
        }));
    TRY(session.each_many(
        "SELECT line_number, sku, name, quantity, price, amount FROM record_order_line WHERE order_id "
        "= $1 ORDER BY line_number",
        ids, [&](std::size_t index, const store::Row& row) -> Result<> {
            items[index].lines.push_back(
                {"order_line", fmt::format("{} line {:06}", items[index].lines.front().key, row.integer(0)),
                    {{"sku", std::string(row.text(1))}, {"name", std::string(row.text(2))},
                        {"quantity", amount(row, 3)}, {"price", amount(row, 4)}, {"amount", amount(row, 5)}},
                    {}, {}});
            return {};
        }));
    return items;
}

// What a message says of an order's parts; the buyer by key.
Result<std::vector<Item>> read_statements(
    const ComparedRooms& rooms, store::Session& session, const store::Values& after) {
    std::vector<Item> items;
    std::vector<store::Values> buyers;
    std::vector<std::size_t> of;
    TRY(session.each(
        "SELECT number_scope, number, source_id, statement FROM order_statement WHERE (number_scope, number, "
        "source_id) > ($1, $2, $3) AND medium = 'message' ORDER BY number_scope, number, source_id LIMIT $4",
        with_limit(after), [&](const store::Row& row) -> Result<> {
            Item& item =
                items.emplace_back(Item{{std::string(row.text(0)), std::string(row.text(1)), row.integer(2)}, {}});
            Line line{"order_statement",
                fmt::format("{} {}, said by {}", row.text(0), row.text(1),
                    source_name(rooms.sources, SourceId{row.integer(2)})),
                {}, {}, {}};
            const auto statement = boost::json::parse(row.text(3));
            for (const auto& [part, said] : statement.as_object()) {
                if (part == "buyer") {
                    buyers.push_back({said.at("value").to_number<std::int64_t>()});
                    of.push_back(items.size() - 1);
                    line.fields.emplace_back("buyer said at", boost::json::serialize(said.at("at")));
                } else {
                    line.fields.emplace_back(std::string(part), boost::json::serialize(said));
                }
            }
            item.lines.push_back(std::move(line));
            return {};
        }));
    TRY(session.each_many("SELECT source_id, kind, subject_key FROM node WHERE id = $1", buyers,
        [&](std::size_t index, const store::Row& row) -> Result<> {
            items[of[index]].lines.front().fields.emplace_back(
                "buyer", node_words(rooms.sources, SourceId{row.integer(0)}, row.text(1), row.text(2)));
            return {};
        }));
    return items;
}

// Not those of traits: what was taken in by versions that did not note them would differ for ever.
Result<std::vector<Item>> read_problems(
    const ComparedRooms& rooms, store::Session& session, const store::Values& after) {
    return session.list("SELECT source_id, position, at, name, code, path FROM message_problem WHERE (source_id, "
                        "position) > ($1, $2) AND code NOT LIKE 'trait.%' ORDER BY source_id, position LIMIT $3",
        with_limit(after), [&](const store::Row& row) {
            return Item{{row.integer(0), row.integer(1)},
                {{"message_problem",
                    fmt::format("{} position {}", source_name(rooms.sources, SourceId{row.integer(0)}), row.integer(1)),
                    {{"at", time_words(row, 2)}, {"name", std::string(row.text(3))}, {"code", std::string(row.text(4))},
                        {"path", std::string(row.text(5))}},
                    {}, {}}}};
        });
}

template <class Read>
Pages pages(const ComparedRooms& rooms, store::Session& session, Read read) {
    return [&rooms, &session, read](const store::Values& after) { return read(rooms, session, after); };
}

} // namespace

Pages order_pages(const ComparedRooms& rooms, store::Session& session) {
    return pages(rooms, session, read_orders);
}
Pages statement_pages(const ComparedRooms& rooms, store::Session& session) {
    return pages(rooms, session, read_statements);
}
Pages problem_pages(const ComparedRooms& rooms, store::Session& session) {
    return pages(rooms, session, read_problems);
}

} // namespace onefold::customer
