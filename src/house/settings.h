#pragma once
// settings.json of a data folder: what must be known before anything else can be opened.
#include "runtime/runtime.h"

#include <optional>
#include <string>

namespace onefold::house {

struct Settings {
    std::string database; // a path or a postgres:// URL
};

// Reads the folder's settings, or writes them at its first opening. house.other_database where `database` is not the remembered one,
// house.bad_settings where the file cannot be read.
Result<Settings> open_settings(runtime::Files& files, const std::string& folder, const std::optional<std::string>& database);

} // namespace onefold::house
