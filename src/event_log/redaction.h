#pragma once
// Erasing what a frame says, in place. The file `redaction` holds the position while it is being done, so that a start
// ends what was begun.
#include "event_log/mark.h"
#include "event_log/segment.h"

namespace onefold::event_log {

constexpr std::string_view redaction_file = "redaction";

// Durable when it returns; may be repeated. event_log.no_such_position, event_log.damaged where the frame's head does
// not hold.
Result<> redact_in(runtime::Files& files, const Segment& segment, std::uint64_t position);

} // namespace onefold::event_log
