#pragma once
// Exports in the database. For this room's own files.
#include "extract/extract.h"

namespace onefold::extract {

Result<ExtractId> insert(store::Session& session, const Extract& extract);
// Its last state. False, and nothing is written, where it ended before.
Result<bool> end_extract(store::Session& session, const Extract& extract);
// Of the files that are kept since then.
Result<std::int64_t> sum_bytes(store::Session& session, std::string_view principal, Instant since);
// Not of what was deleted.
Result<std::optional<Extract>> find(store::Session& session, ExtractId id);
// Of what is over; its row stays until `remove_before`, so that its id is nobody else's meanwhile.
Result<> mark_deleted(store::Session& session, ExtractId id);
// The newest `listed_max` that have not ended before then.
Result<std::vector<Extract>> list_of(store::Session& session, std::string_view principal, Instant since);
Result<std::vector<Extract>> list_unfinished(store::Session& session);
// Ended before then: forgotten.
Result<> remove_before(store::Session& session, Instant then);
// Not deleted.
Result<bool> is_known(store::Session& session, std::int64_t id);
// What was taken out and how much of it, for the audit.
std::string words_of(const Extract& extract);

} // namespace onefold::extract
