#pragma once
// Exports in the database. For this room's own files.
#include "extract/extract.h"

namespace onefold::extract {

Result<ExtractId> insert(store::Session& session, const Extract& extract);
// Its last state. False, and nothing is written, where it ended before.
Result<bool> end_extract(store::Session& session, const Extract& extract);
// Of the files that are kept since then.
Result<std::int64_t> sum_bytes(store::Session& session, std::string_view principal, Instant since);
Result<std::optional<Extract>> find(store::Session& session, ExtractId id);
Result<std::vector<Extract>> list_unfinished(store::Session& session);
// Ended before then: forgotten.
Result<> remove_before(store::Session& session, Instant then);
Result<bool> is_known(store::Session& session, std::int64_t id);
// What was taken out and how much of it, for the audit.
std::string words_of(const Extract& extract);

} // namespace onefold::extract
