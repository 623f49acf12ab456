#pragma once
// The reader that carries the event log into customers: log → identity → golden record, each batch one transaction with
// its cursor, so that every event has its effect once.
#include "customer/customer.h"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace onefold::customer {

class Intake {
  public:
    Intake(store::Database& database, event_log::EventLog& log, const source::Sources& sources,
        const Customers& customers);
    ~Intake(); // stops after the batch at hand

    Result<> start();
    void stop();
    Position visible() const;
    // Whether everything before `position` is visible within `timeout`.
    bool wait_until_visible(Position position, std::chrono::milliseconds timeout) const;
    // Called from the reader's thread after each batch.
    void notify(std::function<void(Position)> when_visible);
    // Why the reader stands still, if it does.
    std::optional<Error> trouble() const;

  private:
    void run();
    Result<Position> take_batch(Position from);

    store::Database& database_;
    event_log::EventLog& log_;
    const source::Sources& sources_;
    const Customers& customers_;
    std::function<void(Position)> when_visible_;
    mutable std::mutex mutex_;
    mutable std::condition_variable moved_;
    Position visible_;
    std::optional<Error> trouble_;
    bool is_stopping_ = false;
    std::thread reader_;
};

} // namespace onefold::customer
