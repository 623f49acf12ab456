// Values that do not join: which they are, and what people say of them.
#include "identity/candidate.h"
#include "identity/component.h"
#include "identity/decision_store.h"
#include "identity/memory.h"
#include "identity/value_store.h"

#include <set>

namespace onefold::identity {
namespace {

constexpr std::int64_t counted_records_max = 1001;

std::string columns_of_values() {
    return "i.id, i.type, i.scope, i.sealed_value, i.state, s.state, s.cause, s.made_by, s.reason, s.at, s.id";
}

ValueState state_named(std::string_view name) {
    return name == "open" ? ValueState::open : name == "blocked" ? ValueState::blocked : ValueState::shared;
}

StateCause cause_named(std::string_view name) {
    for (const StateCause cause : {StateCause::placeholder, StateCause::frequency, StateCause::too_wide})
        if (to_string(cause) == name)
            return cause;
    return StateCause::hand;
}

Failure no_such_value() {
    return fail(ErrorKind::not_found, "identity.no_such_value", {"There is no such value.", "没有这个标识值。"});
}

Failure too_wide() {
    return fail(ErrorKind::conflict, "identity.too_wide",
        {fmt::format("More than {} records would hang together, which no single customer has. Nothing was changed.",
             Identity::component_nodes_max),
            fmt::format(
                "将有超过 {} 条记录连在一起，不可能是同一个客户。未做任何更改。", Identity::component_nodes_max)});
}

Result<> count_holders(store::Session& session, std::vector<StoredValue>& values) {
    std::vector<store::Values> keys;
    for (const StoredValue& value : values)
        keys.push_back({value.id.value, counted_records_max});
    return session.each_many(
        "SELECT COUNT(*), COUNT(DISTINCT customer_id) FROM (SELECT n.customer_id FROM claim c JOIN "
        "node n ON n.id = c.node_id WHERE c.identifier_id = $1 LIMIT $2) held",
        keys, [&](std::size_t index, const store::Row& row) -> Result<> {
            values[index].records = row.integer(0);
            values[index].customers = row.integer(1);
            return {};
        });
}

} // namespace

Result<ValuePage> Identity::list_values(
    store::Session& session, const ValueFilter& filter, const std::vector<std::string>& regions) const {
    ValuePage page;
    std::vector<std::int64_t> places; // of the rows that say so
    const auto add = [&](const store::Row& row) -> Result<> {
        const StoredIdentifier identifier = TRY(opened(row, 1));
        StoredValue value{IdentifierId{row.integer(0)}, identifier.type, identifier.scope, identifier.value,
            state_named(identifier.state), std::nullopt, {}, {}, std::nullopt};
        if (!row.is_null(10)) {
            value.cause = cause_named(row.text(6));
            value.by = row.text(7);
            value.reason = row.text(8);
            value.since = instant_of(row.integer(9));
        }
        page.items.push_back(std::move(value));
        places.push_back(row.integer(10));
        return {};
    };
    const store::Values wanted{std::string(filter.state ? to_string(*filter.state) : ""), filter.type};
    if (!filter.value.empty()) {
        std::set<std::pair<std::string, std::string>> found; // type, digest
        for (const IdentifierType* type : identifier_types())
            for (const std::string& region : regions)
                if (filter.type.empty() || filter.type == type->code)
                    if (const auto normal = normalise(*type, filter.value, region))
                        found.emplace(type->code, digest_of({type, "", normal->value}));
        static const std::string sql =
            fmt::format("SELECT {} FROM identifier i LEFT JOIN identifier_state s ON s.identifier_id = i.id AND "
                        "s.ended_at IS NULL WHERE i.digest = $4 AND i.type = $3 AND ($1 = '' OR i.state = $1) AND ($2 "
                        "= '' OR i.type = $2) ORDER BY i.id LIMIT 200",
                columns_of_values());
        for (const auto& [type, digest] : found)
            TRY(session.each(sql, {wanted[0], wanted[1], type, store::Blob{digest}}, add));
        TRY(count_holders(session, page.items));
        return page;
    }
    static const std::string sql =
        fmt::format("SELECT {} FROM identifier_state s JOIN identifier i ON i.id = s.identifier_id WHERE s.ended_at IS "
                    "NULL AND s.id < $3 AND ($1 = '' OR i.state = $1) AND ($2 = '' OR i.type = $2) ORDER BY s.id DESC "
                    "LIMIT $4",
            columns_of_values());
    TRY(session.each(
        sql, {wanted[0], wanted[1], filter.before ? filter.before : INT64_MAX, std::int64_t(filter.limit) + 1}, add));
    if (page.items.size() > std::size_t(filter.limit)) {
        page.items.pop_back();
        page.next = places[page.items.size() - 1];
    }
    TRY(count_holders(session, page.items));
    return page;
}

Result<StoredValue> Identity::get_value(store::Session& session, IdentifierId id) const {
    static const std::string sql = fmt::format("SELECT {} FROM identifier i LEFT JOIN identifier_state s ON "
                                               "s.identifier_id = i.id AND s.ended_at IS NULL WHERE i.id = $1",
        columns_of_values());
    std::vector<StoredValue> found;
    TRY(session.each(sql, {id.value}, [&](const store::Row& row) -> Result<> {
        const StoredIdentifier identifier = TRY(opened(row, 1));
        found.push_back({id, identifier.type, identifier.scope, identifier.value, state_named(identifier.state),
            std::nullopt, {}, {}, std::nullopt});
        if (!row.is_null(10)) {
            found.back().cause = cause_named(row.text(6));
            found.back().by = row.text(7);
            found.back().reason = row.text(8);
            found.back().since = instant_of(row.integer(9));
        }
        return {};
    }));
    if (found.empty())
        return no_such_value();
    TRY(count_holders(session, found));
    return std::move(found.front());
}

Result<std::vector<StoredHolder>> Identity::list_value_holders(
    store::Session& session, IdentifierId id, NodeId after, int limit) const {
    return session.list("SELECT c.node_id, n.source_id, n.subject_key, n.customer_id, c.first_at FROM claim "
                        "c JOIN node n ON n.id = c.node_id WHERE c.identifier_id = $1 AND c.node_id > $2 ORDER BY "
                        "c.node_id LIMIT $3",
        {id.value, after.value, std::int64_t(limit)}, [](const store::Row& row) {
            return StoredHolder{NodeId{row.integer(0)}, SourceId{row.integer(1)}, std::string(row.text(2)),
                CustomerId{row.integer(3)}, instant_of(row.integer(4))};
        });
}

// Resolves what the holders hang together with, as it was and as it is.
Result<> Identity::settle_values(store::Session& session, const std::vector<NodeId>& holders, const Say& say,
    CustomerBook& book, ValueDecided& decided) const {
    const auto component = TRY(load_component(session, holders, component_nodes_max));
    const auto written = TRY(write_partition(session, component, resolve(component.graph), book, say.at));
    resolved_nodes_ += written.placed.size();
    memory_->forget_customers(written.placed);
    std::set<CustomerId> before, after;
    for (const auto& [node, loaded] : component.nodes)
        before.insert(loaded.customer);
    for (const auto& [node, customer] : written.placed)
        after.insert(customer);
    decided.customers_before += before.size();
    decided.customers_after += after.size();
    std::set<CustomerId> changed(decided.changed.begin(), decided.changed.end());
    changed.insert(written.changed.begin(), written.changed.end());
    decided.changed.assign(changed.begin(), changed.end());
    return {};
}

Result<ValueDecided> Identity::decide_value(store::Session& session, IdentifierId id, std::optional<ValueState> state,
    const Say& say, CustomerBook& book) const {
    const StoredValue value = TRY(get_value(session, id));
    const bool is_by_hand = value.cause == StateCause::hand;
    if (state ? is_by_hand && value.state == *state : !is_by_hand)
        return fail(ErrorKind::conflict, "identity.same_state",
            {"That is said of this value already. Nothing was changed.", "该标识值已是此状态，未做任何更改。"});
    ValueDecided decided{value.state, ValueState::open, StateCause::hand, {}, 0, 0};
    if (state) {
        decided.after = *state;
    } else {
        const RuledState ruled = TRY(ruled_state(session, id));
        decided.after = ruled.state;
        decided.cause = ruled.cause;
    }
    TRY(write_state(session, id, decided.after, decided.cause, say));
    TRY(note_touched(session, {}, {id}, {}));
    if ((decided.before == ValueState::open) == (decided.after == ValueState::open))
        return decided;
    const auto holders = TRY(list_holders(session, id, component_nodes_max + 1));
    if (holders.size() > component_nodes_max)
        return too_wide();
    if (holders.empty())
        return decided;
    TRY(settle_values(session, holders, say, book, decided));
    if (state && TRY(get_value(session, id)).state != *state) // the guard closed it again at once
        return too_wide();
    return decided;
}

} // namespace onefold::identity
