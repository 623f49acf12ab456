#pragma once
// Who did what: a second log in the event log's format, with its checksums and its chain, never changed.
//
// An entry is a JSON object. Of a request (a sign-in, a refusal, an audited operation):
//   {"at","principal","verb","target","status","request_id","address"}
// Of a change, fed from `change` by cursor, without values:
//   {"at","seq","principal","cause","object","record","version","op","fields":[…]}     fields: the ids of those that
//   changed
#include "change/change.h"
#include "core/caller.h"
#include "event_log/event_log.h"
#include "runtime/runtime.h"
#include "store/store.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace onefold::audit {

class Audit {
  public:
    // Opens or creates the log in `folder`; the errors of EventLog::open.
    static Result<std::unique_ptr<Audit>> open(
        const runtime::Outside& outside, const std::string& folder, store::Database& database);
    ~Audit(); // stops
    Audit(const Audit&) = delete;
    Audit& operator=(const Audit&) = delete;

    // Notes one request. Thread-safe; does not wait for the disk. What cannot be appended is reported in the program's
    // log.
    void record(const Caller& caller, std::string_view verb, std::string_view target, int status);

    // Begins to take over changes, each exactly once: what the log holds already says where to go on. Over a damaged
    // log it does not begin, and the changes wait.
    Result<> start();
    // After the batch at hand.
    void stop();
    // Whether every change up to `seq` is in the log within `timeout`.
    bool wait_until_taken(std::int64_t seq, std::chrono::milliseconds timeout) const;

    const event_log::EventLog& log() const { return *log_; }

  private:
    Audit(const runtime::Outside& outside, std::string folder, store::Database& database,
        std::unique_ptr<event_log::EventLog> log);
    Result<std::int64_t> newest_taken() const;
    Result<std::int64_t> newest_taken_in(Position from, Position to) const;
    Result<> follow_a_restored_database();
    void run();
    Result<std::int64_t> take_batch(std::int64_t behind);

    const runtime::Outside outside_;
    const std::string folder_;
    store::Database& database_;
    const std::unique_ptr<event_log::EventLog> log_;
    mutable std::mutex mutex_;
    mutable std::condition_variable moved_;
    std::int64_t taken_ = 0;
    bool is_stopping_ = false;
    std::thread reader_;
};

} // namespace onefold::audit
