#include "object/copy_records.h"

namespace onefold::object {
namespace {

constexpr std::int64_t page_rows = 2000;

// A table of records: its column `node_id` stands second, after the id.
struct Table {
    std::string_view select; // behind id $1, $2 rows
    std::string_view insert; // what was selected, without the id
};

constexpr Table orders{
    "SELECT o.id, o.node_id, o.number_scope, o.number, o.source_id, o.time, o.total, o.currency, o.status, "
    "o.is_credit, o.line_count, o.refunded, o.is_cancelled, o.digest, o.version FROM record_order o WHERE o.id > $1 "
    "AND NOT EXISTS (SELECT 1 FROM order_statement s WHERE s.number_scope = o.number_scope AND s.number = o.number) "
    "ORDER BY o.id LIMIT $2",
    "INSERT INTO record_order (node_id, number_scope, number, source_id, time, total, currency, status, is_credit, "
    "line_count, refunded, is_cancelled, digest, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, "
    "$13, $14) ON CONFLICT (number_scope, number) DO NOTHING"};

constexpr Table tickets{
    "SELECT id, node_id, number_scope, number, source_id, time, subject, status, rating, digest, version FROM "
    "record_ticket WHERE id > $1 ORDER BY id LIMIT $2",
    "INSERT INTO record_ticket (node_id, number_scope, number, source_id, time, subject, status, rating, digest, "
    "version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"};

Result<> copy_rows(const RecordCopy& copy, const Table& table) {
    for (std::int64_t after = 0;;) {
        std::vector<store::Values> rows;
        std::vector<NodeId> nodes;
        TRY(copy.from.each(table.select, {after, page_rows}, [&](const store::Row& row) -> Result<> {
            after = row.integer(0);
            nodes.push_back(NodeId{row.integer(1)});
            store::Values& values = rows.emplace_back();
            for (int column = 1; column < row.columns(); ++column)
                values.push_back(row.value(column));
            return {};
        }));
        if (rows.empty())
            return {};
        const auto there = TRY(copy.nodes_there(nodes));
        std::vector<NodeId> owners;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            rows[i][0] = there[i] ? store::Value{there[i].value} : store::Value{};
            if (there[i])
                owners.push_back(there[i]);
        }
        TRY(copy.to.write([&](store::Session& session) -> Result<> {
            TRY(session.execute_many(table.insert, rows));
            return copy.written(session, owners);
        }));
    }
}

Result<> copy_statements(const RecordCopy& copy) {
    store::Values after{std::string(), std::string(), std::int64_t{0}};
    for (;;) {
        std::vector<StatedOrder> stated;
        std::vector<NodeId> buyers;
        store::Values values = after;
        values.emplace_back(page_rows);
        TRY(copy.from.each(
            "SELECT number_scope, number, source_id, statement FROM order_statement WHERE (number_scope, number, "
            "source_id) > ($1, $2, $3) AND medium = 'file' ORDER BY number_scope, number, source_id LIMIT $4",
            values, [&](const store::Row& row) -> Result<> {
                after = {row.value(0), row.value(1), row.value(2)};
                const auto& one = stated.emplace_back(std::string(row.text(0)), std::string(row.text(1)),
                    SourceId{row.integer(2)}, statement_of(boost::json::parse(row.text(3)).as_object()), Medium::file);
                buyers.push_back(one.statement.buyer ? one.statement.buyer->value : NodeId{});
                return {};
            }));
        if (stated.empty())
            return {};
        const auto there = TRY(copy.nodes_there(buyers));
        for (std::size_t i = 0; i < stated.size(); ++i)
            if (stated[i].statement.buyer)
                stated[i].statement.buyer->value = there[i];
        TRY(copy.to.write([&](store::Session& session) -> Result<> {
            const auto saved = TRY(state_orders(session, copy.author, stated, copy.trust));
            return copy.written(session, saved.nodes);
        }));
    }
}

} // namespace

Result<> copy_records(const RecordCopy& copy) {
    TRY(copy_statements(copy));
    TRY(copy_rows(copy, orders));
    return copy_rows(copy, tickets);
}

} // namespace onefold::object
