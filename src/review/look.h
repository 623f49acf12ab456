#pragma once
// What speaks for which pairs, brought up to what identity knows, a piece at a time. For this room's own files.
#include "review/store.h"

namespace onefold::review {

// What one piece found; read from a snapshot, beside everything else.
struct Found {
    std::vector<identity::CandidatePair> gone, come;
    std::set<Ends> ends; // pairs to be judged again
    std::int64_t touched_until = 0;
    std::optional<Scan> scan; // how far it goes then
    bool is_idle() const { return touched_until == 0 && !scan; }
};
Result<Found> look(store::Session& session);
// In one transaction of the writer; what was found of is forgotten with it.
Result<> take_up(store::Session& session, const Found& found, Instant now);

} // namespace onefold::review
