#pragma once
// Backups that were made, and the settings, as SQL keeps them.
#include "backup/backup.h"

namespace onefold::backup {

Result<BackupId> insert(store::Session& session, const Backup& backup, const std::string& principal);
Result<> update(store::Session& session, const Backup& backup);
Result<std::optional<Backup>> find(store::Session& session, BackupId id);
Result<std::vector<Backup>> list(store::Session& session, int limit);
Result<std::vector<Backup>> list_running(store::Session& session);
Result<std::optional<Backup>> find_last(store::Session& session, Cause cause);
Result<std::optional<Backup>> find_last_whole(store::Session& session);

Result<Settings> get_settings(store::Session& session);
Result<> put_settings(
    store::Session& session, const change::Author& author, const Settings& before, const Settings& after);

std::string_view to_string(Cause cause);
std::string_view to_string(State state);

} // namespace onefold::backup
