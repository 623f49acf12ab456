#pragma once
// What events add up to, node by node: how many, the first, the last. Written behind the identities, piece by piece
// (docs/adr/0017): the tables hold what lies before `Written`, this holds the rest, and a restart reads the rest out of
// the log again. Thread-safe; one thread writes.
#include "core/id.h"
#include "core/time.h"

#include <atomic>
#include <boost/unordered/unordered_flat_map.hpp>
#include <deque>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

namespace onefold::customer {

struct EventSum {
    std::int64_t count = 0;
    Instant first_at = Instant::max();
    Instant last_at = Instant::min(); // of those that say that somebody was there
    std::optional<Instant> seen_at() const;
    void add(const EventSum& more);
};
using EventSums = boost::unordered_flat_map<NodeId, EventSum, std::hash<NodeId>>;
using SortedSums = std::vector<std::pair<NodeId, EventSum>>;

// How far the tables hold the figures: a sweep brings node after node from `settled` to `goal`.
struct Written {
    Position settled, goal; // the same between two sweeps
    NodeId swept_to;        // the last node that has arrived
    bool is_sweeping() const { return goal > settled; }
    Position of(NodeId node) const { return node <= swept_to ? goal : settled; }
};

class Activity {
  public:
    // The tables are as `written` says, and what the log says beyond is this: before the goal, and behind it.
    void begin(const Written& written, const EventSums& sweeping, EventSums present);
    void add(const EventSums& more);
    // What was gathered is to be written, node after node: it reaches to `goal`. None is being written.
    void begin_sweep(Position goal);

    // What a transaction writes, and how far the tables are then.
    struct Piece {
        SortedSums sums;
        Written then;
    };
    Piece next_of_sweep(std::size_t nodes_max) const;
    // All that was gathered, and `more`, which reaches to `end`. None is being swept.
    Piece all_with(const EventSums& more, Position end) const;
    // That transaction is committed.
    void settle(const Written& then);

    Written written() const;
    std::size_t size() const;          // nodes that wait
    std::size_t left_of_sweep() const; // of these
    // Whether anything may be missing in tables that were read as `tables`, and what, of these nodes.
    bool is_missing(const Written& tables) const;
    EventSum missing(const std::vector<NodeId>& nodes, const Written& tables) const;

    // Asks for all that waits to be written with the next batch, and answers whether somebody did since.
    void ask_for_all() { is_all_asked_ = true; }
    bool take_asking() { return is_all_asked_.exchange(false); }

  private:
    // What was written from there up to the next one, or to `settled`, for whoever read the tables before.
    struct Former {
        Position from;
        SortedSums sums;
    };

    void keep(SortedSums sums);

    mutable std::mutex mutex_;
    Written written_;
    EventSums present_;     // from the goal on
    SortedSums sweeping_;   // from `settled` to the goal
    std::size_t swept_ = 0; // of these
    std::deque<Former> formers_;
    std::size_t former_nodes_ = 0;
    std::atomic<bool> is_all_asked_ = false;
};

} // namespace onefold::customer
