#pragma once
// Imports in the database. For this room's own files.
#include "import/import.h"
#include "sheet/sheet.h"

namespace onefold::import {

// What it takes to go on with an import after a stop.
struct QueuedImport {
    Import import;
    boost::json::value map;
    std::string path; // of the file
    sheet::Choice choice;
    Principal principal;
};

sheet::Choice choice_of(std::string_view text); // as it is stored
Result<ImportId> insert(store::Session& session, const QueuedImport& queued);
Result<> update(store::Session& session, const Import& import);
Result<std::optional<Import>> find(store::Session& session, ImportId id);
Result<std::vector<Import>> list_newest(store::Session& session, int limit); // without problems and dry runs
Result<std::vector<QueuedImport>> list_unfinished(store::Session& session);  // by id

} // namespace onefold::import
