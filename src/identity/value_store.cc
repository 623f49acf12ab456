#include "identity/value_store.h"

#include "identity/frequency.h"

namespace onefold::identity {
namespace {

constexpr std::int64_t counted_records_max = 5000; // of a type without a limit of records

} // namespace

std::string_view to_string(ValueState state) {
    return state == ValueState::open ? "open" : state == ValueState::blocked ? "blocked" : "shared";
}

std::string_view to_string(StateCause cause) {
    switch (cause) {
    case StateCause::placeholder:
        return "placeholder";
    case StateCause::frequency:
        return "frequency";
    case StateCause::too_wide:
        return "too_wide";
    case StateCause::hand:
        return "hand";
    }
    return "hand";
}

Result<bool> is_opened_by_hand(store::Session& session, IdentifierId identifier) {
    return TRY(session.find_integer("SELECT id FROM identifier_state WHERE identifier_id = $1 AND ended_at IS NULL AND "
                                    "cause = 'hand' AND state = 'open'",
                   {identifier.value}))
        .has_value();
}

Result<> write_placeholders(store::Session& session, const std::vector<IdentifierId>& identifiers, Instant now) {
    std::vector<store::Values> rows;
    for (const IdentifierId id : identifiers)
        rows.push_back({id.value, micros_of(now)});
    TRY(session.execute_many("INSERT INTO identifier_state (identifier_id, state, cause, made_by, reason, at) VALUES "
                             "($1, 'blocked', 'placeholder', 'system', '', $2)",
        rows));
    return {};
}

Result<> write_closed(
    store::Session& session, const std::vector<std::pair<IdentifierId, StateCause>>& closed, Instant now) {
    for (const auto& [id, cause] : closed)
        TRY(write_state(session, id, ValueState::shared, cause, {"system", now, ""}));
    return {};
}

Result<> write_state(
    store::Session& session, IdentifierId identifier, ValueState state, StateCause cause, const Say& say) {
    TRY(session.execute("UPDATE identifier_state SET ended_at = $1, ended_by = $2 WHERE identifier_id = $3 AND "
                        "ended_at IS NULL",
        {micros_of(say.at), say.by, identifier.value}));
    if (state != ValueState::open || cause == StateCause::hand)
        TRY(session.execute("INSERT INTO identifier_state (identifier_id, state, cause, made_by, reason, at) VALUES "
                            "($1, $2, $3, $4, $5, $6)",
            {identifier.value, std::string(to_string(state)), std::string(to_string(cause)), say.by, say.reason,
                micros_of(say.at)}));
    TRY(session.execute("UPDATE identifier SET state = $1 WHERE id = $2 AND state <> $1",
        {std::string(to_string(state)), identifier.value}));
    return {};
}

Result<RuledState> ruled_state(store::Session& session, IdentifierId identifier) {
    if (TRY(session.find_integer(
            "SELECT id FROM identifier_state WHERE identifier_id = $1 AND cause = 'placeholder' LIMIT 1",
            {identifier.value})))
        return RuledState{ValueState::blocked, StateCause::placeholder};
    const auto code = TRY(session.find("SELECT type FROM identifier WHERE id = $1", {identifier.value},
        [](const store::Row& row) { return std::string(row.text(0)); }));
    VERIFY(code);
    const IdentifierType* type = find_identifier_type(*code);
    VERIFY(type != nullptr);
    Frequency frequency(*type);
    const auto most = type->limits.records_max ? type->limits.records_max + 1 : counted_records_max;
    const auto records = std::size_t(TRY(
        session.find_integer("SELECT COUNT(*) FROM (SELECT node_id FROM claim WHERE identifier_id = $1 LIMIT $2) held",
            {identifier.value, most}))
            .value_or(0));
    std::set<std::string> scopes; // which `frequency` looks at
    if (!frequency.is_frequent(records) && records > 1 && type->limits.strong_beside_max)
        TRY(session.each(
            "SELECT DISTINCT i.type, i.scope, i.id FROM (SELECT node_id FROM claim WHERE identifier_id = $1 LIMIT $2) "
            "held JOIN claim c ON c.node_id = held.node_id JOIN identifier i ON i.id = c.identifier_id WHERE i.id <> "
            "$1",
            {identifier.value, most}, [&](const store::Row& row) -> Result<> {
                const IdentifierType* beside = find_identifier_type(row.text(0));
                VERIFY(beside != nullptr);
                frequency.add_beside(*beside, *scopes.emplace(row.text(1)).first, IdentifierId{row.integer(2)});
                return {};
            }));
    return RuledState{frequency.is_frequent(records) ? ValueState::shared : ValueState::open, StateCause::frequency};
}

Result<std::vector<NodeId>> list_holders(store::Session& session, IdentifierId identifier, std::size_t most) {
    return session.list("SELECT node_id FROM claim WHERE identifier_id = $1 ORDER BY node_id LIMIT $2",
        {identifier.value, std::int64_t(most)}, [](const store::Row& row) { return NodeId{row.integer(0)}; });
}

Result<> copy_states(store::Session& from, store::Session& to, std::set<NodeId>& touched) {
    struct Said {
        store::Values place;
        std::string state, by, reason;
        std::int64_t at;
    };
    const auto all = TRY(from.list(
        "SELECT i.digest, i.type, i.scope, s.state, s.made_by, s.reason, s.at FROM identifier_state s JOIN identifier "
        "i ON i.id = s.identifier_id WHERE s.ended_at IS NULL AND s.cause = 'hand' ORDER BY s.id",
        {}, [](const store::Row& row) {
            return Said{{store::Blob{std::string(row.blob(0))}, std::string(row.text(1)), std::string(row.text(2))},
                std::string(row.text(3)), std::string(row.text(4)), std::string(row.text(5)), row.integer(6)};
        }));
    for (const Said& said : all) {
        std::optional<std::int64_t> id;
        bool was_open = false;
        TRY(to.each("SELECT id, state FROM identifier WHERE digest = $1 AND type = $2 AND scope = $3", said.place,
            [&](const store::Row& row) -> Result<> {
                id = row.integer(0);
                was_open = row.text(1) == "open";
                return {};
            }));
        if (!id)
            continue;
        const auto state = said.state == "open"      ? ValueState::open
                           : said.state == "blocked" ? ValueState::blocked
                                                     : ValueState::shared;
        TRY(write_state(to, IdentifierId{*id}, state, StateCause::hand, {said.by, instant_of(said.at), said.reason}));
        if (was_open == (state == ValueState::open))
            continue;
        TRY(to.each(
            "SELECT node_id FROM claim WHERE identifier_id = $1", {*id}, [&](const store::Row& row) -> Result<> {
                touched.insert(NodeId{row.integer(0)});
                return {};
            }));
    }
    return {};
}

} // namespace onefold::identity
