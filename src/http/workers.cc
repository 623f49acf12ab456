#include "http/workers.h"

#include "runtime/priority.h"

#include <algorithm>
#include <spdlog/spdlog.h>

namespace onefold::http {

void Pace::note(Duration waited, std::size_t ahead) {
    constexpr double weight = 1.0 / 16;
    const double each = double(std::chrono::nanoseconds(waited).count()) / double(ahead + 1);
    ns_each_ += (each - ns_each_) * weight;
}

Pace::Duration Pace::expect(std::size_t ahead) const {
    return std::chrono::duration_cast<Duration>(std::chrono::duration<double, std::nano>(ns_each_ * double(ahead)));
}

Workers::Workers(Limits limits) : limits_(limits) {
    for (int i = 0; i < limits_.threads; ++i)
        threads_.emplace_back([this] {
            runtime::give_way(runtime::Urgency::request);
            work();
        });
}

Workers::~Workers() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
    }
    wake_.notify_all();
    for (auto& thread : threads_)
        thread.join();
}

// What is expected counts only while the first of the queue waits indeed: a pace is known late.
bool Workers::has_room(const Queue& queue, std::size_t bytes, Time now) const {
    if (queue.waiting.empty())
        return true;
    if (queue.waiting.size() >= limits_.queue_max || queue.bytes + bytes > limits_.queue_bytes_max)
        return false;
    return now - queue.waiting.front().since < limits_.expected_wait_max / 4 ||
           queue.pace.expect(queue.waiting.size()) <= limits_.expected_wait_max;
}

bool Workers::submit(Job& job) {
    const auto now = std::chrono::steady_clock::now();
    const std::lock_guard lock(mutex_);
    auto& queue = queues_[std::size_t(job.lane)];
    if (is_stopping_ || !has_room(queue, job.bytes, now))
        return false;
    queue.bytes += job.bytes;
    const std::size_t ahead = queue.waiting.size();
    queue.waiting.push_back({std::move(job), now, ahead});
    return true;
}

void Workers::wake() {
    bool wakes = false;
    {
        const std::lock_guard lock(mutex_);
        wakes = must_wake();
    }
    if (wakes)
        wake_.notify_one();
}

// Threads are called one after the other, each by the one before it: work that is done sooner than a thread wakes up
// is done by few.
bool Workers::must_wake() {
    return resting_ > 0 && !std::exchange(is_waking_, true);
}

std::size_t Workers::queue_length() const {
    const std::lock_guard lock(mutex_);
    std::size_t length = 0;
    for (const auto& queue : queues_)
        length += queue.waiting.size();
    return length;
}

// The lane whose turn it is, or the other where nobody waits in that.
Workers::Queue* Workers::next_queue() {
    for (std::size_t i = 0; i < queues_.size(); ++i) {
        auto& queue = queues_[(turn_ + i) % queues_.size()];
        if (queue.waiting.empty())
            continue;
        turn_ = (turn_ + i + 1) % queues_.size();
        return &queue;
    }
    return nullptr;
}

void Workers::work() {
    std::unique_lock lock(mutex_);
    while (!is_stopping_) {
        Queue* const queue = next_queue();
        if (!queue) {
            ++resting_;
            wake_.wait(lock);
            --resting_;
            is_waking_ = false;
            continue;
        }
        auto waiting = std::move(queue->waiting.front());
        queue->waiting.pop_front();
        queue->bytes -= waiting.job.bytes;
        const auto waited = std::chrono::steady_clock::now() - waiting.since;
        queue->pace.note(waited, waiting.ahead);
        const bool wakes =
            std::ranges::any_of(queues_, [](const Queue& one) { return !one.waiting.empty(); }) && must_wake();
        lock.unlock();
        if (wakes)
            wake_.notify_one();
        serve(waited > limits_.wait_max ? waiting.job.late : waiting.job.run);
        waiting.job = {};
        lock.lock();
    }
}

void Workers::serve(std::move_only_function<void()>& work) {
    try {
        work();
    } catch (const std::exception& exception) {
        spdlog::error("worker: {}", exception.what());
    }
}

} // namespace onefold::http
