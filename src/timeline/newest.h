#pragma once
// What is sought, and the newest of what was found. Pure.
#include "timeline/entry.h"
#include "timeline/retracted.h"

#include <vector>

namespace onefold::timeline {

// A place on a timeline; what is listed lies strictly before it.
struct Before {
    Instant at = Instant::max();
    Position position{INT64_MAX};
};

struct Sought {
    std::vector<NodeId> nodes; // sorted
    Before before;
    Instant from = Instant::min();
    Position log_begin;      // what lies before it has expired
    std::vector<bool> names; // by NameId; where `is_any_name`, unused
    bool is_any_name = true;
    std::shared_ptr<const PositionSet> retracted; // none: nothing is

    bool is_before(const Entry& entry) const {
        return std::tie(entry.at, entry.position) < std::tie(before.at, before.position);
    }
    bool matches(const Entry& entry) const {
        return is_before(entry) && entry.at >= from && entry.position >= log_begin &&
               (is_any_name || (std::size_t(entry.name) < names.size() && names[std::size_t(entry.name)])) &&
               !(retracted && retracted->has(entry.position));
    }
};

// Keeps the `limit` newest of the entries that it is given.
class Newest {
  public:
    explicit Newest(std::size_t limit) : limit_(limit) {}
    bool wants(const Entry& entry) const { return entries_.size() < limit_ || is_newer(entry, entries_.front()); }
    void add(const Entry& entry);
    std::vector<Entry> take(); // newest first

  private:
    std::size_t limit_;
    std::vector<Entry> entries_; // a heap, the oldest in front
};

} // namespace onefold::timeline
