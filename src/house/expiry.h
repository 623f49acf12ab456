#pragma once
// Lets the event log forget what is older than the company wants to keep, quietly, once an hour and a minute after the
// start.
#include "event_log/event_log.h"
#include "runtime/runtime.h"
#include "store/store.h"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace onefold::house {

class Expiry {
  public:
    Expiry(store::Database& database, event_log::EventLog& log, const runtime::Clock& clock)
        : database_(database), log_(log), clock_(clock) {}
    ~Expiry() { stop(); }

    // A reader of the log, and up to where its own state is durable. All of them before `start`.
    void wait_for(std::string reader, std::function<Position()> checkpoint);
    void start();
    void stop();
    Result<> check(); // at once

  private:
    void run();

    store::Database& database_;
    event_log::EventLog& log_;
    const runtime::Clock& clock_;
    std::vector<std::pair<std::string, std::function<Position()>>> readers_;
    std::mutex mutex_;
    std::condition_variable stopping_;
    bool is_stopping_ = false;
    std::thread thread_;
};

} // namespace onefold::house
