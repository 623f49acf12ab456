#include "fetch/work.h"

#include "fetch/round.h"
#include "fetch/settings.h"

#include <spdlog/spdlog.h>

namespace onefold::fetch {
namespace {

Result<std::string> opened(const Rooms& rooms, SourceId id, std::string_view what, const Settings& settings,
    const std::optional<std::string>& sealed) {
    return sealed ? rooms.keys.open_sealed("fetch", context_of(id, what, settings), *sealed) : Result<std::string>("");
}

Result<std::unique_ptr<Place>> place_of(
    const Rooms& rooms, const Stored& stored, const Limits& limits, const std::atomic<bool>& is_stopping) {
    const Settings& settings = stored.settings;
    if (settings.place == PlaceKind::folder)
        TRY(check_apart(settings.folder, rooms.folder));
    if (settings.place == PlaceKind::folder)
        return make_folder_place(settings, rooms.allowed.roots, limits, is_stopping);
    const Secrets secrets{TRY(opened(rooms, stored.source, "password", settings, stored.secrets.password)),
        TRY(opened(rooms, stored.source, "private_key", settings, stored.secrets.private_key)),
        TRY(opened(rooms, stored.source, "passphrase", settings, stored.secrets.passphrase))};
    return make_remote_place(settings, secrets, rooms.allowed.networks, limits, is_stopping);
}

Result<Stored> stored_of(const Rooms& rooms, SourceId id) {
    auto stored = TRY(rooms.database.read([&](store::Session& session) { return find(session, id); }));
    if (stored)
        return std::move(*stored);
    return fail(
        ErrorKind::conflict, "fetch.not_set_up", {"First say where the files come from.", "请先设置文件从哪里来。"});
}

} // namespace

Result<Look> Work::look(SourceId id, Sights& sights) {
    Round round{rooms_, limits_, TRY(rooms_.sources.get(id)), TRY(stored_of(rooms_, id)), nullptr, {}};
    const auto before = round.stored.look;
    Look& look = round.look;
    look.started_at = round.now();
    round.until = rooms_.outside.clock.monotonic() + limits_.look_max;
    look.failing_since = before ? before->failing_since : std::nullopt;
    const auto save = [&] {
        return rooms_.database.write([&](store::Session& session) { return put_look(session, id, look); });
    };
    TRY(save());
    const auto looked = [&]() -> Result<> {
        round.place = TRY(place_of(rooms_, round.stored, limits_, is_stopping_));
        auto found = round.look_for_files(sights);
        const auto followed = round.follow(Follow::full);
        if (!found)
            return found;
        TRY(Result<Followed>(followed));
        return {};
    }();
    if (is_stopping_)
        return look; // the next start looks again
    look.ended_at = round.now();
    if (looked) {
        look.failing_since.reset();
    } else {
        look.error = looked.error();
        if (!look.failing_since)
            look.failing_since = look.started_at;
        spdlog::warn("fetch of source {}: {} {}", id.value, look.error->code, look.error->message.in("en"));
    }
    TRY(save());
    return look;
}

Result<Followed> Work::follow(SourceId id, Follow how) {
    Round round{rooms_, limits_, TRY(rooms_.sources.get(id)), TRY(stored_of(rooms_, id)), nullptr, {}};
    round.until = rooms_.outside.clock.monotonic() + limits_.look_max;
    round.place = TRY(place_of(rooms_, round.stored, limits_, is_stopping_));
    return round.follow(how);
}

} // namespace onefold::fetch
