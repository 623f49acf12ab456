#pragma once
// What there is at the moment: the runs, the entries in memory, and the stretches of the log that neither holds. Only
// memory; files are upkeep's. Thread-safe: a reader holds the lock while it looks up where its nodes' chains begin.
#include "timeline/recent.h"
#include "timeline/run.h"

#include <shared_mutex>
#include <vector>

namespace onefold::timeline {

using RunPointer = std::shared_ptr<const Run>;
using Runs = std::vector<RunPointer>; // sorted by interval
using RecentPointer = std::shared_ptr<Recent>;

class Shelf {
  public:
    // A stretch of the log is put into a run when it holds `entries_max` entries or is `stretch_max` long.
    explicit Shelf(std::size_t entries_max) : entries_max_(entries_max) {}
    static constexpr std::int64_t stretch_max = std::int64_t(1) << 30;

    // Before anything else: the runs there are, of which those that reach beyond `cursor` are of no use and given back.
    // What is appended begins at `cursor`.
    Runs begin(Runs runs, Position cursor);

    // The events of the frames of `interval`, in the order of the log. What lies before the end of what was appended
    // is there already. Whether there is work for upkeep.
    bool append(Interval interval, const std::vector<Entry>& entries);
    // The same for a stretch that was missing.
    void fill(Interval interval, const std::vector<Entry>& entries);

    // One moment of it all.
    struct View {
        std::shared_ptr<const Runs> runs;
        struct Chains {
            std::shared_ptr<const Recent> recent;
            std::vector<Recent::Head> heads; // of the nodes asked for that have any
        };
        std::vector<Chains> recents;
        bool is_complete;
    };
    View view(const std::vector<NodeId>& nodes, Position log_begin) const;
    struct Held {
        std::shared_ptr<const Recent> recent;
        std::size_t count; // what may be read of it
    };
    std::pair<std::shared_ptr<const Runs>, std::vector<Held>> everything() const;

    std::shared_ptr<const Runs> runs() const;
    Intervals missing(Position log_begin) const;
    Position end() const; // behind what was appended

    // Those to which nothing is added any more, oldest first.
    std::vector<RecentPointer> sealed() const;
    void seal_all();
    void seal_holding(const PositionSet& positions);
    // Whether memory holds the stretch that it is of, or nobody has it yet.
    bool is_in_memory(Position position) const;

    // A run instead of what it holds. False, and nothing changes, where one of the old is not there any more.
    bool put(const RunPointer& run, const RecentPointer& instead);
    bool put(const RunPointer& run, const Runs& instead);
    bool remove(const RunPointer& run);
    bool remove(const RecentPointer& recent);

  private:
    struct Kept {
        RecentPointer recent;
        bool is_sealed = false;
    };
    RecentPointer open_at(Position from); // of the lock's owner, as are those below
    void seal(const RecentPointer& recent);
    RecentPointer add(RecentPointer to, Interval interval, const std::vector<Entry>& entries);
    Intervals missing_now(Position log_begin) const;

    const std::size_t entries_max_;
    mutable std::shared_mutex mutex_;
    std::shared_ptr<const Runs> runs_ = std::make_shared<Runs>();
    std::vector<Kept> recents_;
    RecentPointer live_, filling_;
};

} // namespace onefold::timeline
