#include "object/order_statement_store.h"

#include "object/shipped.h"

namespace onefold::object {
namespace {

using Key = std::pair<std::string, std::string>; // scope, number
using Speaker = std::pair<SourceId, Medium>;

store::Values values_of(const Key& key) {
    return {key.first, key.second};
}

// All that is said of one order.
struct Order {
    std::map<Speaker, OrderStatement> statements;
    std::set<Speaker> changed;
    std::map<SourceId, std::optional<OrderStatement>> past; // what files said until now, where this one says otherwise
};

// The orders of one call: what was said of them is read once, and what is said now is written once.
class Orders {
  public:
    Orders(store::Session& session, const std::set<Key>& keys) : session_(session) {
        for (const Key& key : keys)
            orders_[key];
    }

    Result<> read_statements() {
        std::vector<store::Values> keys;
        std::vector<Order*> of;
        for (auto& [key, order] : orders_) {
            keys.push_back(values_of(key));
            of.push_back(&order);
        }
        return session_.each_many(
            "SELECT source_id, medium, statement FROM order_statement WHERE number_scope = $1 AND number = $2", keys,
            [&](std::size_t index, const store::Row& row) -> Result<> {
                const Medium medium = row.text(1) == to_string(Medium::file) ? Medium::file : Medium::message;
                of[index]->statements[{SourceId{row.integer(0)}, medium}] =
                    statement_of(boost::json::parse(row.text(2)).as_object());
                return {};
            });
    }

    // Of a record of which only files spoke so far.
    Result<> read_records(const std::function<bool(const Key&, SourceId)>& is_wanted) {
        std::vector<store::Values> keys;
        std::vector<const Key*> of;
        for (auto& [key, order] : orders_)
            if (order.statements.empty()) {
                keys.push_back(values_of(key));
                of.push_back(&key);
            }
        struct Record {
            std::int64_t id;
            const Key* key;
            OrderDraft draft;
            Instant said_at;
        };
        std::vector<Record> records;
        TRY(session_.each_many("SELECT id, source_id, node_id, time, currency, status FROM record_order WHERE "
                               "number_scope = $1 AND number = $2",
            keys, [&](std::size_t index, const store::Row& row) -> Result<> {
                if (!is_wanted(*of[index], SourceId{row.integer(1)}))
                    return {};
                Record record{row.integer(0), of[index], {}, instant_of(row.integer(3))};
                record.draft.source = SourceId{row.integer(1)};
                record.draft.buyer = NodeId{row.optional_integer(2).value_or(0)};
                record.draft.time = record.said_at;
                record.draft.currency = row.text(4);
                if (!row.is_null(5))
                    record.draft.status = std::string(row.text(5));
                records.push_back(std::move(record));
                return {};
            }));
        std::vector<store::Values> ids, changes;
        for (const Record& record : records) {
            ids.push_back({record.id});
            changes.push_back({change::object_ids::order.value, record.id});
        }
        TRY(session_.each_many(
            "SELECT sku, name, quantity, price FROM record_order_line WHERE order_id = $1 ORDER BY line_number", ids,
            [&](std::size_t index, const store::Row& row) -> Result<> {
                records[index].draft.lines.push_back({std::string(row.text(0)), std::string(row.text(1)),
                    Decimal::of_scaled(row.integer(2), amount_scale),
                    Decimal::of_scaled(row.integer(3), amount_scale)});
                return {};
            }));
        TRY(session_.each_many(
            "SELECT at FROM change WHERE object_id = $1 AND record_id = $2 ORDER BY seq DESC LIMIT 1", changes,
            [&](std::size_t index, const store::Row& row) -> Result<> {
                records[index].said_at = instant_of(row.integer(0));
                return {};
            }));
        for (const Record& record : records) {
            Order& order = orders_.at(*record.key);
            const Speaker speaker{record.draft.source, Medium::file};
            order.statements[speaker] = statement_of(record.draft, record.said_at);
            order.changed.insert(speaker);
        }
        return {};
    }

    bool is_spoken_of(const Key& key) const { return !orders_.at(key).statements.empty(); }

    void say(const StatedOrder& stated) {
        Order& order = orders_.at({stated.number_scope, stated.number});
        const Speaker speaker{stated.source, stated.medium};
        OrderStatement& statement = order.statements[speaker];
        const OrderStatement before = statement;
        merge(statement, stated.statement);
        if (statement != before)
            order.changed.insert(speaker);
    }

    void say(const OrderDraft& draft, Instant at) {
        Order& order = orders_.at({draft.number_scope, draft.number});
        const Speaker speaker{draft.source, Medium::file};
        OrderStatement statement = statement_of(draft, at);
        const auto before = order.statements.find(speaker);
        if (before != order.statements.end() && says_the_same(before->second, statement))
            return;
        order.past.try_emplace(
            draft.source, before == order.statements.end() ? std::nullopt : std::optional(before->second));
        order.statements[speaker] = std::move(statement);
        order.changed.insert(speaker);
    }

    Result<> write_statements() const {
        std::vector<store::Values> rows;
        for (const auto& [key, order] : orders_)
            for (const Speaker& speaker : order.changed)
                rows.push_back({key.first, key.second, speaker.first.value, std::string(to_string(speaker.second)),
                    boost::json::serialize(to_json(order.statements.at(speaker)))});
        TRY(session_.execute_many(
            "INSERT INTO order_statement (number_scope, number, source_id, medium, statement) VALUES ($1, $2, $3, $4, "
            "$5) ON CONFLICT (number_scope, number, source_id, medium) DO UPDATE SET statement = excluded.statement",
            rows));
        return {};
    }

    // So that the import can be taken back.
    Result<> write_past(std::int64_t import) const {
        std::vector<store::Values> rows;
        for (const auto& [key, order] : orders_)
            for (const auto& [source, past] : order.past)
                rows.push_back({import, key.first, key.second, source.value,
                    past ? store::Value{boost::json::serialize(to_json(*past))} : store::Value{}});
        TRY(session_.execute_many("INSERT INTO order_statement_past (import_id, number_scope, number, source_id, "
                                  "statement) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
            rows));
        return {};
    }

    // What is said until now counts as new.
    void stir() {
        for (auto& [key, order] : orders_)
            for (const auto& [speaker, statement] : order.statements)
                order.changed.insert(speaker);
    }

    // What follows, of each number of which something new was said.
    std::vector<OrderDraft> drafts(const Trust& trust) const {
        std::vector<OrderDraft> drafts;
        for (const auto& [key, order] : orders_) {
            if (order.changed.empty())
                continue;
            std::vector<SourceStatement> statements;
            for (const auto& [speaker, statement] : order.statements)
                statements.push_back({speaker.first, speaker.second, trust(speaker.first), statement});
            auto draft = fold(statements);
            if (!draft)
                continue;
            std::tie(draft->number_scope, draft->number) = key;
            drafts.push_back(std::move(*draft));
        }
        return drafts;
    }

  private:
    store::Session& session_;
    std::map<Key, Order> orders_;
};

template <class Spoken>
std::set<Key> keys_of(const std::vector<Spoken>& spoken) {
    std::set<Key> keys;
    for (const Spoken& one : spoken)
        keys.emplace(one.number_scope, one.number);
    return keys;
}

} // namespace

Result<SavedRecords> state_orders(
    store::Session& session, const change::Author& author, const std::vector<StatedOrder>& stated, const Trust& trust) {
    if (stated.empty())
        return SavedRecords{};
    Orders orders(session, keys_of(stated));
    TRY(orders.read_statements());
    TRY(orders.read_records([](const Key&, SourceId) { return true; }));
    for (const StatedOrder& one : stated)
        orders.say(one);
    TRY(orders.write_statements());
    return save_orders(session, author, orders.drafts(trust));
}

Result<SavedRecords> import_orders(
    store::Session& session, const change::Author& author, const std::vector<OrderDraft>& drafts, const Trust& trust) {
    Orders orders(session, keys_of(drafts));
    TRY(orders.read_statements());
    std::map<Key, SourceId> importer;
    for (const OrderDraft& draft : drafts)
        importer[{draft.number_scope, draft.number}] = draft.source;
    TRY(orders.read_records([&](const Key& key, SourceId source) { return importer.at(key) != source; }));

    std::vector<OrderDraft> plain;
    std::vector<std::size_t> place_of;  // of each of them
    std::map<Key, std::size_t> last_of; // of orders that others speak of too
    for (std::size_t i = 0; i < drafts.size(); ++i) {
        const Key key{drafts[i].number_scope, drafts[i].number};
        if (orders.is_spoken_of(key)) {
            orders.say(drafts[i], author.at);
            last_of[key] = i;
        } else {
            plain.push_back(drafts[i]);
            place_of.push_back(i);
        }
    }
    SavedRecords all{std::vector<Saved>(drafts.size(), Saved::unchanged), {}};
    const auto saved = TRY(save_orders(session, author, plain));
    for (std::size_t i = 0; i < plain.size(); ++i)
        all.saved[place_of[i]] = saved.saved[i];
    TRY(orders.write_statements());
    if (author.cause_kind == "import")
        TRY(orders.write_past(parse_id(author.cause_id).value_or(0)));
    const auto folded = orders.drafts(trust);
    const auto more = TRY(save_orders(session, author, folded));
    for (std::size_t i = 0; i < folded.size(); ++i)
        all.saved[last_of.at({folded[i].number_scope, folded[i].number})] = more.saved[i];
    all.nodes = saved.nodes;
    all.nodes.insert(all.nodes.end(), more.nodes.begin(), more.nodes.end());
    all.unchanged = saved.unchanged;
    all.unchanged.insert(all.unchanged.end(), more.unchanged.begin(), more.unchanged.end());
    return all;
}

Result<SavedRecords> take_back_statements(store::Session& session, const change::Author& author, ImportId import,
    const std::vector<OrderNumber>& numbers, const Trust& trust) {
    std::vector<store::Values> keys, deleted, restored;
    for (const auto& [scope, number] : numbers)
        keys.push_back({import.value, scope, number});
    TRY(session.each_many("SELECT source_id, statement FROM order_statement_past WHERE import_id = $1 AND number_scope "
                          "= $2 AND number = $3",
        keys, [&](std::size_t index, const store::Row& row) -> Result<> {
            const auto& [scope, number] = numbers[index];
            if (row.is_null(1))
                deleted.push_back({scope, number, row.integer(0)});
            else
                restored.push_back({std::string(row.text(1)), scope, number, row.integer(0)});
            return {};
        }));
    TRY(session.execute_many("DELETE FROM order_statement WHERE number_scope = $1 AND number = $2 AND source_id = $3 "
                             "AND medium = 'file'",
        deleted));
    TRY(session.execute_many("UPDATE order_statement SET statement = $1 WHERE number_scope = $2 AND number = $3 AND "
                             "source_id = $4 AND medium = 'file'",
        restored));
    TRY(session.execute_many(
        "DELETE FROM order_statement_past WHERE import_id = $1 AND number_scope = $2 AND number = $3", keys));
    std::set<Key> said;
    for (const auto& [scope, number] : numbers)
        said.emplace(scope, number);
    Orders orders(session, said);
    TRY(orders.read_statements());
    orders.stir();
    return save_orders(session, author, orders.drafts(trust));
}

} // namespace onefold::object
