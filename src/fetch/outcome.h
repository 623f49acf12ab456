#pragma once
// What becomes of a file that was taken. Pure.
#include "fetch/store.h"

namespace onefold::fetch {

// After its import: imported, or failed where nothing of it went in, with the reason; importing while that goes on.
FetchedFile after_import(FetchedFile file, const import::Import& import, Instant now);
// Where it belongs once it has ended: archive, error, or where it is.
std::optional<std::string_view> folder_for(const FetchedFile& file);
// The text that lies beside it in the error folder: English and Chinese.
std::string note_of(const FetchedFile& file);

} // namespace onefold::fetch
