#pragma once
// Several sorted sets of entries as one, in the order of runs.
#include "timeline/run.h"

#include <deque>

namespace onefold::timeline {

class Merge {
  public:
    void add(const Run& run, NodeId from); // the run outlives it
    void add(std::vector<Entry> sorted);
    Result<bool> next(Entry& entry); // false at the end
    // Of the run that failed, after an error.
    const Run* failed() const { return failed_; }

  private:
    struct Way {
        const Run* run = nullptr;
        std::optional<Run::Cursor> cursor;
        std::vector<Entry> entries;
        std::size_t at = 0;
        Entry head;
    };
    Result<bool> advance(Way& way);
    Result<> begin();

    std::deque<Way> ways_;
    std::vector<Way*> heap_; // the way with the first entry in front
    const Run* failed_ = nullptr;
    bool has_begun_ = false;
};

} // namespace onefold::timeline
