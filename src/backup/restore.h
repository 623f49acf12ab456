#pragma once
// From a backup to a new data folder. Everything is proved before the folder is there under its name.
#include "backup/verify.h"

#include <optional>

namespace onefold::backup {

struct Restoring {
    std::string source, folder;          // absolute
    std::optional<std::string> database; // an empty PostgreSQL database, for a backup of one
    std::optional<std::string> keys;     // a folder with master.key and keys.db, for a backup without keys
};

inline constexpr std::string_view restored_file = "restored.json"; // until the first start after it

// backup.folder_not_empty, backup.needs_keys, backup.other_keys, backup.needs_database, backup.other_kind,
// backup.damaged; what was copied so far is taken away then.
Result<Manifest> restore(
    const runtime::Outside& outside, const Restoring& restoring, const LogNeeded& log_needed, const Progress& progress);

} // namespace onefold::backup
