#pragma once
// What the audit log says. Pure.
#include "change/change.h"
#include "core/caller.h"

#include <optional>
#include <string>
#include <string_view>

namespace onefold::audit {

std::string entry_of(const Caller& caller, Instant at, std::string_view verb, std::string_view target, int status);
std::string entry_of(const change::Change& change);

// The database holds fewer changes than this log has seen: it was replaced by an older one, and goes on behind `seq`.
std::string entry_of_restored_database(Instant at, std::int64_t seq);

// The `seq` of a change; nullopt for other entries.
std::optional<std::int64_t> seq_of(std::string_view entry);

} // namespace onefold::audit
