#pragma once
// What is kept of the traffic. Private to this room.
#include "store/store.h"
#include "traffic/count.h"

#include <deque>

namespace onefold::traffic {

struct Seen {
    Instant last_event_at;
    std::deque<Position> newest; // the newest last
};
struct Kept {
    std::map<SourceId, Seen> seen;
    std::optional<Position> cursor; // up to where the log is counted
};
Result<Kept> read_kept(store::Session& session);

// What is new since it was kept last; minutes only, the quarters follow from them.
struct News {
    std::map<SourceId, Counts> minutes;
    std::map<SourceId, Seen> seen;
    Position cursor;
};
Result<> keep(store::Session& session, const News& news);
Result<> forget(store::Session& session, Span span, Instant before);

Result<Counts> read_counts(store::Session& session, SourceId source, Span span, Instant from);
Result<std::map<SourceId, Counts>> read_all_counts(store::Session& session, Span span, Instant from);

} // namespace onefold::traffic
