#pragma once
// Erasing what frames say, in place. The file `redaction` holds the position of one frame while it is being done, the
// file `redactions` those of several, so that a start ends what was begun.
#include "event_log/mark.h"
#include "event_log/segment.h"

#include <span>
#include <vector>

namespace onefold::event_log {

constexpr std::string_view redaction_file = "redaction", redactions_file = "redactions";

// Durable when it returns. event_log.damaged where the file cannot be understood; empty where there is none.
Result<> write_redactions(runtime::Files& files, const std::string& folder, std::span<const std::uint64_t> positions);
Result<std::vector<std::uint64_t>> read_redactions(runtime::Files& files, const std::string& folder);

// Durable when it returns; may be repeated. event_log.no_such_position, event_log.damaged where the frame's head does
// not hold.
Result<> redact_in(runtime::Files& files, const Segment& segment, std::uint64_t position);
// Several of one segment, with one wait for the disk.
Result<> redact_in(runtime::Files& files, const Segment& segment, std::span<const std::uint64_t> positions);

} // namespace onefold::event_log
