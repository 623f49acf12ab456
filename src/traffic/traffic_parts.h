#pragma once
// What Traffic's verbs share. Private to this room.
#include "traffic/store.h"
#include "traffic/traffic.h"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace onefold::traffic {

struct Traffic::Parts {
    Parts(store::Database& database, const event_log::EventLog& log, source::Sources& sources,
        const runtime::Outside& outside)
        : database(database), log(log), sources(sources), outside(outside) {}

    store::Database& database;
    const event_log::EventLog& log;
    source::Sources& sources;
    const runtime::Outside& outside;

    mutable std::mutex mutex; // of what follows; never held while the database works
    std::condition_variable woken;
    bool is_stopping = false;
    std::map<SourceId, Counts> minutes; // not kept yet
    std::map<SourceId, Seen> seen;
    std::set<SourceId> changed; // of `seen`, since it was kept
    Position cursor;            // up to where the log is counted
    struct Onlooker {
        SourceId source;
        std::shared_ptr<http::EventStream> stream;
    };
    std::vector<Onlooker> onlookers;
    std::set<SourceId> news; // not told yet

    mutable std::mutex keeping; // while what was counted moves to the database, and while both are read together
    std::thread keeper;

    void add(SourceId source, Instant at, const Count& count); // the mutex is held
    void see(SourceId source, Instant at, Position position);  // the mutex is held
    void run(Position from, Position to);                      // the part of the log that nobody counted
    Result<> catch_up(Position from, Position to);
    Result<> keep();
    void tell();
};

} // namespace onefold::traffic
