#pragma once
// The errors of this room, in both languages.
#include "core/result.h"

#include <string>

namespace onefold::backup {

Failure target_inside(const std::string& folder);
Failure target_not_empty(const std::string& folder);
Failure target_unusable(const std::string& folder, const Error& cause); // or backup.full
Failure no_backup(const std::string& folder);
Failure unfinished(const std::string& folder);
Failure interrupted();
Failure folder_not_empty(const std::string& folder);
Failure wrong(const std::string& folder, std::string_view file, const LocalText& cause); // backup.damaged
// What ended a backup, said so that it is clear that nothing half done was left.
Failure not_made(const std::string& folder, const Error& cause);

} // namespace onefold::backup
