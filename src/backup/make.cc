#include "backup/make.h"

#include "store/copy.h"

#include <filesystem>

namespace onefold::backup {
namespace {

Failure log_damaged(const event_log::Damage& damage) {
    return fail(ErrorKind::internal, "backup.log_damaged",
        {fmt::format(
             "The event log or the audit log is damaged ({}, byte {}), and a backup of it would be too. Restore "
             "that file from an earlier backup first.",
             damage.file, damage.offset),
            fmt::format("事件日志或审计日志已损坏（{} 第 {} 字节处），无法生成完整的备份。请先从以前的备份恢复该文件。",
                damage.file, damage.offset)});
}

// What is done, from "so far".
class Delta {
  public:
    explicit Delta(const Progress& progress) : progress_(progress) {}
    Result<> reach(std::uint64_t done) {
        const auto more = done > done_ ? done - done_ : 0;
        done_ += more;
        return progress_ ? progress_(more) : Result<>{};
    }

  private:
    const Progress& progress_;
    std::uint64_t done_ = 0;
};

// Written by SQLite and synced by us, piece by piece.
Result<> copy_file_of_sqlite(const Origin& origin, Place& place, const std::string& from, const std::string& name,
    const Progress& progress, const std::function<Result<>(store::Session&)>& look) {
    Delta delta(progress);
    std::unique_ptr<runtime::File> target;
    store::Copying copying{look, [&](std::uint64_t done, std::uint64_t) -> Result<> {
                               if (!target)
                                   target = TRY(
                                       origin.outside.files.open(place.path_of(name), runtime::OpenMode::read_write));
                               TRY(target->sync_data());
                               return delta.reach(done);
                           }};
    TRY(store::copy_sqlite(from, place.path_of(name), copying));
    return place.adopt(name);
}

Result<> copy_database(const Origin& origin, Place& place, const Progress& progress,
    const std::function<Result<>(store::Session&)>& look) {
    if (!store::is_postgres_url(origin.database_url))
        return copy_file_of_sqlite(origin, place, origin.database_url, std::string(database_file), progress, look);
    TRY(place.open(std::string(dump_file)));
    TRY(store::dump_postgres(
        origin.database_url, [&](std::string_view bytes) { return place.add(bytes); }, {look, {}}));
    return place.close();
}

event_log::EventLog::CopySink into(Place& place, const std::string& folder) {
    return [&place, folder](std::string_view name, std::string_view bytes) {
        return place.put(folder + "/" + std::string(name), bytes);
    };
}

Result<std::string> copy_keys(const Origin& origin, Place& place) {
    TRY(copy_file_of_sqlite(
        origin, place, origin.folder + "/" + std::string(keyring_file), std::string(keyring_file), {}, {}));
    const auto master = TRY(origin.outside.files.read_all(origin.folder + "/" + std::string(master_key_file), 4096));
    TRY(place.put(std::string(master_key_file), master));
    return digest_of(master);
}

Result<std::string> mark_of_keys(const Origin& origin) {
    return digest_of(TRY(origin.outside.files.read_all(origin.folder + "/" + std::string(master_key_file), 4096)));
}

std::uint64_t size_of(const std::string& path) {
    std::error_code missing;
    const auto size = std::filesystem::file_size(path, missing);
    return missing ? 0 : std::uint64_t(size);
}

} // namespace

std::uint64_t bytes_expected(const Origin& origin) {
    const auto log = std::uint64_t(origin.log.end().value - origin.log.begin().value);
    const auto audit = std::uint64_t(origin.audit.log().end().value - origin.audit.log().begin().value);
    const auto database = store::is_postgres_url(origin.database_url) ? 0 : size_of(origin.database_url);
    return log + audit + database;
}

Result<Manifest> make(const Origin& origin, Place& place, WithKeys with_keys, const Progress& progress) {
    for (const auto* log : {static_cast<const event_log::EventLog*>(&origin.log), &origin.audit.log()})
        if (const auto condition = log->condition(); !condition.is_appending)
            return log_damaged(*condition.damage);
    Manifest manifest;
    const auto held = origin.log.hold();
    manifest.audit_end = origin.audit.log().end();
    Position log_end = origin.log.end();
    manifest.is_postgres = store::is_postgres_url(origin.database_url);
    place.tell(progress);
    TRY(copy_database(origin, place, progress, [&](store::Session& session) -> Result<> {
        manifest.made_at = origin.outside.clock.now();
        log_end = std::max(log_end, TRY(origin.log_needed(session)));
        return {};
    }));
    const auto log = TRY(origin.log.copy(log_end, into(place, "log")));
    manifest.begin = log.begin;
    manifest.end = log.end;
    manifest.head = log.head;
    manifest.events = log.frames;
    TRY(origin.audit.log().copy(manifest.audit_end, into(place, "audit")));
    manifest.has_keys = with_keys == WithKeys::yes;
    manifest.master_key = manifest.has_keys ? TRY(copy_keys(origin, place)) : TRY(mark_of_keys(origin));
    return manifest;
}

} // namespace onefold::backup
