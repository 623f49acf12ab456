#pragma once
// A small company for this room's tests and benchmark: customers with an extension, orders over nodes, lines.
#include "query/query.h"

#include <map>
#include <string>
#include <vector>

namespace onefold::query::toy {

struct Table {
    std::string name;
    std::vector<std::string> columns;
    std::vector<store::Values> rows;
};
using Tables = std::map<std::string, Table>;

inline const std::string odd_column = "odd \"col\"; --";

inline FieldEntry field(std::string code, FieldType type, std::string column, int scale = 0) {
    FieldEntry entry;
    entry.label = LocalText{code, code};
    entry.code = std::move(code);
    entry.type = type;
    entry.column = std::move(column);
    entry.scale = scale;
    return entry;
}
inline FieldEntry relation(std::string code, std::string column, std::int64_t target, Via via = Via::record) {
    auto entry = field(std::move(code), FieldType::relation, std::move(column));
    entry.target = ObjectId{target};
    entry.via = via;
    return entry;
}
inline FieldEntry extended(FieldEntry entry, std::string table) {
    entry.extension = std::move(table);
    return entry;
}

inline FieldEntry several(FieldEntry entry, std::vector<Step> steps) {
    entry.steps = std::move(steps);
    return entry;
}

inline FieldEntry required(FieldEntry entry) {
    entry.is_required = true;
    return entry;
}

class Catalogue : public query::Catalogue {
  public:
    Catalogue() {
        objects_.push_back({ObjectId{1}, "customer", LocalText{"Customer", "客户"}, "customer", "id",
            {{"customer_more", "customer_id"}},
            {field("id", FieldType::integer, "id"), field("name", FieldType::text, "name"),
                field("城市", FieldType::text, "city"), field("state", FieldType::choice, "state"),
                field("age", FieldType::integer, "age"), field("birthday", FieldType::date, "birthday"),
                field("is_vip", FieldType::boolean, "is_vip"), field("spend", FieldType::money, "spend", 2),
                field("seen_at", FieldType::instant, "seen_at"), field("extra", FieldType::json, "extra"),
                relation("friend", "friend_id", 1), extended(field("note", FieldType::text, "note"), "customer_more"),
                extended(field("score", FieldType::decimal, "score", 4), "customer_more"),
                required(field("level", FieldType::integer, "level")),
                several(field("nodes", FieldType::integer, "id"), {{"node", "customer_id", ""}}),
                several(field("totals", FieldType::money, "total", 3),
                    {{"node", "customer_id", "id"}, {"order", "customer_node", ""}}),
                several(field("skus", FieldType::text, "sku"),
                    {{"node", "customer_id", "id"}, {"order", "customer_node", "id"}, {"line", "order_id", ""}})},
            formula::call(
                formula::Operator::equal, {formula::field({"state"}), formula::literal(std::string("active"))}),
            {{"orders", LocalText{"Orders", "订单"}, ObjectId{2},
                {{"node", "customer_id", "id"}, {"order", "customer_node", ""}}}}});
        objects_.push_back({ObjectId{2}, "order", LocalText{"Order", "订单"}, "order", "id", {},
            {field("id", FieldType::integer, "id"), field("number", FieldType::text, "number"),
                relation("customer", "customer_node", 1, Via::node), field("total", FieldType::money, "total", 3),
                field("下单时间", FieldType::instant, "at"), field("is_paid", FieldType::boolean, "is_paid"),
                required(field("placed_at", FieldType::instant, "placed_at"))},
            std::nullopt, {{"lines", LocalText{"Lines", "明细"}, ObjectId{3}, {{"line", "order_id", ""}}}}});
        objects_.push_back({ObjectId{3}, "line", LocalText{"Line", "明细"}, "line", "id", {},
            {field("id", FieldType::integer, "id"), relation("order", "order_id", 2),
                field("sku", FieldType::text, "sku"), field("quantity", FieldType::integer, "quantity"),
                field("price", FieldType::decimal, "price", 4), field("o'd\"d", FieldType::text, odd_column)},
            std::nullopt});
    }
    const ObjectEntry* find_object(std::string_view code) const override {
        const auto found = std::ranges::find(objects_, code, &ObjectEntry::code);
        return found == objects_.end() ? nullptr : &*found;
    }
    const ObjectEntry* find_object(ObjectId id) const override {
        const auto found = std::ranges::find(objects_, id, &ObjectEntry::id);
        return found == objects_.end() ? nullptr : &*found;
    }
    ObjectEntry& object(std::string_view code) { return *std::ranges::find(objects_, code, &ObjectEntry::code); }

  private:
    std::vector<ObjectEntry> objects_;
};

inline Tables empty_tables() {
    Tables tables;
    for (Table table : {
             Table{"customer",
                 {"id", "name", "city", "state", "age", "birthday", "is_vip", "spend", "seen_at", "extra", "friend_id",
                     "level"},
                 {}},
             Table{"customer_more", {"customer_id", "note", "score"}, {}},
             Table{"node", {"id", "customer_id"}, {}},
             Table{"order", {"id", "number", "customer_node", "total", "at", "is_paid", "placed_at"}, {}},
             Table{"line", {"id", "order_id", "sku", "quantity", "price", odd_column}, {}},
         })
        tables[table.name] = table;
    return tables;
}

inline store::Schema schema() {
    return {"toy", {{1, "0001_toy", R"sql(
        CREATE TABLE customer (id BIGINT PRIMARY KEY, name TEXT, city TEXT, state TEXT, age BIGINT, birthday TEXT, is_vip BIGINT,
            spend BIGINT, seen_at BIGINT, extra TEXT, friend_id BIGINT, level BIGINT NOT NULL DEFAULT 0);
        CREATE TABLE customer_more (customer_id BIGINT PRIMARY KEY, note TEXT, score BIGINT);
        CREATE TABLE node (id BIGINT PRIMARY KEY, customer_id BIGINT);
        CREATE TABLE "order" (id BIGINT PRIMARY KEY, number TEXT, customer_node BIGINT, total BIGINT, at BIGINT, is_paid BIGINT, placed_at BIGINT NOT NULL);
        CREATE TABLE line (id BIGINT PRIMARY KEY, order_id BIGINT, sku TEXT, quantity BIGINT, price BIGINT, "odd ""col""; --" TEXT);
        CREATE INDEX node_customer ON node (customer_id);
        CREATE INDEX order_customer ON "order" (customer_node);
        CREATE INDEX line_of_order ON line (order_id);
        CREATE INDEX order_at ON "order" (at);
        CREATE INDEX order_placed_at ON "order" (placed_at);
    )sql"}}};
}

// What a row leaves out at its end is 0.
inline Result<> fill(store::Database& database, const Tables& tables) {
    return database.write([&](store::Session& session) -> Result<> {
        for (const auto& [name, table] : tables) {
            std::string columns, places;
            for (std::size_t i = 0; i < table.columns.size(); ++i) {
                std::string escaped;
                for (const char c : table.columns[i])
                    escaped += c == '"' ? "\"\"" : std::string(1, c);
                columns += fmt::format("{}\"{}\"", i == 0 ? "" : ", ", escaped);
                places += fmt::format("{}${}", i == 0 ? "" : ", ", i + 1);
            }
            auto rows = table.rows;
            for (auto& row : rows)
                row.resize(table.columns.size(), std::int64_t(0));
            TRY(session.execute_many(fmt::format("INSERT INTO \"{}\" ({}) VALUES ({})", name, columns, places), rows));
        }
        return {};
    });
}

inline std::vector<std::string> path(std::string_view text) {
    std::vector<std::string> codes;
    while (true) {
        const auto dot = text.find('.');
        codes.emplace_back(text.substr(0, dot));
        if (dot == text.npos)
            return codes;
        text.remove_prefix(dot + 1);
    }
}

inline std::vector<Selection> select(std::initializer_list<std::string_view> paths) {
    std::vector<Selection> selections;
    for (const auto each : paths)
        selections.push_back({path(each), Aggregate::none});
    return selections;
}

inline Query query(std::string object, std::initializer_list<std::string_view> paths, std::string_view filter = "") {
    Query query;
    query.object = std::move(object);
    query.select = select(paths);
    if (!filter.empty())
        query.filter = formula::parse_json(boost::json::parse(filter)).value();
    return query;
}

inline std::string to_text(const query::Table& table) {
    std::string text;
    for (const auto& row : table.rows) {
        std::string line;
        for (const auto& cell : row)
            line += (line.empty() ? "" : " ") + boost::json::serialize(cell);
        text += line + "\n";
    }
    return text;
}

} // namespace onefold::query::toy
