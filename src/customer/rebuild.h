#pragma once
// Whether what is derived of customers is what follows from the log: all of it is made a second time beside the live
// tables, compared with them at one position, and thrown away. The live tables are only read.
#include "customer/comparison.h"
#include "customer/second.h"
#include "http/contract.h"

#include <atomic>
#include <mutex>
#include <thread>

namespace onefold::customer {

// How it came out.
struct Rebuilt {
    Instant at; // when it began
    std::int64_t took_ms = 0;
    Position position;       // of both sides
    std::int64_t events = 0; // frames of the log that were taken up
    Comparison comparison;
    std::optional<Error> trouble; // it did not come to its end: then the rest says nothing
};

struct RebuildStatus {
    bool is_running = false;
    int percent = 0;                     // of the log
    std::optional<Rebuilt> last_rebuilt; // since the start
};

// Thread-safe.
class Rebuild {
  public:
    // `folder` is its own; what stands in it may go.
    Rebuild(const SecondRooms& rooms, std::string folder) : rooms_(rooms), folder_(std::move(folder)) {}
    ~Rebuild() { stop(); }
    // In the background. customer.rebuilding (conflict) where one runs; customer.log_has_expired (conflict) where the
    // log does not tell all any more.
    Result<> begin();
    void stop();
    RebuildStatus status() const;
    void add_routes(http::Contract& contract);

  private:
    void run();
    Result<> make(Rebuilt& outcome);
    Result<> catch_up(Second& second);
    // Whether the live figures were up to date.
    Result<bool> compare(Second& second, Rebuilt& outcome);
    Result<> step_to(Second& second, Position goal);
    Result<> go_on() const; // customer.rebuild_stopped once `stop` was called

    const SecondRooms rooms_;
    const std::string folder_;
    std::atomic<bool> is_stopping_ = false;
    mutable std::mutex mutex_;
    RebuildStatus status_;
    std::thread thread_;
};

} // namespace onefold::customer
