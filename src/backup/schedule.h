#pragma once
// When a backup is due, and which ones make room. Pure.
#include "backup/backup.h"

namespace onefold::backup {

// The latest moment at or before `now` when the clock in `zone` showed this hour.
Instant last_due(Instant now, const Zone& zone, std::int64_t hour);

// Whether one is due: none was begun by the schedule since it last was, and nobody changed the schedule since then.
// After a failure it is due again an hour later.
bool is_due(Instant now, const Zone& zone, const Settings& settings, const std::optional<Backup>& last_scheduled);

// Of backups, the newest first: the whole ones in the settings' folder beyond those that are kept.
std::vector<Backup> beyond_kept(const std::vector<Backup>& newest_first, const Settings& settings);

// "onefold-20260102T030405Z"
std::string name_of(Instant at);

} // namespace onefold::backup
