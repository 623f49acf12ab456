#include "import/rollback_store.h"

#include "change/change.h"
#include "core/text.h"
#include "import/stored_principal.h"

namespace onefold::import {
namespace {

namespace json = boost::json;

json::array json_of(const Fates& fates) {
    return {fates.goes, fates.returns, fates.stays};
}
Fates fates_of(const json::value& value) {
    return {value.at(0).as_int64(), value.at(1).as_int64(), value.at(2).as_int64()};
}

std::string json_of(const RollbackCounts& counts) {
    return json::serialize(json::object{{"customers", json_of(counts.customers)}, {"orders", json_of(counts.orders)},
        {"tickets", json_of(counts.tickets)}, {"events", json_of(counts.events)},
        {"customers_gone", counts.customers_gone}});
}
RollbackCounts counts_of(std::string_view text) {
    const auto all = json::parse(text);
    return {fates_of(all.at("customers")), fates_of(all.at("orders")), fates_of(all.at("tickets")),
        fates_of(all.at("events")), all.at("customers_gone").as_int64()};
}

store::Value error_of(const std::optional<LocalText>& error) {
    if (!error)
        return {};
    json::object texts;
    for (const auto& [locale, words] : error->texts())
        texts[locale] = words;
    return json::serialize(texts);
}

RollbackState state_named(std::string_view name) {
    for (const auto state : {RollbackState::waiting, RollbackState::running, RollbackState::previewed,
             RollbackState::finished, RollbackState::cancelled})
        if (to_string(state) == name)
            return state;
    return RollbackState::failed;
}

constexpr std::string_view columns = "import_id, state, is_preview, principal, started_at, finished_at, planned_to, "
                                     "is_planned, done, total, counts, error";

Rollback rollback_of(const store::Row& row) {
    Rollback rollback{.import = ImportId{row.integer(0)},
        .state = state_named(row.text(1)),
        .is_preview = row.integer(2) != 0,
        .principal = principal_of(row.text(3)),
        .started_at = instant_of(row.integer(4)),
        .finished_at = {},
        .counts = counts_of(row.text(10)),
        .is_planned = row.integer(7) != 0,
        .done = row.integer(8),
        .total = row.integer(9),
        .error = {},
        .planned_to = Position{row.integer(6)}};
    if (!row.is_null(5))
        rollback.finished_at = instant_of(row.integer(5));
    if (!row.is_null(11)) {
        LocalText text;
        const auto parsed = json::parse(row.text(11));
        for (const auto& [locale, words] : parsed.as_object())
            text.set(locale, words.as_string());
        rollback.error = std::move(text);
    }
    return rollback;
}

std::string bytes_of(const std::vector<std::int64_t>& ids) {
    return {reinterpret_cast<const char*>(ids.data()), ids.size() * sizeof(std::int64_t)};
}
std::vector<std::int64_t> ids_of(std::string_view bytes) {
    std::vector<std::int64_t> ids(bytes.size() / sizeof(std::int64_t));
    std::memcpy(ids.data(), bytes.data(), ids.size() * sizeof(std::int64_t));
    return ids;
}

constexpr std::string_view again = "~again:";
constexpr std::size_t before_again_max = 80;

std::string short_enough(const access::Keys& keys, std::string_view message_id) {
    return message_id.size() <= before_again_max ? std::string(message_id)
                                                 : to_hex(keys.digest("import", message_id)).substr(0, 64);
}

Known known_named(std::string_view name) {
    for (const Known known : {Known::node, Known::order, Known::ticket})
        if (to_string(known) == name)
            return known;
    return Known::event;
}

} // namespace

std::string_view to_string(RollbackState state) {
    static constexpr std::array<std::string_view, 6> names{
        "waiting", "running", "previewed", "finished", "failed", "cancelled"};
    return names[std::size_t(state)];
}

std::string_view to_string(Known known) {
    static constexpr std::array<std::string_view, 4> names{"node", "order", "ticket", "event"};
    return names[std::size_t(known)];
}

Result<> insert(store::Session& session, const Rollback& rollback) {
    TRY(session.execute("DELETE FROM import_rollback WHERE import_id = $1", {rollback.import.value}));
    TRY(session.execute("INSERT INTO import_rollback (import_id, state, is_preview, principal, started_at, planned_to, "
                        "is_planned, done, total, counts) VALUES ($1, $2, $3, $4, $5, 0, 0, 0, 0, $6)",
        {rollback.import.value, std::string(to_string(rollback.state)), std::int64_t(rollback.is_preview),
            json_of(rollback.principal), micros_of(rollback.started_at), json_of(rollback.counts)}));
    return {};
}

Result<> update(store::Session& session, const Rollback& rollback) {
    TRY(session.execute("UPDATE import_rollback SET state = $1, finished_at = $2, planned_to = $3, is_planned = $4, "
                        "done = $5, total = $6, counts = $7, error = $8 WHERE import_id = $9",
        {std::string(to_string(rollback.state)), store::micros_or_null(rollback.finished_at), rollback.planned_to.value,
            std::int64_t(rollback.is_planned), rollback.done, rollback.total, json_of(rollback.counts),
            error_of(rollback.error), rollback.import.value}));
    return {};
}

Result<std::optional<Rollback>> find_rollback(store::Session& session, ImportId id) {
    return session.find(
        fmt::format("SELECT {} FROM import_rollback WHERE import_id = $1", columns), {id.value}, rollback_of);
}

Result<std::vector<Rollback>> list_rollbacks(store::Session& session, const std::vector<ImportId>& ids) {
    std::vector<store::Values> keys;
    for (const ImportId id : ids)
        keys.push_back({id.value});
    std::vector<Rollback> rollbacks;
    TRY(session.each_many(
        fmt::format("SELECT {} FROM import_rollback WHERE import_id = $1 AND is_preview = 0", columns), keys,
        [&](std::size_t, const store::Row& row) -> Result<> {
            rollbacks.push_back(rollback_of(row));
            return {};
        }));
    return rollbacks;
}

Result<std::vector<Rollback>> list_unfinished_rollbacks(store::Session& session) {
    return session.list(
        fmt::format(
            "SELECT {} FROM import_rollback WHERE state IN ('waiting', 'running') ORDER BY started_at", columns),
        {}, rollback_of);
}

Result<> note_begin(store::Session& session, ImportId id, Position log) {
    TRY(session.execute("UPDATE import SET log_from = $1, change_from = $2 WHERE id = $3 AND log_from = 0",
        {log.value, TRY(change::newest(session)), id.value}));
    return {};
}

Result<> note_end(store::Session& session, ImportId id, Position log) {
    TRY(session.execute("UPDATE import SET log_to = $1, change_to = $2 WHERE id = $3 AND log_from > 0 AND is_dry = 0",
        {log.value, TRY(change::newest(session)), id.value}));
    return {};
}

Result<Traces> read_traces(store::Session& session, ImportId id) {
    const auto found =
        TRY(session.find("SELECT source_id, kind, log_from, log_to, change_from, change_to FROM import WHERE id = $1",
            {id.value}, [](const store::Row& row) {
                return Traces{SourceId{row.integer(0)}, parse_kind(row.text(1)).value_or(Kind::customer),
                    Position{row.integer(2)}, Position{row.integer(3)}, row.integer(4), row.integer(5)};
            }));
    return found.value_or(Traces{});
}

Result<> note_known(
    store::Session& session, ImportId id, std::int64_t batch, Known known, const std::vector<std::int64_t>& ids) {
    if (ids.empty())
        return {};
    TRY(session.execute("INSERT INTO import_said (import_id, batch, kind, ids) VALUES ($1, $2, $3, $4) ON CONFLICT DO "
                        "NOTHING",
        {id.value, batch, std::string(to_string(known)), store::Blob{bytes_of(ids)}}));
    return {};
}

Result<std::vector<KnownBatch>> list_known(store::Session& session, SourceId source, const KnownBatch& after) {
    return session.list(
        "SELECT s.import_id, s.batch, s.kind, s.ids FROM import_said s JOIN import i ON i.id = s.import_id WHERE "
        "i.source_id = $1 AND (s.import_id, s.batch, s.kind) > ($2, $3, $4) AND NOT EXISTS (SELECT 1 FROM "
        "import_rollback r WHERE r.import_id = s.import_id AND r.state = 'finished') ORDER BY s.import_id, s.batch, "
        "s.kind LIMIT 20",
        {source.value, after.import, after.batch, std::string(to_string(after.known))}, [](const store::Row& row) {
            return KnownBatch{row.integer(0), row.integer(1), known_named(row.text(2)), ids_of(row.blob(3))};
        });
}

std::int64_t message_number(const access::Keys& keys, std::string_view message_id) {
    const std::string key = short_enough(keys, message_id.substr(0, message_id.find(again)));
    std::int64_t number = 0;
    std::memcpy(&number, keys.digest("import", key).data(), sizeof number);
    return number;
}

std::string told_again(const access::Keys& keys, std::string_view message_id, std::int64_t times) {
    return fmt::format("{}{}{}", short_enough(keys, message_id), again, times);
}

Result<> note_retracted(store::Session& session, SourceId source, const std::vector<std::int64_t>& messages) {
    std::vector<store::Values> rows;
    for (const std::int64_t message : messages)
        rows.push_back({source.value, message});
    TRY(session.execute_many("INSERT INTO import_retracted (source_id, message, times) VALUES ($1, $2, 1) ON CONFLICT "
                             "(source_id, message) DO UPDATE SET times = import_retracted.times + 1",
        rows));
    return {};
}

Result<std::vector<std::int64_t>> times_retracted(
    store::Session& session, SourceId source, const std::vector<std::int64_t>& messages) {
    std::vector<std::int64_t> times(messages.size());
    if (!TRY(session.find_integer("SELECT 1 FROM import_retracted WHERE source_id = $1 LIMIT 1", {source.value})))
        return times; // as nearly always: no look-up a message
    std::vector<store::Values> keys;
    for (const std::int64_t message : messages)
        keys.push_back({source.value, message});
    TRY(session.each_many("SELECT times FROM import_retracted WHERE source_id = $1 AND message = $2", keys,
        [&](std::size_t index, const store::Row& row) -> Result<> {
            times[index] = row.integer(0);
            return {};
        }));
    return times;
}

} // namespace onefold::import
