#pragma once
// The work behind the timeline, in a thread of its own: entries of memory become runs, runs become larger ones, damaged
// ones are put aside, and what is missing is read again from the log. Readers never wait for it, and it can be stopped,
// or killed, anywhere: a run counts once the manifest names it.
#include "timeline/manifest.h"
#include "timeline/merge.h"
#include "timeline/retracted.h"
#include "timeline/shelf.h"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace onefold::timeline {

class Upkeep {
  public:
    struct Setup {
        std::string origin;
        std::function<Position()> log_begin;
        std::uint64_t run_entries; // of a run made from memory
    };
    using Reread = std::function<Result<std::pair<Interval, std::vector<Entry>>>(Interval)>;

    Upkeep(const runtime::Outside& outside, std::string folder, Setup setup, Shelf& shelf, Retracted& retracted);
    ~Upkeep(); // as stop

    // The runs of the folder that are whole, and the names that they use. Clears away what is no part of them.
    Result<Manifest> open(Runs& runs);
    // `names` are those of the entries; `useless` runs that the shelf did not take.
    Result<> start(const Names& names, Runs useless, Reread reread);
    // Ends the thread, and makes runs of what is in memory.
    void stop();
    void wake();
    void put_aside(const RunPointer& run, const Error& cause);
    void rest(); // until all is done but what fails
    std::optional<Error> trouble() const;

  private:
    using Step = Result<bool> (Upkeep::*)();
    void run();
    bool work_once();
    void make_way(std::chrono::steady_clock::time_point began); // after the work since then
    Result<> clear_folder(const Manifest& manifest);
    Result<bool> clear_away();
    Result<bool> flush();
    Result<bool> expire();
    Result<bool> fill();
    Result<bool> merge();
    Result<bool> leave_out();
    bool is_time_to_leave_out(const PositionSet& retracted);
    Result<bool> leave_out_of(const RunPointer& run, const PositionSet& retracted);
    Result<RunPointer> write_without(const RunPointer& run, const PositionSet& retracted);
    Result<> flush_one(const RecentPointer& recent);
    Result<> write_manifest(const Runs& runs);
    std::string next_path();
    Result<> remove_files(const Runs& runs);
    bool is_stopping() const;

    const runtime::Outside outside_;
    const std::string folder_;
    const Setup setup_;
    Shelf& shelf_;
    Retracted& retracted_;
    const Names* names_ = nullptr;
    Reread reread_;
    std::uint64_t next_file_ = 1;

    mutable std::mutex mutex_;
    std::condition_variable woken_, rested_;
    Runs aside_, useless_; // runs that the manifest still names
    std::optional<Error> trouble_;
    bool is_awake_ = false, is_asked_ = false, is_stopping_ = false;
    bool is_in_haste_ = false; // of the thread, as are these two
    std::size_t retracted_seen_ = 0;
    std::chrono::steady_clock::time_point retracted_at_;
    std::uint64_t rests_ = 0;
    std::thread thread_;
};

} // namespace onefold::timeline
