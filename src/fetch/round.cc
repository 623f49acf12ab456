#include "fetch/round.h"

#include "core/text.h"
#include "fetch/outcome.h"
#include "import/remembered.h"

#include <set>
#include <sodium.h>
#include <spdlog/spdlog.h>

namespace onefold::fetch {
namespace {

constexpr std::chrono::hours waiting_kept_for{30 * 24}, waiting_kept_least{20 * 24};
constexpr std::size_t chunk_bytes = 1 << 20, name_bytes_max = 400;

Caller system_caller() {
    Caller caller;
    caller.principal = {Principal::Kind::system, 0, Role::admin};
    return caller;
}

LocalText no_map() {
    return {"No earlier import of this source has columns like these. Import it once with the wizard; files like it "
            "then go in by themselves.",
        "该数据源以前没有导入过这种列的文件。请用导入向导导入一次，之后同类文件会自动导入。"};
}

Failure too_many_files(std::size_t most) {
    return fail(ErrorKind::too_large, "fetch.too_many_files",
        {fmt::format(
             "The folder holds more than {} files: only the first ones were looked at. Move away what is old.", most),
            fmt::format("目录中的文件超过 {} 个，只查看了前面的部分。请移走旧文件。", most)});
}

// What the file itself is at fault for, and trying again does not help.
bool is_of_the_file(const Error& error) {
    return error.kind == ErrorKind::invalid || error.kind == ErrorKind::unsupported ||
           error.kind == ErrorKind::too_large;
}

// Others may still be read.
bool is_of_one_file(const Error& error) {
    return error.kind != ErrorKind::unavailable && error.kind != ErrorKind::storage_full;
}

Result<std::string> digest_of(runtime::Files& files, const std::string& path) {
    const auto file = TRY(files.open(path, runtime::OpenMode::read));
    crypto_generichash_state state;
    crypto_generichash_init(&state, nullptr, 0, crypto_generichash_BYTES);
    for (std::uint64_t at = 0;;) {
        const std::string chunk = TRY(file->read_at(at, chunk_bytes));
        if (chunk.empty())
            break;
        crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(chunk.data()), chunk.size());
        at += chunk.size();
    }
    std::string digest(crypto_generichash_BYTES, '\0');
    crypto_generichash_final(&state, reinterpret_cast<unsigned char*>(digest.data()), digest.size());
    return to_hex(digest);
}

bool is_name(std::string_view name) {
    return !name.empty() && name.size() <= name_bytes_max && is_valid_utf8(name) && name.find('/') == name.npos &&
           std::ranges::none_of(name, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

} // namespace

Result<> Work::Round::note_host_key() {
    const std::string shown = place->host_key();
    Settings& settings = stored.settings;
    const bool is_first = settings.host_key.empty(), is_pinned = shown == settings.host_key;
    if (shown.empty() || shown == settings.host_key_offered || (is_pinned && settings.host_key_offered.empty()))
        return {};
    if (is_first)
        settings.host_key = shown;
    else
        settings.host_key_offered = is_pinned ? "" : shown; // the right one is back: there is nothing to be trusted
    TRY(rooms.database.write([&](store::Session& session) -> Result<> {
        const auto present = TRY(find(session, source.id));
        if (!present || present->settings.version != settings.version)
            return {}; // it was set anew meanwhile
        return put_host_key(session, source.id, settings);
    }));
    if (is_first)
        rooms.record("fetch.pin_host_key", to_string(source.id));
    return {};
}

Result<> Work::Round::look_for_files(Sights& sights) {
    const auto listed = place->list();
    TRY(note_host_key());
    const Listing& listing = TRY(Result<Listing>(listed));
    std::vector<Seen> meant;
    for (const Seen& seen : listing.files)
        if (is_https() ||
            (is_name(seen.name) && !is_passed_over(seen.name) && matches(seen.name, stored.settings.pattern)))
            meant.push_back(seen);
    look.found = std::int64_t(meant.size());
    sights.keep_only(meant);
    std::set<std::tuple<std::string, std::int64_t, std::int64_t>> known;
    for (FetchedFile& file :
        TRY(rooms.database.read([&](store::Session& session) { return list_lying(session, source.id); })))
        known.emplace(std::move(file.name), file.size, file.modified_us);
    std::size_t taken = 0;
    std::optional<Error> failed; // of the first file; the others are taken
    for (const Seen& seen : meant) {
        if (!is_https() && known.contains({seen.name, seen.size, seen.modified_us}))
            continue;
        const auto steady = std::chrono::seconds(stored.settings.steady_s);
        const bool is_whole = is_https() || sights.is_steady(seen, rooms.outside.clock.monotonic(), steady);
        if (!is_whole || taken == limits.taken_max || is_late()) {
            ++look.unsteady;
            continue;
        }
        ++taken;
        const auto done = take(seen);
        if (!done && !is_of_one_file(done.error()))
            return done;
        if (!done && !failed)
            failed = done.error();
    }
    if (failed)
        return fail(std::move(*failed));
    return listing.is_cut ? Result<>(too_many_files(limits.entries_max)) : Result<>{};
}

Result<> Work::Round::take(const Seen& seen) {
    if (seen.size < 0 || seen.size > stored.settings.size_mb_max << 20)
        return refuse(
            seen, {fmt::format("It is larger than {} MB, the limit of this source.", stored.settings.size_mb_max),
                      fmt::format("超过该数据源的上限 {} MB。", stored.settings.size_mb_max)});
    const std::string path = fmt::format("{}/{}.part", rooms.folder, source.id.value);
    const auto arrived = place->take(seen, stored.mark, path);
    if (!arrived && (arrived.error().code == "folder.changed" || arrived.error().code == "files.enoent")) {
        ++look.unsteady;
        return {};
    }
    if (!arrived && arrived.error().kind == ErrorKind::too_large && !is_https())
        return refuse(seen, arrived.error().message);
    if (!arrived)
        return fail(arrived.error());
    if (!*arrived)
        return {};
    TRY(keep((*arrived)->seen, path));
    if (!is_https())
        return {};
    stored.mark = (*arrived)->mark;
    return rooms.database.write([&](store::Session& session) -> Result<> {
        const auto present = TRY(find(session, source.id));
        if (!present || present->settings.version != stored.settings.version)
            return {}; // the mark is of another address perhaps
        return put_mark(session, source.id, stored.mark);
    });
}

Result<std::optional<FetchedFile>> Work::Round::find_same(const std::string& digest) {
    for (FetchedFile& file :
        TRY(rooms.database.read([&](store::Session& session) { return list_same(session, source.id, digest); }))) {
        if (file.state == FileState::repeated)
            continue;
        if (file.state != FileState::failed)
            return std::optional(std::move(file));
        const auto import = TRY(find_import(file));
        if (import && after_import(file, *import, now()).state == FileState::imported)
            return std::optional(std::move(file));
    }
    return std::optional<FetchedFile>();
}

Result<std::optional<import::Import>> Work::Round::find_import(const FetchedFile& file) const {
    const auto id = file.upload ? TRY(import::find_import_of(rooms.database, *file.upload)) : std::nullopt;
    return id ? std::optional(TRY(rooms.imports.get(*id))) : std::nullopt;
}

// Whole and synced, or not there.
Result<upload::UploadId> Work::Round::upload(const std::string& name, const std::string& path) {
    const auto file = TRY(rooms.outside.files.open(path, runtime::OpenMode::read));
    const auto made = TRY(rooms.uploads.create(system_caller(), name, std::int64_t(TRY(file->size()))));
    for (std::int64_t at = 0; at < made.size;) {
        const std::string chunk = TRY(file->read_at(std::uint64_t(at), upload::chunk_bytes_max));
        const auto appended = rooms.uploads.append(made.id, at, chunk);
        if (!appended || chunk.empty()) {
            TRY(rooms.uploads.remove(made.id));
            return fail(
                appended ? Error{ErrorKind::internal, "fetch.part_changed", LocalText(path)} : appended.error());
        }
        at += std::int64_t(chunk.size());
    }
    return made.id;
}

// From here on it is durable: an upload, and the row that knows it.
Result<> Work::Round::keep(const Seen& seen, const std::string& path) {
    FetchedFile file{.source = source.id,
        .name = seen.name,
        .size = seen.size,
        .modified_us = seen.modified_us,
        .lies = found_at(),
        .taken_at = now(),
        .digest = TRY(digest_of(rooms.outside.files, path))};
    const auto same = TRY(find_same(file.digest));
    if (same && is_https())
        return rooms.outside.files.remove(path);
    if (same) {
        file.state = FileState::repeated;
        file.same_as = same->id;
        file.ended_at = now();
        file = TRY(insert(std::move(file)));
        return rooms.outside.files.remove(path);
    }
    if (is_https() && TRY(was_refused_last(file.digest)))
        return rooms.outside.files.remove(path);
    const auto taken = upload(seen.name, path);
    if (!taken && (taken.error().code == "upload.empty" || taken.error().code == "upload.too_large"))
        return refuse(seen, taken.error().message, file.digest);
    if (!taken)
        return fail(taken.error());
    TRY(rooms.uploads.keep_until(*taken, now() + waiting_kept_for));
    file.upload = *taken;
    TRY(insert(std::move(file)));
    ++look.taken;
    return rooms.outside.files.remove(path);
}

Result<bool> Work::Round::was_refused_last(const std::string& digest) {
    const auto newest = TRY(rooms.database.read(
        [&](store::Session& session) { return list_files(session, source.id, FetchedFileId{0}, 1); }));
    return !newest.empty() && newest.front().digest == digest && newest.front().state == FileState::failed &&
           !newest.front().upload;
}

Result<> Work::Round::refuse(const Seen& seen, const LocalText& reason, const std::string& digest) {
    TRY(insert({.source = source.id,
        .name = seen.name,
        .size = seen.size,
        .modified_us = seen.modified_us,
        .state = FileState::failed,
        .lies = found_at(),
        .taken_at = now(),
        .ended_at = now(),
        .digest = digest,
        .reason = reason}));
    return {};
}

Result<FetchedFile> Work::Round::insert(FetchedFile file) {
    file.id = TRY(rooms.database.write([&](store::Session& session) { return fetch::insert(session, file); }));
    return file;
}

Result<> Work::Round::save(const FetchedFile& file) {
    return rooms.database.write([&](store::Session& session) { return update(session, file); });
}

// The upload is its identity: an import that was begun before a kill is found by it.
Result<FetchedFile> Work::Round::decide(FetchedFile file, Follow how) {
    const auto known = TRY(find_import(file));
    if (known && known->state != import::State::interrupted) // one that never began is begun again
        return after_import(std::move(file), *known, now());
    if (file.state == FileState::waiting && how == Follow::quick)
        return file;
    auto begun = begin_import(file);
    if (begun || !is_of_the_file(begun.error()))
        return begun;
    file.state = FileState::failed;
    file.ended_at = now();
    file.reason = begun.error().message;
    return file;
}

Result<FetchedFile> Work::Round::begin_import(FetchedFile file) {
    const auto path = rooms.uploads.path_of(*file.upload);
    if (!path && path.error().code == "upload.no_such_upload") { // a restored copy of the data folder has none
        file.state = FileState::failed;
        file.lies = Lies::gone; // where it still is there, it is new again
        file.ended_at = now();
        file.reason = path.error().message;
        return file;
    }
    TRY(Result<std::string>(path));
    const auto kept_until = TRY(rooms.uploads.get(*file.upload)).expires_at;
    if (kept_until < now() + waiting_kept_least)
        TRY(rooms.uploads.keep_until(*file.upload, now() + waiting_kept_for));
    const auto remembered = TRY(import::find_remembered(rooms.database, rooms.open_file, *path, source.id));
    if (!remembered) {
        file.state = FileState::waiting;
        file.reason = no_map();
        return file;
    }
    const auto import =
        TRY(rooms.imports.create(system_caller(), {"", remembered->kind, source.name, remembered->map,
                                                      remembered->choice, file.upload, import::Purpose::import}));
    rooms.record("import.create", to_string(import.id));
    return after_import(std::move(file), import, now());
}

Result<> Work::Round::put_away(FetchedFile& file) {
    const auto folder = folder_for(file);
    if (!folder)
        return {};
    const Move move{{file.name, file.size, file.modified_us, 0}, std::string(*folder),
        numbered(file.name, file.id.value), note_of(file)};
    const auto answer = TRY(place->put_away(move));
    switch (answer.moved) {
    case Moved::done:
        file.lies = *folder == "error" ? Lies::error : Lies::archive;
        break;
    case Moved::gone:
    case Moved::changed:
        file.lies = Lies::gone;
        break;
    case Moved::refused:
        file.lies = Lies::stays;
        if (!file.reason)
            file.reason = answer.reason;
        break;
    }
    return save(file);
}

Result<Followed> Work::Round::follow(Follow how) {
    Followed followed;
    std::optional<Error> failed;
    const auto open = TRY(rooms.database.read([&](store::Session& session) { return list_open(session, source.id); }));
    for (const FetchedFile& before : open) {
        FetchedFile file = before;
        if (!file.ended_at) {
            auto decided = decide(file, how);
            if (!decided) {
                failed = decided.error();
                continue;
            }
            file = std::move(*decided);
            if (file.state != before.state || file.import != before.import || file.reason != before.reason)
                TRY(save(file));
        }
        followed.is_one_imported |= file.state == FileState::imported && !before.ended_at;
        (file.state == FileState::waiting ? followed.is_waiting : followed.is_more) |= !file.ended_at;
        if (file.ended_at && (how == Follow::full || !before.ended_at) && !is_late())
            if (const auto away = put_away(file); !away)
                failed = away.error();
    }
    TRY(note_host_key());
    if (failed)
        return fail(std::move(*failed));
    return followed;
}

} // namespace onefold::fetch
