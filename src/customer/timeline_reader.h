#pragma once
// What the log says to the timeline: the events of a stretch that the intake has taken up already, under their nodes.
#include "event_log/event_log.h"
#include "identity/identity.h"
#include "source/source.h"
#include "timeline/timeline.h"

namespace onefold::customer {

struct TimelineRooms {
    store::Database& database;
    const event_log::EventLog& log;
    const source::Sources& sources;
    const identity::Identity& identity;
};

// At least one frame from `missing.from` on; some thousands at most.
Result<timeline::Timeline::Reread> read_timeline(timeline::Interval missing, const TimelineRooms& rooms);

} // namespace onefold::customer
