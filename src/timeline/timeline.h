#pragma once
// Which events belong to a node, by their time: an index into the event log, derived from it.
#include "core/id.h"
#include "core/time.h"
#include "store/store.h"

#include <vector>

namespace onefold::timeline {

const store::Schema& schema();

struct Entry {
    NodeId node;
    Instant at; // when it happened
    Position position;
};

// Entries that are there already stay as they are.
Result<> append(store::Session& session, const std::vector<Entry>& entries);

// The newest entries of some nodes strictly before (at, position), newest first.
struct Before {
    Instant at = Instant::max();
    Position position{INT64_MAX};
};
Result<std::vector<Entry>> list_newest(
    store::Session& session, const std::vector<NodeId>& nodes, Before before, int limit);

} // namespace onefold::timeline
