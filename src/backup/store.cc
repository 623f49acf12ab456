#include "backup/store.h"

#include <boost/json.hpp>

namespace onefold::backup {
namespace {

constexpr std::string_view columns =
    "SELECT id, cause, target, has_keys, state, started_at, ended_at, bytes, position, "
    "events, error_code, error, removed_at FROM backup ";

Cause cause_named(std::string_view name) {
    for (const Cause cause : {Cause::schedule, Cause::command})
        if (to_string(cause) == name)
            return cause;
    return Cause::person;
}
State state_named(std::string_view name) {
    for (const State state : {State::running, State::whole})
        if (to_string(state) == name)
            return state;
    return State::failed;
}

Backup backup_of(const store::Row& row) {
    Backup backup;
    backup.id = BackupId{row.integer(0)};
    backup.cause = cause_named(row.text(1));
    backup.target = row.text(2);
    backup.has_keys = row.integer(3) != 0;
    backup.state = state_named(row.text(4));
    backup.started_at = instant_of(row.integer(5));
    if (!row.is_null(6))
        backup.ended_at = instant_of(row.integer(6));
    backup.bytes = std::uint64_t(row.integer(7));
    backup.position = Position{row.integer(8)};
    backup.events = std::uint64_t(row.integer(9));
    if (!row.is_null(10))
        backup.error =
            Error{ErrorKind::internal, std::string(row.text(10)), local_text_of(boost::json::parse(row.text(11)))};
    if (!row.is_null(12))
        backup.removed_at = instant_of(row.integer(12));
    return backup;
}

boost::json::object values_of(const Settings& settings) {
    return {{"is_scheduled", settings.is_scheduled}, {"folder", settings.folder}, {"hour", settings.hour},
        {"keep_count", settings.keep_count}, {"has_keys", settings.has_keys}};
}

} // namespace

std::string_view to_string(Cause cause) {
    switch (cause) {
    case Cause::schedule:
        return "schedule";
    case Cause::person:
        return "person";
    case Cause::command:
        return "command";
    }
    return "person";
}

std::string_view to_string(State state) {
    switch (state) {
    case State::running:
        return "running";
    case State::whole:
        return "whole";
    case State::failed:
        return "failed";
    }
    return "failed";
}

Result<BackupId> insert(store::Session& session, const Backup& backup, const std::string& principal) {
    const auto id = TRY(session.find_integer(
        "INSERT INTO backup (cause, principal, target, has_keys, state, started_at, bytes, position, events) "
        "VALUES ($1, $2, $3, $4, $5, $6, 0, 0, 0) RETURNING id",
        {std::string(to_string(backup.cause)), principal, backup.target, std::int64_t(backup.has_keys),
            std::string(to_string(backup.state)), micros_of(backup.started_at)}));
    return BackupId{id.value_or(0)};
}

Result<> update(store::Session& session, const Backup& backup) {
    const auto& error = backup.error;
    TRY(session.execute("UPDATE backup SET state = $1, ended_at = $2, bytes = $3, position = $4, events = $5, "
                        "error_code = $6, error = $7, removed_at = $8 WHERE id = $9",
        {std::string(to_string(backup.state)), store::micros_or_null(backup.ended_at), std::int64_t(backup.bytes),
            backup.position.value, std::int64_t(backup.events), error ? store::Value{error->code} : store::Value{},
            error ? store::Value{boost::json::serialize(to_json(error->message))} : store::Value{},
            store::micros_or_null(backup.removed_at), backup.id.value}));
    return {};
}

Result<std::optional<Backup>> find(store::Session& session, BackupId id) {
    return session.find(std::string(columns) + "WHERE id = $1", {id.value}, backup_of);
}

Result<std::vector<Backup>> list(store::Session& session, int limit) {
    return session.list(std::string(columns) + "ORDER BY id DESC LIMIT $1", {std::int64_t(limit)}, backup_of);
}

Result<std::vector<Backup>> list_running(store::Session& session) {
    return session.list(std::string(columns) + "WHERE state = 'running' ORDER BY id", {}, backup_of);
}

Result<std::optional<Backup>> find_last(store::Session& session, Cause cause) {
    return session.find(
        std::string(columns) + "WHERE cause = $1 ORDER BY id DESC LIMIT 1", {std::string(to_string(cause))}, backup_of);
}

Result<std::optional<Backup>> find_last_whole(store::Session& session) {
    return session.find(
        std::string(columns) + "WHERE state = 'whole' AND removed_at IS NULL ORDER BY id DESC LIMIT 1", {}, backup_of);
}

Result<Settings> get_settings(store::Session& session) {
    auto found = TRY(session.find("SELECT is_scheduled, folder, hour, keep_count, has_keys, changed_at, version FROM "
                                  "backup_settings WHERE id = 1",
        {}, [](const store::Row& row) {
            return Settings{row.integer(0) != 0, std::string(row.text(1)), row.integer(2), row.integer(3),
                row.integer(4) != 0, instant_of(row.integer(5)), row.integer(6)};
        }));
    VERIFY(found.has_value());
    return std::move(*found);
}

Result<> put_settings(
    store::Session& session, const change::Author& author, const Settings& before, const Settings& after) {
    TRY(session.execute("UPDATE backup_settings SET is_scheduled = $1, folder = $2, hour = $3, keep_count = $4, "
                        "has_keys = $5, changed_at = $6, version = $7 WHERE id = 1",
        {std::int64_t(after.is_scheduled), after.folder, after.hour, after.keep_count, std::int64_t(after.has_keys),
            micros_of(after.changed_at), after.version}));
    return change::append(session, author,
        {{change::object_ids::backup_settings, 1, after.version, change::Op::update, values_of(before),
            values_of(after)}});
}

} // namespace onefold::backup
