#include "object/record.h"

#include "core/text.h"
#include "object/shipped.h"

#include <sodium.h>

namespace onefold::object {
namespace {

namespace ids = change::object_ids;

constexpr std::array<std::string_view, 6> words_for_cancelled{
    "cancelled", "canceled", "voided", "已取消", "取消", "已作废"};

std::string digest_of(const boost::json::object& content) {
    const std::string text = boost::json::serialize(content);
    std::string digest(16, '\0');
    crypto_generichash(reinterpret_cast<unsigned char*>(digest.data()), digest.size(),
        reinterpret_cast<const unsigned char*>(text.data()), text.size(), nullptr, 0);
    return digest;
}

// What is stored of a record now, as far as saving needs it.
struct Present {
    RecordId id;
    NodeId node;
    std::string digest;
    std::int64_t version = 0;
};

using Key = std::pair<std::string, std::string>;

template <class Draft>
Result<std::map<Key, Present>> find_present(
    store::Session& session, std::string_view table, const std::vector<Draft>& drafts) {
    std::vector<store::Values> keys;
    for (const Draft& draft : drafts)
        keys.push_back({draft.number_scope, draft.number});
    std::map<Key, Present> present;
    TRY(session.each_many(
        fmt::format("SELECT id, node_id, digest, version FROM {} WHERE number_scope = $1 AND number = $2", table), keys,
        [&](std::size_t index, const store::Row& row) -> Result<> {
            present[{drafts[index].number_scope, drafts[index].number}] = {
                RecordId{row.integer(0)}, NodeId{row.integer(1)}, std::string(row.blob(2)), row.integer(3)};
            return {};
        }));
    return present;
}

// The drafts without those that a later one with the same number replaces.
template <class Draft>
std::vector<bool> is_last_of_its_number(const std::vector<Draft>& drafts) {
    std::vector<bool> is_last(drafts.size(), true);
    std::map<Key, std::size_t> last;
    for (std::size_t i = 0; i < drafts.size(); ++i) {
        const auto [place, is_first] = last.emplace(Key{drafts[i].number_scope, drafts[i].number}, i);
        if (is_first)
            continue;
        is_last[place->second] = false;
        place->second = i;
    }
    return is_last;
}

store::Value optional_text(const std::optional<std::string>& text) {
    return text ? store::Value{*text} : store::Value{};
}
store::Value optional_node(NodeId node) {
    return node ? store::Value{node.value} : store::Value{};
}

boost::json::value json_text(const std::optional<std::string>& text) {
    return text ? boost::json::value(*text) : boost::json::value(nullptr);
}

// One row to write, with what decides whether it must be.
struct Pending {
    std::size_t draft;
    boost::json::object content; // by field id
    store::Values columns;       // in the order of the INSERT, digest and version last
    std::string digest;
};

Result<Pending> pending_order(const OrderDraft& draft, std::size_t index) {
    const Decimal total = draft.total ? *draft.total : TRY(total_of(draft.lines));
    const bool is_credit = total.is_negative();
    boost::json::array lines;
    lines.reserve(draft.lines.size());
    for (const OrderLineDraft& line : draft.lines)
        lines.push_back(boost::json::array{line.sku, line.name, line.quantity.to_string(), line.price.to_string()});
    Pending pending{index, {{"101", draft.number}, {"102", draft.source.value}, {"103", draft.buyer.value},
                               {"105", to_rfc3339(draft.time)}, {"106", total.to_string()}, {"107", draft.currency},
                               {"108", json_text(draft.status)}, {"lines", std::move(lines)}}};
    if (!draft.refunded.is_zero())
        pending.content["112"] = draft.refunded.to_string();
    pending.digest = digest_of(pending.content);
    pending.columns = {draft.number_scope, draft.number, draft.source.value, optional_node(draft.buyer),
        micros_of(draft.time), TRY(total.scaled(amount_scale)), draft.currency, optional_text(draft.status),
        std::int64_t(is_credit), std::int64_t(draft.lines.size()), TRY(draft.refunded.scaled(amount_scale)),
        std::int64_t(draft.status && is_cancelled(*draft.status)), store::Blob{pending.digest}};
    return pending;
}

Result<Pending> pending_ticket(const TicketDraft& draft, std::size_t index) {
    store::Value rating;
    if (draft.rating)
        rating = TRY(draft.rating->scaled(rating_scale));
    Pending pending{index,
        {{"151", draft.number}, {"152", draft.source.value}, {"153", draft.reporter.value},
            {"154", draft.time ? boost::json::value(to_rfc3339(*draft.time)) : boost::json::value(nullptr)},
            {"155", json_text(draft.subject)}, {"156", json_text(draft.status)},
            {"157", draft.rating ? boost::json::value(draft.rating->to_string()) : boost::json::value(nullptr)}}};
    pending.digest = digest_of(pending.content);
    pending.columns = {draft.number_scope, draft.number, draft.source.value, optional_node(draft.reporter),
        store::micros_or_null(draft.time), optional_text(draft.subject), optional_text(draft.status), rating,
        store::Blob{pending.digest}};
    return pending;
}

struct Statements {
    ObjectId object;
    std::string_view table, insert, update;
};

constexpr Statements order_statements{ids::order, "record_order",
    "INSERT INTO record_order (number_scope, number, source_id, node_id, time, total, currency, status, is_credit, "
    "line_count, refunded, is_cancelled, digest, version) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1)",
    "UPDATE record_order SET number_scope = $1, number = $2, source_id = $3, node_id = $4, time = $5, total = $6, "
    "currency = $7, status = $8, "
    "is_credit = $9, line_count = $10, refunded = $11, is_cancelled = $12, digest = $13, version = $14 WHERE id = $15"};

constexpr Statements ticket_statements{ids::ticket, "record_ticket",
    "INSERT INTO record_ticket (number_scope, number, source_id, node_id, time, subject, status, rating, digest, "
    "version) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1)",
    "UPDATE record_ticket SET number_scope = $1, number = $2, source_id = $3, node_id = $4, time = $5, subject = $6, "
    "status = $7, "
    "rating = $8, digest = $9, version = $10 WHERE id = $11"};

struct Written {
    SavedRecords records;
    std::vector<RecordId> ids; // one a draft; 0 where nothing was written
};

// The newest change of a record holds all that it was.
Result<> add_what_was_before(store::Session& session, std::vector<change::Entry>& changes) {
    std::vector<store::Values> keys;
    std::vector<change::Entry*> updates;
    for (change::Entry& entry : changes) {
        if (entry.op != change::Op::update)
            continue;
        updates.push_back(&entry);
        keys.push_back({entry.object.value, entry.record});
    }
    return session.each_many(
        "SELECT after FROM change WHERE object_id = $1 AND record_id = $2 ORDER BY seq DESC LIMIT 1", keys,
        [&](std::size_t index, const store::Row& row) -> Result<> {
            updates[index]->before = boost::json::parse(row.text(0)).as_object();
            return {};
        });
}

// What saving orders and saving tickets share: find, compare, insert or update, note the change.
template <class Draft, class MakePending, class NodeOf>
Result<Written> save(store::Session& session, const change::Author& author, const std::vector<Draft>& drafts,
    const Statements& statements, MakePending make_pending, NodeOf node_of) {
    Written written{{std::vector<Saved>(drafts.size(), Saved::unchanged), {}}, std::vector<RecordId>(drafts.size())};
    const auto present = TRY(find_present(session, statements.table, drafts));
    const auto is_last = is_last_of_its_number(drafts);
    std::vector<Pending> inserts;
    std::vector<store::Values> insert_rows, update_rows;
    std::vector<change::Entry> changes;

    for (std::size_t i = 0; i < drafts.size(); ++i) {
        if (!is_last[i])
            continue;
        Pending pending = TRY(make_pending(drafts[i], i));
        const auto found = present.find({drafts[i].number_scope, drafts[i].number});
        if (found == present.end()) {
            written.records.saved[i] = Saved::created;
            if (node_of(drafts[i]))
                written.records.nodes.push_back(node_of(drafts[i]));
            insert_rows.push_back(pending.columns);
            inserts.push_back(std::move(pending));
            continue;
        }
        const Present& before = found->second;
        if (before.digest == pending.digest) {
            written.records.unchanged.push_back(before.id);
            continue;
        }
        written.records.saved[i] = Saved::updated;
        written.ids[i] = before.id;
        for (const NodeId node : {before.node, node_of(drafts[i])})
            if (node)
                written.records.nodes.push_back(node);
        pending.columns.push_back(before.version + 1);
        pending.columns.push_back(before.id.value);
        update_rows.push_back(std::move(pending.columns));
        changes.push_back({statements.object, before.id.value, before.version + 1, change::Op::update, std::nullopt,
            std::move(pending.content)});
    }
    const auto ids = TRY(session.insert_many(statements.insert, insert_rows));
    for (std::size_t i = 0; i < ids.size(); ++i) {
        written.ids[inserts[i].draft] = RecordId{ids[i]};
        changes.push_back(
            {statements.object, ids[i], 1, change::Op::create, std::nullopt, std::move(inserts[i].content)});
    }
    TRY(session.execute_many(statements.update, update_rows));
    TRY(add_what_was_before(session, changes));
    TRY(change::append(session, author, changes));
    return written;
}

Result<> write_lines(store::Session& session, const std::vector<OrderDraft>& drafts, const Written& written) {
    std::vector<store::Values> replaced, rows;
    for (std::size_t i = 0; i < drafts.size(); ++i) {
        if (!written.ids[i])
            continue;
        if (written.records.saved[i] == Saved::updated)
            replaced.push_back({written.ids[i].value});
        std::int64_t number = 0;
        for (const OrderLineDraft& line : drafts[i].lines)
            rows.push_back({written.ids[i].value, ++number, line.sku, line.name,
                TRY(line.quantity.scaled(amount_scale)), TRY(line.price.scaled(amount_scale)),
                TRY(TRY(line.quantity.times(line.price)).scaled(amount_scale))});
    }
    TRY(session.execute_many("DELETE FROM record_order_line WHERE order_id = $1", replaced));
    TRY(session.execute_many("INSERT INTO record_order_line (order_id, line_number, sku, name, quantity, price, "
                             "amount) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        rows));
    return {};
}

} // namespace

Result<Decimal> total_of(const std::vector<OrderLineDraft>& lines) {
    Decimal total;
    for (const OrderLineDraft& line : lines) {
        const Decimal amount = TRY(line.quantity.times(line.price));
        TRY(amount.scaled(amount_scale));
        total = TRY(total.plus(amount));
    }
    TRY(total.scaled(amount_scale));
    return total;
}

bool is_cancelled(std::string_view status) {
    const std::string word = folded(trimmed(status));
    return std::ranges::find(words_for_cancelled, word) != words_for_cancelled.end();
}

Result<SavedRecords> save_orders(
    store::Session& session, const change::Author& author, const std::vector<OrderDraft>& drafts) {
    const Written written = TRY(save(
        session, author, drafts, order_statements, pending_order, [](const OrderDraft& draft) { return draft.buyer; }));
    TRY(write_lines(session, drafts, written));
    return written.records;
}

Result<SavedRecords> save_tickets(
    store::Session& session, const change::Author& author, const std::vector<TicketDraft>& drafts) {
    return TRY(save(session, author, drafts, ticket_statements, pending_ticket, [](const TicketDraft& draft) {
        return draft.reporter;
    })).records;
}

} // namespace onefold::object
