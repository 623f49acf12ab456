#pragma once
// What events add up to, node by node: how many, the first, the last. Written behind the identities: under load a row
// is written once for all events of thirty seconds. The tables hold what lies before their own cursor ("activity" in
// intake_cursor), this holds the rest, and a restart reads the rest out of the log again. Thread-safe.
#include "core/id.h"
#include "core/time.h"

#include <boost/unordered/unordered_flat_map.hpp>
#include <mutex>
#include <vector>

namespace onefold::customer {

struct EventSum {
    std::int64_t count = 0;
    Instant first_at = Instant::max();
    Instant last_at = Instant::min(); // of those that say that somebody was there
    bool has_passive = false;         // some do not
    void add(const EventSum& more);
};
using EventSums = boost::unordered_flat_map<NodeId, EventSum, std::hash<NodeId>>;

class Activity {
  public:
    // The tables hold everything before `position`, and there is nothing else.
    void begin(Position position);
    Position settled() const; // up to where the tables hold it
    void add(const EventSums& more);
    // What a transaction writes that brings the tables up to date with `more`.
    EventSums with(const EventSums& more) const;
    // That transaction is committed.
    void settle(Position position);
    std::size_t size() const;
    // What of these nodes is missing in tables whose cursor stood at `tables`.
    EventSum missing(const std::vector<NodeId>& nodes, Position tables) const;

  private:
    mutable std::mutex mutex_;
    Position settled_, settled_before_;
    EventSums present_;
    EventSums former_; // between the two positions, for whoever reads the tables as they were
};

} // namespace onefold::customer
