#pragma once
// Which events belong to a node, by their time: an index into the event log, kept in sorted immutable runs (run.h) in a
// folder, made from the log and made again from it.
//
// A stretch of the log is either held (by a run or in memory) or missing. What is missing is read again in the
// background: after a kill the newest events, after damage those of the damaged run, at first everything. Until then
// answers say that they are not complete. An event is there once, however often its stretch is appended.
#include "runtime/runtime.h"
#include "store/store.h"
#include "timeline/entry.h"
#include "timeline/interval.h"
#include "timeline/names.h"
#include "timeline/newest.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace onefold::timeline {

const store::Schema& schema();

// Whose nodes the entries speak of: a random text that stays with the database. Runs of another origin are not used.
Result<std::string> get_origin(store::Database& database, runtime::Random& random);

struct Event {
    NodeId node;
    Instant at;
    Position position;
    std::string kind, name;
};

struct Filter {
    std::vector<std::string> kinds;  // all where empty
    std::optional<std::string> name; // exactly
    std::optional<Instant> from, to; // from ≤ at < to
};

struct Page {
    std::vector<Entry> entries; // newest first
    bool is_complete = true;    // false while something is missing
};

// How many events of one name a node has.
struct Tally {
    NodeId node;
    Name name;
    std::int64_t count = 0;
};

// Thread-safe. One thread appends; any number read.
class Timeline {
  public:
    struct Setup {
        std::string origin;
        std::function<Position()> log_begin; // what lies before it has expired
        std::size_t recent_entries_max = 1 << 18;
        std::int64_t fill_at_start_max = 32 << 20; // bytes of the log that `start` reads before it returns
    };
    // Damaged runs are put aside and count as missing; a damaged manifest as well, with all runs.
    static Result<std::unique_ptr<Timeline>> open(
        const runtime::Outside& outside, const std::string& folder, Setup setup);
    ~Timeline(); // as stop

    // The events of the frames from `missing.from` on, up to `missing.to` at most, and behind which frame they end
    // (beyond `missing.from`).
    struct Reread {
        std::vector<Event> events;
        Position next;
    };
    using Reader = std::function<Result<Reread>(Interval missing)>;
    // Once, before anything is appended: the events before `cursor` are taken up, and whatever is missing is read with
    // `reader` from a thread of the timeline.
    Result<> start(Position cursor, Reader reader);
    // Puts what is in memory into a run.
    void stop();

    // The events of the frames of `interval`, in the order of the log, after the transaction that took them up.
    void append(Interval interval, const std::vector<Event>& events);

    // The log tells these events no longer: they are in no answer any more, for good when it returns. Runs are written
    // anew without them soon; until then they cost 8 bytes each.
    Result<> retract(std::vector<Position> positions);

    // The newest strictly before `before`. Events whose names lie beyond the limits of names.h are listed for every
    // name of their kind: their frames say what they are.
    Page list_newest(const std::vector<NodeId>& nodes, const Filter& filter, Before before, std::size_t limit) const;
    // By node and name; costs a read of every entry of the nodes.
    std::vector<Tally> tally(const std::vector<NodeId>& nodes) const;
    // Every entry of the nodes from `from` on before `to`, by node, newest first.
    Result<> scan(NodeId from, NodeId to, const std::function<Result<>(const Entry&)>& sink) const;

    Name name_of(NameId id) const;
    std::vector<std::string> kinds() const; // that ever occurred, sorted

    // Before it, the log is not needed to make what runs hold.
    Position checkpoint() const;
    Intervals missing() const;
    std::optional<Error> trouble() const; // why upkeep stands still, if it does

    // Reads every block of every run; what is damaged is put aside, made again, and told.
    struct Verified {
        std::uint64_t entries = 0;
        std::vector<LocalText> damages;
    };
    Verified verify() const;
    // The same of a folder, changing nothing; a server may be writing to it.
    static Result<Verified> verify(runtime::Files& files, const std::string& folder);
    // What it is made of, for figures.
    struct Figures {
        std::size_t runs, runs_entries, index_bytes, recent_entries, retracted;
    };
    Figures figures() const;
    void rest() const; // until the work behind is done; for tests and benchmarks

  private:
    struct Parts;
    explicit Timeline(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

} // namespace onefold::timeline
