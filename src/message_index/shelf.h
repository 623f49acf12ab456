#pragma once
// The layers that the index is made of, each the keys of a range of the log: in memory until its run is written, then
// the run.
#include "message_index/message_set.h"
#include "message_index/run.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

namespace onefold::message_index {

struct Layer {
    Range range;
    std::shared_ptr<const MessageSet> set; // either this
    RunPointer run;                        // or this

    std::uint64_t size() const { return run ? run->size() : set->size(); }
};
using Layers = std::vector<Layer>; // the oldest first, without gaps or overlaps

// Thread-safe; who reads works on a copy and looks now and then whether there is a newer one.
class Shelf {
  public:
    std::uint64_t version() const { return version_.load(std::memory_order_acquire); }
    Layers layers() const;
    void add(Layer layer);
    // Puts `layers` where those were that lie within `range`; false, and nothing done, where there are none any more.
    bool replace(const Range& range, const Layers& layers);
    Layers drop_before(std::uint64_t position); // those that were dropped

  private:
    mutable std::mutex mutex_;
    Layers layers_;
    std::atomic<std::uint64_t> version_ = 1;
};

} // namespace onefold::message_index
