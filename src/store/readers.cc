#include "store/readers.h"

#include "store/failure.h"

#include <chrono>

namespace onefold::store {
namespace {

constexpr std::chrono::seconds wait_max{10};

struct Reading {
    const Readers* readers;
    Connection* connection;
    Reading* outer;
};
thread_local Reading* innermost = nullptr;

Connection* find_reading(const Readers* readers) {
    for (auto* reading = innermost; reading; reading = reading->outer)
        if (reading->readers == readers)
            return reading->connection;
    return nullptr;
}

} // namespace

Readers::Readers(Open open, int readers_max) : open_(std::move(open)), readers_max_(readers_max) {}

Result<> Readers::read(const Work& work) {
    if (auto* connection = find_reading(this))
        return run(work, *connection);
    auto connection = TRY(take());
    connection->forget_failure();
    Result<> outcome = connection->begin_reading();
    if (outcome) {
        Reading reading{this, connection.get(), innermost};
        innermost = &reading;
        outcome = run(work, *connection);
        innermost = reading.outer;
    }
    connection->rollback();
    give_back(std::move(connection));
    return outcome;
}

Result<std::unique_ptr<Connection>> Readers::take() {
    std::unique_lock lock(mutex_);
    if (!freed_.wait_for(lock, wait_max, [this] { return !free_.empty() || taken_ < readers_max_; }))
        return fail(busy("no reader became free"));
    ++taken_;
    if (!free_.empty()) {
        auto connection = std::move(free_.back());
        free_.pop_back();
        return connection;
    }
    lock.unlock();
    auto opened = open_();
    if (!opened)
        give_back(nullptr);
    return opened;
}

void Readers::give_back(std::unique_ptr<Connection> connection) {
    {
        std::lock_guard lock(mutex_);
        --taken_;
        if (connection)
            free_.push_back(std::move(connection));
    }
    freed_.notify_one();
}

} // namespace onefold::store
