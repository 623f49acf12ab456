#include "fetch/fetch.h"

#include "change/change.h"
#include "company/company.h"
#include "core/text.h"
#include "fetch/schedule.h"
#include "fetch/settings.h"
#include "fetch/work.h"
#include "runtime/folder_beneath.h"
#include "runtime/priority.h"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <spdlog/spdlog.h>
#include <thread>

namespace onefold::fetch {
namespace {

using namespace std::chrono_literals;
using Moment = std::chrono::steady_clock::time_point;

constexpr std::chrono::milliseconds look_around_every = 5s, follow_every = 500ms;
constexpr std::chrono::milliseconds follow_waiting_every = 5s, hold_maps_again_every = 60s, after_failure = 30s;
constexpr std::size_t threads = 2;

Failure no_file_source() {
    return fail(ErrorKind::conflict, "fetch.no_file_source",
        {"Only sources of files fetch by themselves.", "只有文件类数据源支持自动取数。"});
}

Failure version_changed() {
    return fail(ErrorKind::precondition_failed, "fetch.version_changed",
        {"Somebody else changed this in the meantime. Nothing was saved; load it again and repeat your change.",
            "其他人刚刚修改过此内容。你的修改未保存，请重新加载后再改。"});
}

bool is_set_up(const Settings& settings) {
    switch (settings.place) {
    case PlaceKind::folder:
        return !settings.folder.empty();
    case PlaceKind::https:
        return !settings.url.empty();
    case PlaceKind::sftp:
        return !settings.host.empty();
    }
    return false;
}

bool is_fingerprint(std::string_view text) {
    constexpr std::string_view begin = "SHA256:";
    constexpr std::size_t digits = 43;
    return text.size() == begin.size() + digits && text.starts_with(begin) &&
           std::ranges::all_of(text.substr(begin.size()), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
                      c == '/';
           });
}

struct Slot {
    Sights sights;
    bool is_wanted = false, is_busy = false, is_looking = false, is_followed = false;
    bool is_to_hold_maps = false;   // an import brought a map that may fit those that wait
    std::optional<Moment> again_at; // what was unsteady may be whole by then
    Moment follow_at;
    std::optional<Moment> not_before;   // a look could not even be noted
    std::optional<Moment> maps_held_at; // last, because of an import
};

enum class Job { look, follow };

} // namespace

struct Fetches::Parts {
    explicit Parts(Rooms rooms) : rooms(std::move(rooms)), work(this->rooms, is_stopping) {}

    void run();
    Result<std::optional<std::pair<SourceId, Job>>> find_job();
    void do_job(SourceId id, Job job);
    Result<Zone> zone();
    Result<Stored> stored_or_new(SourceId id) const;
    Result<> check_folder(const Settings& settings) const;
    Result<> check_not_shared(SourceId id, const Settings& settings) const;
    Result<Sealed> sealed(SourceId id, const Stored& before, const Settings& after, const SettingsEdit& edit) const;

    Rooms rooms;
    std::atomic<bool> is_stopping = false;
    Work work;
    mutable std::mutex mutex;
    std::condition_variable woken;
    std::map<SourceId, Slot> slots;
    std::array<std::thread, threads> workers;
};

Fetches::Fetches(Rooms rooms) : parts_(std::make_unique<Parts>(std::move(rooms))) {}

Fetches::~Fetches() {
    stop();
}

Result<> Fetches::start() {
    const Rooms& rooms = parts_->rooms;
    TRY(rooms.outside.files.make_folder(rooms.folder));
    for (const std::string& name : TRY(rooms.outside.files.list(rooms.folder)))
        TRY(rooms.outside.files.remove(rooms.folder + "/" + name)); // what a kill left half done
    for (const Stored& stored : TRY(rooms.database.read(list_all)))
        parts_->slots[stored.source].is_wanted = stored.look && !stored.look->ended_at;
    for (const SourceId id : TRY(rooms.database.read(list_busy)))
        parts_->slots[id].is_followed = true;
    for (std::thread& worker : parts_->workers)
        worker = std::thread([this] { parts_->run(); });
    return {};
}

void Fetches::stop() {
    {
        const std::lock_guard lock(parts_->mutex);
        parts_->is_stopping = true;
    }
    parts_->woken.notify_all();
    for (std::thread& worker : parts_->workers)
        if (worker.joinable())
            worker.join();
}

void Fetches::Parts::run() {
    runtime::give_way();
    for (;;) {
        auto job = find_job();
        if (!job)
            spdlog::warn("fetch: {} {}", job.error().code, job.error().message.in("en"));
        if (job && *job) {
            do_job((*job)->first, (*job)->second);
            continue;
        }
        std::unique_lock lock(mutex);
        const bool is_any_open =
            std::ranges::any_of(slots, [&, soon = rooms.outside.clock.monotonic() + follow_every](const auto& one) {
                return (one.second.is_followed && one.second.follow_at <= soon) || one.second.again_at;
            });
        if (!is_stopping)
            woken.wait_for(lock, is_any_open ? follow_every : look_around_every);
        if (is_stopping)
            return;
    }
}

Result<Zone> Fetches::Parts::zone() {
    return Zone::named(
        TRY(rooms.database.read([](store::Session& session) { return company::get_company(session); })).zone);
}

Result<std::optional<std::pair<SourceId, Job>>> Fetches::Parts::find_job() {
    using Found = std::optional<std::pair<SourceId, Job>>;
    const auto all = TRY(rooms.database.read(list_all));
    const Zone zone = TRY(this->zone());
    const Moment now = rooms.outside.clock.monotonic();
    const std::lock_guard lock(mutex);
    if (is_stopping)
        return Found();
    for (const Stored& stored : all) {
        Slot& slot = slots[stored.source];
        const auto source = rooms.sources.get(stored.source);
        if (slot.is_busy || !source || (slot.not_before && *slot.not_before > now))
            continue;
        const auto due = source->is_active ? next_due(stored.settings, stored.look, zone) : std::nullopt;
        const bool is_due =
            (due && *due <= rooms.outside.clock.now()) || slot.is_wanted || (slot.again_at && *slot.again_at <= now);
        if (!is_due && !(slot.is_followed && slot.follow_at <= now))
            continue;
        slot.is_busy = true;
        slot.is_looking = is_due;
        if (is_due) {
            slot.is_wanted = false;
            slot.again_at.reset();
        }
        return Found({stored.source, is_due ? Job::look : Job::follow});
    }
    return Found();
}

void Fetches::Parts::do_job(SourceId id, Job job) {
    Sights sights;
    Follow how = Follow::quick;
    const Moment begun = rooms.outside.clock.monotonic();
    {
        const std::lock_guard lock(mutex);
        Slot& slot = slots[id];
        std::swap(sights, slot.sights);
        const bool is_time = !slot.maps_held_at || *slot.maps_held_at + hold_maps_again_every <= begun;
        if (job == Job::follow && slot.is_to_hold_maps && is_time) {
            how = Follow::full;
            slot.is_to_hold_maps = false;
            slot.maps_held_at = begun;
        }
    }
    Followed followed{.is_more = true};
    bool is_failed = false;
    std::optional<Moment> again_at;
    if (job == Job::look) {
        const auto looked = work.look(id, sights);
        is_failed = !looked;
        if (!looked)
            spdlog::warn("fetch of source {}: {}", id.value, looked.error().message.in("en"));
        const auto stored = rooms.database.read([&](store::Session& session) { return find(session, id); });
        if (looked && looked->unsteady > 0 && stored && *stored)
            again_at = rooms.outside.clock.monotonic() + std::chrono::seconds((*stored)->settings.steady_s);
    } else {
        const auto done = work.follow(id, how);
        is_failed = !done;
        if (!done)
            spdlog::warn("fetch of source {}: {}", id.value, done.error().message.in("en"));
        else
            followed = *done;
    }
    const Moment now = rooms.outside.clock.monotonic();
    const std::lock_guard lock(mutex);
    Slot& slot = slots[id];
    std::swap(sights, slot.sights);
    slot.is_busy = slot.is_looking = false;
    slot.is_followed = followed.is_more || followed.is_waiting;
    slot.is_to_hold_maps = is_failed ? slot.is_to_hold_maps || how == Follow::full
                                     : followed.is_waiting && (slot.is_to_hold_maps || followed.is_one_imported);
    slot.follow_at = now + (is_failed                                         ? after_failure
                               : followed.is_more || followed.is_one_imported ? follow_every
                                                                              : follow_waiting_every);
    slot.not_before.reset();
    if (is_failed && job == Job::look)
        slot.not_before = now + after_failure;
    if (again_at)
        slot.again_at = again_at;
}

Result<Stored> Fetches::Parts::stored_or_new(SourceId id) const {
    const auto source = TRY(rooms.sources.get(id));
    if (source.kind != source::Kind::file)
        return no_file_source();
    auto stored = TRY(rooms.database.read([&](store::Session& session) { return find(session, id); }));
    if (stored)
        return std::move(*stored);
    Stored fresh;
    fresh.source = id;
    return fresh;
}

Result<Settings> Fetches::settings(SourceId id) const {
    return TRY(parts_->stored_or_new(id)).settings;
}

Result<std::optional<Look>> Fetches::last_look(SourceId id) const {
    return TRY(parts_->stored_or_new(id)).look;
}

Result<std::optional<Instant>> Fetches::next_look(SourceId id) const {
    const Stored stored = TRY(parts_->stored_or_new(id));
    if (!TRY(parts_->rooms.sources.get(id)).is_active)
        return std::optional<Instant>();
    return next_due(stored.settings, stored.look, TRY(parts_->zone()));
}

Result<> Fetches::Parts::check_folder(const Settings& settings) const {
    if (settings.place != PlaceKind::folder || settings.folder.empty())
        return {};
    const auto root = root_of(settings.folder, rooms.allowed.roots);
    if (!root)
        return bad_setting("/folder", root.error().message);
    if (const auto apart = check_apart(settings.folder, rooms.folder); !apart)
        return bad_setting("/folder", apart.error().message);
    const auto opened = runtime::FolderBeneath::open(*root, settings.folder, runtime::FolderBeneath::Missing::made);
    return opened ? Result<>{} : bad_setting("/folder", opened.error().message);
}

// Two sources would take each other's files.
Result<> Fetches::Parts::check_not_shared(SourceId id, const Settings& settings) const {
    if (settings.place != PlaceKind::folder || settings.folder.empty())
        return {};
    for (const Stored& other : TRY(rooms.database.read(list_all))) {
        const Settings& its = other.settings;
        if (other.source == id || its.place != PlaceKind::folder || its.folder.empty() ||
            (!runtime::is_below(its.folder, settings.folder) && !runtime::is_below(settings.folder, its.folder)))
            continue;
        if (const auto source = rooms.sources.get(other.source); source && source->is_active)
            return bad_setting("/folder",
                {fmt::format("The source {} watches {}: choose a folder of its own.", source->name, its.folder),
                    fmt::format("数据源 {} 已在监视 {}，请选择单独的目录。", source->name, its.folder)});
    }
    return {};
}

Result<Sealed> Fetches::Parts::sealed(
    SourceId id, const Stored& before, const Settings& after, const SettingsEdit& edit) const {
    const bool is_kept = is_same_place(before.settings, after) && after.place != PlaceKind::folder;
    const auto one = [&](std::string_view what, const std::optional<std::string>& given,
                         const std::optional<std::string>& kept) -> Result<std::optional<std::string>> {
        if (!given)
            return is_kept ? kept : std::nullopt;
        if (given->empty())
            return std::optional<std::string>();
        return std::optional(TRY(rooms.keys.seal("fetch", context_of(id, what, after), *given)));
    };
    return Sealed{TRY(one("password", edit.password, before.secrets.password)),
        TRY(one("private_key", edit.private_key, before.secrets.private_key)),
        TRY(one("passphrase", edit.passphrase, before.secrets.passphrase))};
}

Result<Settings> Fetches::update(const Caller& caller, SourceId id, std::int64_t version, const SettingsEdit& edit) {
    const Rooms& rooms = parts_->rooms;
    const Stored seen = TRY(parts_->stored_or_new(id));
    if (seen.settings.version != version)
        return version_changed();
    Stored after = seen;
    after.settings = TRY(edited(seen.settings, edit));
    if (after.settings.is_on || after.settings.folder != seen.settings.folder)
        TRY(parts_->check_not_shared(id, after.settings));
    TRY(parts_->check_folder(after.settings));
    after.secrets = TRY(parts_->sealed(id, seen, after.settings, edit));
    Settings& settings = after.settings;
    settings.has_password = after.secrets.password.has_value();
    settings.has_private_key = after.secrets.private_key.has_value();
    if (!is_same_place(seen.settings, settings))
        settings.host_key = settings.host_key_offered = "";
    if (!is_same_place(seen.settings, settings) || settings.url != seen.settings.url)
        after.mark = {};
    settings.version = version + 1;
    const auto author = company::author_of(caller, rooms.outside);
    settings.changed_at = author.at;
    TRY(rooms.database.write([&](store::Session& session) -> Result<> {
        const auto present = TRY(find(session, id));
        if ((present ? present->settings.version : 1) != version)
            return version_changed();
        TRY(put(session, after));
        return change::append(session, author,
            {{change::object_ids::fetch_settings, id.value, settings.version, change::Op::update,
                values_of(seen.settings), values_of(settings)}});
    }));
    const std::lock_guard lock(parts_->mutex);
    parts_->slots[id].sights = {};
    parts_->woken.notify_all();
    return settings;
}

Result<Settings> Fetches::trust_host_key(const Caller& caller, SourceId id, const std::string& fingerprint) {
    const Rooms& rooms = parts_->rooms;
    const Stored fresh = TRY(parts_->stored_or_new(id));
    if (!is_fingerprint(fingerprint))
        return bad_setting(
            "/host_key", {"A key is told as SHA256: and 43 signs behind it.", "密钥指纹应为 SHA256: 加 43 个字符。"});
    const auto author = company::author_of(caller, rooms.outside);
    const Settings settings = TRY(rooms.database.write([&](store::Session& session) -> Result<Settings> {
        Stored stored = TRY(find(session, id)).value_or(fresh);
        const Settings before = stored.settings;
        const std::string& shown = before.host_key_offered.empty() ? before.host_key : before.host_key_offered;
        if (!shown.empty() && fingerprint != shown)
            return fail(ErrorKind::conflict, "fetch.other_key",
                {"The server does not show this key. Look again, and compare what it shows now.",
                    "服务器出示的不是该密钥。请重新取数后再比对。"});
        Settings& after = stored.settings;
        after.host_key = fingerprint;
        after.host_key_offered.clear();
        ++after.version;
        TRY(put(session, stored));
        TRY(change::append(session, author,
            {{change::object_ids::fetch_settings, id.value, after.version, change::Op::update, values_of(before),
                values_of(after)}}));
        return after;
    }));
    if (is_set_up(settings))
        TRY(look_now(id));
    return settings;
}

Result<> Fetches::look_now(SourceId id) {
    const Stored stored = TRY(parts_->stored_or_new(id));
    if (!is_set_up(stored.settings))
        return fail(ErrorKind::conflict, "fetch.not_set_up",
            {"First say where the files come from.", "请先设置文件从哪里来。"});
    const std::lock_guard lock(parts_->mutex);
    parts_->slots[id].is_wanted = true;
    parts_->slots[id].not_before.reset();
    parts_->woken.notify_all();
    return {};
}

Result<std::vector<FetchedFile>> Fetches::list(SourceId id, FetchedFileId before, int limit) const {
    TRY(parts_->stored_or_new(id));
    return parts_->rooms.database.read([&](store::Session& session) { return list_files(session, id, before, limit); });
}

const import::Imports& Fetches::imports() const {
    return parts_->rooms.imports;
}

const Allowed& Fetches::allowed() const {
    return parts_->rooms.allowed;
}

std::string Fetches::own_folder(SourceId id) const {
    const auto& roots = parts_->rooms.allowed.roots;
    return roots.empty() ? "" : fmt::format("{}/{}", roots.front(), id.value);
}

bool Fetches::is_looking(SourceId id) const {
    const std::lock_guard lock(parts_->mutex);
    const auto slot = parts_->slots.find(id);
    return slot != parts_->slots.end() && (slot->second.is_wanted || slot->second.is_looking);
}

} // namespace onefold::fetch
