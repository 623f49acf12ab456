#include "backup/schedule.h"

#include <filesystem>
#include <fmt/chrono.h>

namespace onefold::backup {
namespace {

using namespace std::chrono_literals;

constexpr auto again_after = 1h;

} // namespace

Instant last_due(Instant now, const Zone& zone, std::int64_t hour) {
    auto day = std::chrono::floor<std::chrono::days>(zone.local_of(now));
    for (;; day -= std::chrono::days{1})
        if (const Instant due = zone.instant_of_local(day + std::chrono::hours{hour}); due <= now)
            return due;
}

bool is_due(Instant now, const Zone& zone, const Settings& settings, const std::optional<Backup>& last_scheduled) {
    if (!settings.is_scheduled)
        return false;
    const Instant due = last_due(now, zone, settings.hour);
    if (settings.changed_at >= due)
        return false;
    if (!last_scheduled || last_scheduled->started_at < due)
        return true;
    return last_scheduled->state == State::failed && now - last_scheduled->started_at >= again_after;
}

std::vector<Backup> beyond_kept(const std::vector<Backup>& newest_first, const Settings& settings) {
    std::vector<Backup> beyond;
    std::int64_t kept = 0;
    for (const Backup& backup : newest_first) {
        if (backup.state != State::whole || backup.removed_at || backup.cause == Cause::command ||
            std::filesystem::path(backup.target).parent_path() != std::filesystem::path(settings.folder))
            continue;
        if (++kept > settings.keep_count)
            beyond.push_back(backup);
    }
    return beyond;
}

std::string name_of(Instant at) {
    return fmt::format("onefold-{:%Y%m%dT%H%M%SZ}", std::chrono::floor<std::chrono::seconds>(at));
}

} // namespace onefold::backup
