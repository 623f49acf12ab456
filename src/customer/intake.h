#pragma once
// The reader that carries the event log into customers: log → identity → golden record, each batch one transaction with
// its cursor, so that every event has its effect once.
#include "customer/lag.h"
#include "customer/taker.h"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace onefold::customer {

class Intake {
  public:
    // A batch holds as many frames as take about this long to take up, so that other writers get their turn. Where many
    // wait, larger ones write each page of an index less often.
    static constexpr std::chrono::milliseconds batch_time{900};
    static constexpr std::size_t batch_frames_first = 2000, batch_frames_max = 40'000;

    Intake(store::Database& database, event_log::EventLog& log, const source::Sources& sources,
        const Customers& customers, timeline::Timeline& timeline, const runtime::Clock& clock);
    ~Intake(); // stops after the batch at hand

    Result<> start();
    void stop();
    Position visible() const;
    // Up to which position everything that the log says is in tables; what lies behind is read again after a restart.
    Position settled() const { return taker_.settled(); }
    // Whether everything before `position` is visible within `timeout`.
    bool wait_until_visible(Position position, std::chrono::milliseconds timeout) const;
    // Called from the reader's thread after each batch.
    void notify(std::function<void(Position)> when_visible);
    // Why the reader stands still, if it does.
    std::optional<Error> trouble() const;
    // Of the last minute, from durable to visible.
    Lag lag() const;
    // Since the start: who is who was asked anew for so many nodes.
    std::uint64_t resolved_nodes() const { return customers_.identity().resolved_nodes(); }

  private:
    using Batch = Taker::Batch;

    void run();
    Result<Batch> read_until_wanted(Position from, std::size_t frames_max);
    Result<Position> take(const Batch& batch);
    void settle(const Batch& batch, std::chrono::steady_clock::duration took);
    void stand(const Error& error);

    store::Database& database_;
    event_log::EventLog& log_;
    const source::Sources& sources_;
    const Customers& customers_;
    timeline::Timeline& timeline_;
    const runtime::Clock& clock_;
    Taker taker_;
    std::size_t frames_max_ = batch_frames_first;
    std::atomic<bool> is_wanted_ = false; // the batch that is read ahead: the one before it is taken up
    std::function<void(Position)> when_visible_;
    mutable std::mutex mutex_;
    mutable std::condition_variable moved_;
    Position visible_;
    std::optional<Error> trouble_;
    LagMeter lag_;
    bool is_stopping_ = false;
    std::thread reader_;
};

} // namespace onefold::customer
