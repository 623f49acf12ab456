#pragma once
// What a source's earlier imports say of a file that came in by itself.
#include "import/import.h"

namespace onefold::import {

// How a file of a source is to be imported, as an earlier one was.
struct Remembered {
    Kind kind = Kind::customer;
    boost::json::value map;
    sheet::Choice choice;
};

// Of the source's newest imports that finished, brought something and were not rolled back, that whose map has all its
// columns in this file and speaks of most of them, the newest among equals; none where such are of two kinds. Errors of
// sheet::open where the file cannot be read at all.
Result<std::optional<Remembered>> find_remembered(
    store::Database& database, const sheet::Opener& open_file, const std::string& path, SourceId source);

// The newest import of an uploaded file; no dry run.
Result<std::optional<ImportId>> find_import_of(store::Database& database, upload::UploadId upload);

} // namespace onefold::import
