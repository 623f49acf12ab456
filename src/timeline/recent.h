#pragma once
// The entries of one stretch of the log that no run holds yet, in memory: by node, each with a pointer to the one
// before it.
//
// One thread appends. Appending, `head_of` and `interval` are called under the owner's lock; what was appended before a
// head was looked up is read without one.
#include "timeline/interval.h"
#include "timeline/newest.h"

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <functional>
#include <memory>

namespace onefold::timeline {

class Recent {
  public:
    static constexpr std::size_t entries_max = 1 << 18; // some 18 MB

    Recent(Position from, std::size_t capacity) : interval_{from, from}, capacity_(std::min(capacity, entries_max)) {}

    bool is_full() const { return count_ >= capacity_; }
    void append(const Entry& entry);
    void advance(Position to) { interval_.to = to; }
    const Interval& interval() const { return interval_; }
    std::size_t count() const { return count_; }

    using Head = std::uint32_t; // 0: none
    Head head_of(NodeId node) const;
    void each(Head head, const std::function<void(const Entry&)>& sink) const;
    void collect(Head head, const Sought& sought, Newest& newest) const;
    // All of the first `count`, in the order of runs.
    std::vector<Entry> sorted(std::size_t count) const;

  private:
    struct Link {
        Entry entry;
        Head previous;
    };
    static constexpr std::size_t chunk_entries = 4096;
    using Chunk = std::array<Link, chunk_entries>;
    const Link& link(std::size_t index) const { return (*chunks_[index / chunk_entries])[index % chunk_entries]; }

    Interval interval_;
    const std::size_t capacity_;
    std::size_t count_ = 0;
    std::array<std::unique_ptr<Chunk>, entries_max / chunk_entries> chunks_;
    boost::unordered_flat_map<NodeId, Head, std::hash<NodeId>> heads_;
};

} // namespace onefold::timeline
