#pragma once
// settings.json of a data folder: what must be known before anything else can be opened.
#include "runtime/runtime.h"

#include <optional>
#include <string>

namespace onefold::house {

struct Settings {
    std::string database; // a path or a postgres:// URL
};

// The folder's settings, as they will be where it has none yet. house.other_database where `database` is not the
// remembered one, house.bad_settings where the file cannot be read.
Result<Settings> open_settings(
    runtime::Files& files, const std::string& folder, const std::optional<std::string>& database);

// Writes them at the folder's first opening, once the database could be opened.
Result<> remember_settings(
    runtime::Files& files, const std::string& folder, const std::optional<std::string>& database);

} // namespace onefold::house
