#include "backup/backup.h"

#include "backup/failure.h"
#include "backup/restore.h"
#include "backup/schedule.h"
#include "backup/store.h"
#include "core/text.h"
#include "runtime/priority.h"

#include <boost/json.hpp>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <spdlog/spdlog.h>
#include <thread>

namespace onefold::backup {
namespace {

using namespace std::chrono_literals;

constexpr auto look_every = 30s;
constexpr auto rest_max = 40ms;
constexpr int looked_at_max = 1000;
constexpr std::int64_t keep_count_max = 365;

} // namespace

struct Backups::Parts {
    Parts(store::Database& database, access::Access& access, Origin origin)
        : database(database), access(access), origin(std::move(origin)), files(this->origin.outside.files) {}

    struct Work {
        Backup backup;
        std::unique_ptr<Place> place;
    };

    void run();
    Result<> look();
    void work(Work work);
    Result<Manifest> finish(Work& work);
    Result<> rest(std::uint64_t bytes, std::chrono::steady_clock::time_point& since);
    void make_room();
    Result<Backup> begin(Cause cause, const std::string& principal, const std::string& target, WithKeys with_keys);
    Result<> save(const Backup& backup);
    Result<> follow_a_restore();
    Result<> judge_cut_short(bool is_restored);
    Instant now() const { return origin.outside.clock.now(); }

    store::Database& database;
    access::Access& access;
    const Origin origin;
    runtime::Files& files;
    std::mutex mutex;
    std::condition_variable woken;
    std::optional<Work> waiting;
    std::optional<Backup> running; // as people see it
    std::optional<Backup> ended;   // the last one, also where it could not be noted
    const Backup& as_seen(const Backup& stored) const;
    bool is_stopping = false;
    std::thread thread;
};

Backups::Backups(store::Database& database, access::Access& access, Origin origin)
    : parts_(std::make_unique<Parts>(database, access, std::move(origin))) {}

Backups::~Backups() {
    stop();
}

Result<> Backups::start() {
    TRY(parts_->follow_a_restore());
    parts_->thread = std::thread([this] { parts_->run(); });
    return {};
}

void Backups::stop() {
    {
        const std::lock_guard lock(parts_->mutex);
        parts_->is_stopping = true;
    }
    parts_->woken.notify_all();
    if (parts_->thread.joinable())
        parts_->thread.join();
}

Result<> Backups::Parts::follow_a_restore() {
    const std::string path = origin.folder + "/" + std::string(restored_file);
    const bool is_restored = files.exists(path);
    TRY(judge_cut_short(is_restored));
    if (!is_restored)
        return {};
    TRY(access.end_sessions());
    access.record({{Principal::Kind::system}}, "backup.restore", "", 200);
    spdlog::info("backup: this folder was restored from a backup; everybody signs in again");
    return files.remove(path);
}

// A restored database says of its own backup that it still runs.
Result<> Backups::Parts::judge_cut_short(bool is_restored) {
    return database.write([&](store::Session& session) -> Result<> {
        for (Backup& backup : TRY(list_running(session))) {
            const auto manifest = read_manifest(files, backup.target);
            backup.ended_at = now();
            backup.state = manifest ? State::whole : State::failed;
            if (manifest) {
                backup.bytes = manifest->bytes();
                backup.position = manifest->end;
                backup.events = manifest->events;
            } else if (is_restored) {
                backup.error = Error{ErrorKind::internal, "backup.restored",
                    {"This server was restored from this backup, or from one made during it; it is not at its place.",
                        "本服务由该备份（或其间的备份）恢复而来；原位置已没有该备份。"}};
            } else {
                backup.error = interrupted().error();
            }
            TRY(update(session, backup));
        }
        return {};
    });
}

Result<Backup> Backups::Parts::begin(
    Cause cause, const std::string& principal, const std::string& target, WithKeys with_keys) {
    const std::lock_guard lock(mutex);
    if (running || is_stopping)
        return fail(ErrorKind::conflict, "backup.running",
            {"A backup is being made already; wait until it has ended.", "正在备份，请等待完成。"});
    Work work;
    work.place = TRY(Place::begin(files, target, origin.folder));
    Backup& backup = work.backup;
    backup.cause = cause;
    backup.target = target;
    backup.has_keys = with_keys == WithKeys::yes;
    backup.started_at = now();
    backup.bytes_expected = bytes_expected(origin);
    backup.id = TRY(database.write([&](store::Session& session) { return insert(session, backup, principal); }));
    running = backup;
    waiting = std::move(work);
    woken.notify_all();
    return *running;
}

Result<Backup> Backups::begin(const Caller& caller, const Wish& wish) {
    const bool is_local = caller.principal.kind == Principal::Kind::local;
    if (wish.target && !is_local)
        return fail(ErrorKind::forbidden, "backup.local_target",
            {"Only a command of this host may name a folder; others use that of the settings.",
                "只有本机命令可以指定目录，其他方式使用设置中的目录。"});
    if (wish.target)
        return parts_->begin(Cause::command, to_string(caller.principal), *wish.target, wish.with_keys);
    const Settings present = TRY(settings());
    if (present.folder.empty())
        return fail(ErrorKind::invalid, "backup.no_folder",
            {"First say in the settings which folder backups go to.", "请先在设置中指定备份目录。"});
    return parts_->begin(Cause::person, to_string(caller.principal), present.folder + "/" + name_of(parts_->now()),
        present.has_keys ? WithKeys::yes : WithKeys::no);
}

// What is known of it in memory goes before what is stored: it may not have been noted yet.
const Backup& Backups::Parts::as_seen(const Backup& stored) const {
    if (running && running->id == stored.id)
        return *running;
    return ended && ended->id == stored.id && stored.state == State::running ? *ended : stored;
}

Result<Backup> Backups::get(BackupId id) {
    const auto found = TRY(parts_->database.read([&](store::Session& session) { return find(session, id); }));
    if (!found)
        return fail(ErrorKind::not_found, "backup.no_such_backup", {"There is no such backup.", "没有这次备份。"});
    const std::lock_guard lock(parts_->mutex);
    return parts_->as_seen(*found);
}

Result<std::vector<Backup>> Backups::list(int limit) {
    auto stored = TRY(parts_->database.read([&](store::Session& session) { return backup::list(session, limit); }));
    const std::lock_guard lock(parts_->mutex);
    for (Backup& backup : stored)
        backup = parts_->as_seen(backup);
    return stored;
}

Result<std::optional<Backup>> Backups::last_whole() {
    return parts_->database.read([](store::Session& session) { return find_last_whole(session); });
}

Result<Settings> Backups::settings() {
    return parts_->database.read([](store::Session& session) { return get_settings(session); });
}

namespace {

Failure bad_setting(std::string_view path, LocalText message) {
    return fail(
        ErrorKind::invalid, "backup.bad_settings", message, {{std::string(path), "backup.bad_settings", message}});
}

Result<Settings> edited(Settings settings, const SettingsEdit& edit) {
    settings.is_scheduled = edit.is_scheduled.value_or(settings.is_scheduled);
    settings.has_keys = edit.has_keys.value_or(settings.has_keys);
    settings.hour = edit.hour.value_or(settings.hour);
    settings.keep_count = edit.keep_count.value_or(settings.keep_count);
    if (edit.folder)
        settings.folder = std::string(trimmed(*edit.folder));
    if (!settings.folder.empty() && settings.folder.front() != '/')
        return bad_setting(
            "/folder", {"Write the whole path of the folder, from /.", "请填写以 / 开头的完整目录路径。"});
    if (!settings.folder.empty())
        settings.folder = true_path(settings.folder);
    if (settings.is_scheduled && settings.folder.empty())
        return bad_setting("/folder", {"A daily backup needs a folder.", "定时备份需要指定目录。"});
    if (settings.hour < 0 || settings.hour > 23)
        return bad_setting("/hour", {"The hour is 0 to 23.", "小时应为 0 至 23。"});
    if (settings.keep_count < 1 || settings.keep_count > keep_count_max)
        return bad_setting("/keep_count", {"1 to 365 backups can be kept.", "保留份数应为 1 至 365。"});
    return settings;
}

// Proved by writing there.
Result<> try_folder(runtime::Files& files, const std::string& folder, const std::string& data_folder) {
    const auto tried = [&]() -> Result<> {
        if (is_inside(folder, data_folder))
            return target_inside(folder);
        auto written = files.make_folder(folder);
        if (written)
            written = files.replace(folder + "/.try", "Onefold tries whether it may write here.\n");
        if (written)
            written = files.remove(folder + "/.try");
        return written ? Result<>{} : target_unusable(folder, written.error());
    }();
    if (tried)
        return {};
    Error error = tried.error();
    error.fields = {{"/folder", error.code, error.message}};
    return fail(std::move(error));
}

} // namespace

Result<Settings> Backups::update_settings(const Caller& caller, std::int64_t version, const SettingsEdit& edit) {
    const Settings seen = TRY(settings());
    Settings after = TRY(edited(seen, edit));
    if (!after.folder.empty() && after.folder != seen.folder)
        TRY(try_folder(parts_->files, after.folder, parts_->origin.folder));
    const auto author = company::author_of(caller, parts_->origin.outside);
    return parts_->database.write([&](store::Session& session) -> Result<Settings> {
        const Settings before = TRY(get_settings(session));
        if (before.version != version)
            return fail(ErrorKind::precondition_failed, "backup.version_changed",
                {"Somebody else changed this in the meantime. Nothing was saved; load it again and repeat your change.",
                    "其他人刚刚修改过此内容。你的修改未保存，请重新加载后再改。"});
        after.version = version + 1;
        if (after.is_scheduled != before.is_scheduled || after.hour != before.hour)
            after.changed_at = author.at;
        TRY(put_settings(session, author, before, after));
        return after;
    });
}

Result<> Backups::check() {
    return parts_->look();
}

void Backups::Parts::run() {
    runtime::give_way();
    for (;;) {
        std::optional<Work> next;
        {
            std::unique_lock lock(mutex);
            woken.wait_for(lock, look_every, [&] { return is_stopping || waiting; });
            if (is_stopping && !waiting)
                return;
            next = std::exchange(waiting, std::nullopt);
        }
        if (next)
            work(std::move(*next));
        else if (auto looked = look(); !looked)
            spdlog::warn("backup: {} {}", looked.error().code, looked.error().message.in("en"));
    }
}

Result<> Backups::Parts::look() {
    struct Seen {
        Settings settings;
        std::optional<Backup> last;
        std::string zone;
    };
    const auto seen = TRY(database.read([](store::Session& session) -> Result<Seen> {
        return Seen{TRY(get_settings(session)), TRY(find_last(session, Cause::schedule)),
            TRY(company::get_company(session)).zone};
    }));
    if (!is_due(now(), TRY(Zone::named(seen.zone)), seen.settings, seen.last))
        return {};
    const std::string target = seen.settings.folder + "/" + name_of(now());
    const auto begun = begin(Cause::schedule, "system", target, seen.settings.has_keys ? WithKeys::yes : WithKeys::no);
    if (begun || begun.error().code == "backup.running")
        return {};
    spdlog::error("backup: {} {}", begun.error().code, begun.error().message.in("en"));
    return database.write([&](store::Session& session) -> Result<> {
        Backup failed;
        failed.cause = Cause::schedule;
        failed.target = target;
        failed.state = State::failed;
        failed.started_at = now();
        failed.ended_at = failed.started_at;
        failed.error = begun.error();
        failed.id = TRY(insert(session, failed, "system"));
        return update(session, failed);
    });
}

// Rests twice as long as the last piece took, so that the disk is ours a third of the time; not so long that a gigabyte
// takes more than a minute.
Result<> Backups::Parts::rest(std::uint64_t bytes, std::chrono::steady_clock::time_point& since) {
    const auto took = origin.outside.clock.monotonic() - since;
    std::unique_lock lock(mutex);
    running->bytes += bytes;
    if (woken.wait_for(lock, std::min<std::chrono::nanoseconds>(2 * took, rest_max), [&] { return is_stopping; }))
        return interrupted();
    since = origin.outside.clock.monotonic();
    return {};
}

Result<Manifest> Backups::Parts::finish(Work& work) {
    const auto earlier = TRY(database.read([](store::Session& session) { return find_last_whole(session); }));
    if (earlier &&
        std::filesystem::path(earlier->target).parent_path() == std::filesystem::path(work.backup.target).parent_path())
        if (const auto manifest = read_manifest(files, earlier->target))
            work.place->resemble(earlier->target, *manifest);
    auto since = origin.outside.clock.monotonic();
    auto manifest = TRY(make(origin, *work.place, work.backup.has_keys ? WithKeys::yes : WithKeys::no,
        [&](std::uint64_t bytes) { return rest(bytes, since); }));
    TRY(work.place->finish(manifest));
    return manifest;
}

void Backups::Parts::work(Work work) {
    Backup& backup = work.backup;
    const auto manifest = finish(work);
    work.place.reset();
    backup.ended_at = now();
    if (manifest) {
        backup.state = State::whole;
        backup.bytes = manifest->bytes();
        backup.position = manifest->end;
        backup.events = manifest->events;
        spdlog::info("backup: {} holds {} events up to {}", backup.target, backup.events, backup.position.value);
    } else {
        backup.state = State::failed;
        backup.error = not_made(backup.target, manifest.error()).error();
        spdlog::error("backup: {} {}", manifest.error().code, manifest.error().message.in("en"));
    }
    if (auto saved = save(backup); !saved)
        spdlog::error("backup: {} could not be noted: {}", backup.target, saved.error().message.in("en"));
    if (manifest)
        make_room();
    const std::lock_guard lock(mutex);
    running.reset();
    ended = backup;
}

Result<> Backups::Parts::save(const Backup& backup) {
    return database.write([&](store::Session& session) { return update(session, backup); });
}

// After a whole backup the oldest go.
void Backups::Parts::make_room() {
    const auto done = [&]() -> Result<> {
        const auto present = TRY(database.read([](store::Session& session) { return get_settings(session); }));
        const auto all =
            TRY(database.read([](store::Session& session) { return backup::list(session, looked_at_max); }));
        for (Backup backup : beyond_kept(all, present)) {
            TRY(remove_backup(files, backup.target));
            backup.removed_at = now();
            TRY(save(backup));
        }
        return {};
    }();
    if (!done)
        spdlog::warn("backup: an old one stays: {} {}", done.error().code, done.error().message.in("en"));
}

} // namespace onefold::backup
