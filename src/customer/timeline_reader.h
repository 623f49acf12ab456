#pragma once
// What the log says again of a stretch that was taken up already: its events, under their nodes.
#include "customer/message.h"
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

// Hands every event of `stretch` that is somebody's to `sink`, some thousands at most; where to go on.
using EventSink = std::function<void(NodeId, Position, const Message&)>;
Result<Position> reread(timeline::Interval stretch, const TimelineRooms& rooms, const EventSink& sink);

// The same for the timeline: at least one frame from `missing.from` on; some thousands at most.
Result<timeline::Timeline::Reread> read_timeline(timeline::Interval missing, const TimelineRooms& rooms);

} // namespace onefold::customer
