#pragma once
// The log as the files of another folder, while it is written to.
#include "event_log/event_log.h"
#include "event_log/mark.h"
#include "event_log/segment.h"

#include <shared_mutex>

namespace onefold::event_log {

// Hands the frames from `begin` up to `to` to `sink`, each proved: the mark `begin` where the log does not begin at 1,
// each segment, the high-water mark last. event_log.damaged where one does not hold or `to` is no end of a frame. While
// a segment is read, `redacting` is held, so that none of its frames is half erased.
Result<EventLog::Copied> copy_segments(const SegmentList& segments, const Mark& begin, std::uint64_t to,
    std::shared_mutex& redacting, const EventLog::CopySink& sink);

} // namespace onefold::event_log
