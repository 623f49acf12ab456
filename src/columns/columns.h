#pragma once
// Every event as one row of typed columns in DuckDB, for questions over all of them, and what was learned on the way:
// which events there are and which properties they have.
//
// Derived from the log, owner of nothing: a file that is missing, broken or of another format is put aside and made
// anew in the background, while the server serves. Nothing here keeps the server from being ready, and no trouble in
// here takes it down.
#include "columns/compare.h"
#include "columns/projector.h"
#include "http/contract.h"
#include "runtime/runtime.h"

#include <condition_variable>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <thread>

namespace onefold::columns {

enum class State {
    opening,    // no questions yet
    following,  // the live file follows the log
    rebuilding, // from the beginning of the log: the live file, or a second one beside it
    standing,   // cannot go on; `trouble` says why, it tries again
};
std::string_view to_string(State state);

struct Rebuilt {
    Instant at;
    std::string cause; // "asked", "zone", "format", "damaged"
    std::int64_t took_ms = 0;
    std::int64_t events = 0;
    std::optional<Comparison> comparison; // with the file that it replaced; none where that could not be read
    std::optional<Error> trouble;         // it did not come to its end
};

struct Status {
    State state = State::opening;
    int percent = 0;                // of what is being rebuilt
    Position position;              // up to here the live file answers
    Position end;                   // of what it can take up
    bool has_all_customers = false; // as of `position`
    std::optional<Error> trouble;
    std::optional<Rebuilt> last_rebuilt; // since the start
    std::int64_t quarantined = 0;        // files put aside since the start
};

struct Options {
    std::string folder; // its own
    // Opens a file elsewhere first, since a broken one may end the process; false where it must not be opened here.
    std::function<Result<bool>(const std::string& path, const std::atomic<bool>& is_cancelled)> probe;
    store::Columns::Limits limits;
    Limits dictionary;
};

// Thread-safe.
class Columns {
  public:
    Columns(Origin origin, std::function<Result<Zone>()> zone, const runtime::Outside& outside, Options options);
    ~Columns();
    // Returns at once; all else happens on a thread of its own.
    void start();
    void stop();

    Status status() const;
    // A question to the live file, 30 s at most: columns.not_open (unavailable) while there is none.
    Result<> ask(const std::function<Result<>(store::ColumnsConnection&)>& question);
    bool wait_until_visible(Position position, std::chrono::milliseconds timeout) const;

    // Makes a second file from the log, compares and switches, in the background; what came of it is in the status.
    // columns.rebuilding (conflict) where one is being made.
    Result<> rebuild();

    // What the log no longer tells: rows of redacted events, and of those before its beginning. The file keeps their
    // bytes in blocks that it has not yet reused; a rebuild leaves none.
    Result<> forget(const std::vector<Position>& positions);

    void add_routes(http::Contract& contract);

  private:
    struct Question;
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

// What the child does that `Options::probe` starts: opens the file, which replays its log and leaves nothing to be
// replayed. Rows are not read through: a broken block is found when somebody asks for it.
Result<> probe_file(const std::string& path, const store::Columns::Limits& limits = {});

} // namespace onefold::columns
