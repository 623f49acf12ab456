#include "fetch/store.h"

#include <array>
#include <boost/json.hpp>

namespace onefold::fetch {
namespace {

constexpr std::array<std::string_view, 3> places{"folder", "https", "sftp"};
constexpr std::array<std::string_view, 6> states{"taken", "waiting", "importing", "imported", "failed", "repeated"};
constexpr std::array<std::string_view, 5> lying{"there", "archive", "error", "stays", "gone"};

template <class Choice, std::size_t size>
Choice named(const std::array<std::string_view, size>& names, std::string_view name) {
    const auto found = std::ranges::find(names, name);
    return Choice(found == names.end() ? 0 : found - names.begin());
}

template <class Noun>
store::Value value_of(const std::optional<Id<Noun>>& id) {
    return id ? store::Value{id->value} : store::Value{};
}
store::Value blob_of(const std::optional<std::string>& sealed) {
    return sealed ? store::Value{store::Blob{*sealed}} : store::Value{};
}
std::optional<std::string> blob_in(const store::Row& row, int column) {
    return row.is_null(column) ? std::nullopt : std::optional(std::string(row.blob(column)));
}

constexpr std::string_view settings_columns =
    "SELECT source_id, place, folder, url, ca_certificates, host, port, login, pattern, every_minutes, daily_at, "
    "steady_s, size_mb_max, is_on, host_key, host_key_offered, password, private_key, passphrase, etag, last_modified, "
    "changed_at, version, looked_at, look_ended_at, found, taken, unsteady, error_code, error, failing_since FROM "
    "fetch_place ";

Stored stored_of(const store::Row& row) {
    Stored stored;
    stored.source = SourceId{row.integer(0)};
    Settings& settings = stored.settings;
    settings.place = named<PlaceKind>(places, row.text(1));
    settings.folder = row.text(2);
    settings.url = row.text(3);
    settings.ca_certificates = row.text(4);
    settings.host = row.text(5);
    settings.port = row.integer(6);
    settings.login = row.text(7);
    settings.pattern = row.text(8);
    settings.every_minutes = row.integer(9);
    if (!row.is_null(10))
        settings.daily_at = std::string(row.text(10));
    settings.steady_s = row.integer(11);
    settings.size_mb_max = row.integer(12);
    settings.is_on = row.integer(13) != 0;
    settings.host_key = row.text(14);
    settings.host_key_offered = row.text(15);
    stored.secrets = {blob_in(row, 16), blob_in(row, 17), blob_in(row, 18)};
    settings.has_password = stored.secrets.password.has_value();
    settings.has_private_key = stored.secrets.private_key.has_value();
    stored.mark = {std::string(row.text(19)), std::string(row.text(20))};
    settings.changed_at = instant_of(row.integer(21));
    settings.version = row.integer(22);
    if (row.is_null(23))
        return stored;
    stored.look = Look{instant_of(row.integer(23)), row.optional_instant(24), row.integer(25), row.integer(26),
        row.integer(27), {}, row.optional_instant(30)};
    if (!row.is_null(28))
        stored.look->error =
            Error{ErrorKind::unavailable, std::string(row.text(28)), local_text_of(boost::json::parse(row.text(29)))};
    return stored;
}

constexpr std::string_view file_columns =
    "SELECT id, source_id, name, size, modified_us, state, lies, taken_at, ended_at, digest, upload_id, import_id, "
    "reason, same_as FROM fetched_file ";

FetchedFile file_of(const store::Row& row) {
    FetchedFile file;
    file.id = FetchedFileId{row.integer(0)};
    file.source = SourceId{row.integer(1)};
    file.name = row.text(2);
    file.size = row.integer(3);
    file.modified_us = row.integer(4);
    file.state = named<FileState>(states, row.text(5));
    file.lies = named<Lies>(lying, row.text(6));
    file.taken_at = instant_of(row.integer(7));
    file.ended_at = row.optional_instant(8);
    file.digest = row.text(9);
    if (!row.is_null(10))
        file.upload = upload::UploadId{row.integer(10)};
    if (!row.is_null(11))
        file.import = ImportId{row.integer(11)};
    if (!row.is_null(12))
        file.reason = local_text_of(boost::json::parse(row.text(12)));
    if (!row.is_null(13))
        file.same_as = FetchedFileId{row.integer(13)};
    return file;
}

store::Value reason_of(const FetchedFile& file) {
    return file.reason ? store::Value{boost::json::serialize(to_json(*file.reason))} : store::Value{};
}

} // namespace

std::string_view to_string(PlaceKind place) {
    return places[std::size_t(place)];
}
std::string_view to_string(FileState state) {
    return states[std::size_t(state)];
}
std::string_view to_string(Lies lies) {
    return lying[std::size_t(lies)];
}

Result<std::optional<Stored>> find(store::Session& session, SourceId id) {
    return session.find(std::string(settings_columns) + "WHERE source_id = $1", {id.value}, stored_of);
}

Result<std::vector<Stored>> list_all(store::Session& session) {
    return session.list(std::string(settings_columns) + "ORDER BY source_id", {}, stored_of);
}

Result<> put(store::Session& session, const Stored& stored) {
    const Settings& to = stored.settings;
    TRY(session.execute(
        "INSERT INTO fetch_place (source_id, place, folder, url, ca_certificates, host, port, login, pattern, "
        "every_minutes, "
        "daily_at, steady_s, size_mb_max, is_on, host_key, host_key_offered, password, private_key, passphrase, etag, "
        "last_modified, changed_at, version, found, taken, unsteady) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, "
        "$11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, 0, 0, 0) ON CONFLICT (source_id) DO UPDATE "
        "SET place = excluded.place, folder = excluded.folder, url = excluded.url, ca_certificates = "
        "excluded.ca_certificates, host = excluded.host, port = excluded.port, login = excluded.login, pattern = "
        "excluded.pattern, every_minutes = excluded.every_minutes, daily_at = excluded.daily_at, steady_s = "
        "excluded.steady_s, size_mb_max = excluded.size_mb_max, is_on = excluded.is_on, host_key = excluded.host_key, "
        "host_key_offered = excluded.host_key_offered, password = excluded.password, private_key = "
        "excluded.private_key, passphrase = excluded.passphrase, etag = excluded.etag, last_modified = "
        "excluded.last_modified, changed_at = excluded.changed_at, version = excluded.version",
        {stored.source.value, std::string(to_string(to.place)), to.folder, to.url, to.ca_certificates, to.host, to.port,
            to.login, to.pattern, to.every_minutes, to.daily_at ? store::Value{*to.daily_at} : store::Value{},
            to.steady_s, to.size_mb_max, std::int64_t(to.is_on), to.host_key, to.host_key_offered,
            blob_of(stored.secrets.password), blob_of(stored.secrets.private_key), blob_of(stored.secrets.passphrase),
            stored.mark.etag, stored.mark.last_modified, micros_of(to.changed_at), to.version}));
    return {};
}

Result<> put_look(store::Session& session, SourceId id, const Look& look) {
    TRY(session.execute("UPDATE fetch_place SET looked_at = $1, look_ended_at = $2, found = $3, taken = $4, unsteady = "
                        "$5, error_code = $6, "
                        "error = $7, failing_since = $8 WHERE source_id = $9",
        {micros_of(look.started_at), store::micros_or_null(look.ended_at), look.found, look.taken, look.unsteady,
            look.error ? store::Value{look.error->code} : store::Value{},
            look.error ? store::Value{boost::json::serialize(to_json(look.error->message))} : store::Value{},
            store::micros_or_null(look.failing_since), id.value}));
    return {};
}

Result<> put_mark(store::Session& session, SourceId id, const Mark& mark) {
    TRY(session.execute("UPDATE fetch_place SET etag = $1, last_modified = $2 WHERE source_id = $3",
        {mark.etag, mark.last_modified, id.value}));
    return {};
}

Result<> put_host_key(store::Session& session, SourceId id, const Settings& settings) {
    TRY(session.execute("UPDATE fetch_place SET host_key = $1, host_key_offered = $2 WHERE source_id = $3",
        {settings.host_key, settings.host_key_offered, id.value}));
    return {};
}

boost::json::object values_of(const Settings& settings) {
    boost::json::object values{{"place", to_string(settings.place)}, {"folder", settings.folder},
        {"url", settings.url.substr(0, settings.url.find('?'))}, {"host", settings.host}, {"port", settings.port},
        {"login", settings.login}, {"pattern", settings.pattern}, {"every_minutes", settings.every_minutes},
        {"steady_s", settings.steady_s}, {"size_mb_max", settings.size_mb_max}, {"is_on", settings.is_on},
        {"host_key", settings.host_key}, {"has_password", settings.has_password},
        {"has_private_key", settings.has_private_key}, {"has_ca_certificates", !settings.ca_certificates.empty()}};
    values["daily_at"] = settings.daily_at ? boost::json::value(*settings.daily_at) : boost::json::value();
    return values;
}

Result<FetchedFileId> insert(store::Session& session, const FetchedFile& file) {
    const auto id = TRY(session.find_integer(
        "INSERT INTO fetched_file (source_id, name, size, modified_us, state, lies, taken_at, ended_at, digest, "
        "upload_id, import_id, reason, same_as) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) "
        "RETURNING id",
        {file.source.value, file.name, file.size, file.modified_us, std::string(to_string(file.state)),
            std::string(to_string(file.lies)), micros_of(file.taken_at), store::micros_or_null(file.ended_at),
            file.digest, value_of(file.upload), value_of(file.import), reason_of(file), value_of(file.same_as)}));
    return FetchedFileId{id.value_or(0)};
}

Result<> update(store::Session& session, const FetchedFile& file) {
    TRY(session.execute("UPDATE fetched_file SET state = $1, lies = $2, ended_at = $3, import_id = $4, reason = $5, "
                        "same_as = $6 WHERE id = $7",
        {std::string(to_string(file.state)), std::string(to_string(file.lies)), store::micros_or_null(file.ended_at),
            value_of(file.import), reason_of(file), value_of(file.same_as), file.id.value}));
    return {};
}

Result<std::vector<FetchedFile>> list_files(store::Session& session, SourceId id, FetchedFileId before, int limit) {
    return session.list(
        std::string(file_columns) + "WHERE source_id = $1 AND ($2 = 0 OR id < $2) ORDER BY id DESC LIMIT $3",
        {id.value, before.value, std::int64_t(limit)}, file_of);
}

Result<std::vector<FetchedFile>> list_open(store::Session& session, SourceId id) {
    return session.list(std::string(file_columns) +
                            "WHERE source_id = $1 AND (state IN ('taken', 'waiting', 'importing') OR lies = 'there') "
                            "ORDER BY id",
        {id.value}, file_of);
}

Result<std::vector<FetchedFile>> list_lying(store::Session& session, SourceId id) {
    return session.list(
        std::string(file_columns) + "WHERE source_id = $1 AND lies IN ('there', 'stays')", {id.value}, file_of);
}

Result<std::vector<FetchedFile>> list_same(store::Session& session, SourceId id, const std::string& digest) {
    return session.list(std::string(file_columns) +
                            "WHERE source_id = $1 AND digest = $2 AND NOT EXISTS (SELECT 1 FROM import_rollback "
                            "WHERE import_rollback.import_id = fetched_file.import_id) ORDER BY id DESC",
        {id.value, digest}, file_of);
}

Result<std::vector<SourceId>> list_busy(store::Session& session) {
    return session.list("SELECT DISTINCT source_id FROM fetched_file WHERE state IN ('taken', 'waiting', 'importing') "
                        "OR lies = 'there'",
        {}, [](const store::Row& row) { return SourceId{row.integer(0)}; });
}

} // namespace onefold::fetch
