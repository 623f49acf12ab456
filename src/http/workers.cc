#include "http/workers.h"

#include <spdlog/spdlog.h>

namespace onefold::http {

Workers::Workers(int threads, std::size_t queue_max, std::chrono::milliseconds wait_max)
    : queue_max_(queue_max), wait_max_(wait_max) {
    for (int i = 0; i < threads; ++i)
        threads_.emplace_back([this] { work(); });
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

bool Workers::submit(Job& job) {
    {
        const std::lock_guard lock(mutex_);
        if (queue_.size() >= queue_max_ || is_stopping_)
            return false;
        queue_.push_back({std::move(job), std::chrono::steady_clock::now()});
    }
    wake_.notify_one();
    return true;
}

std::size_t Workers::queue_length() const {
    const std::lock_guard lock(mutex_);
    return queue_.size();
}

void Workers::work() {
    std::unique_lock lock(mutex_);
    while (true) {
        wake_.wait(lock, [this] { return is_stopping_ || !queue_.empty(); });
        if (is_stopping_)
            return;
        auto waiting = std::move(queue_.front());
        queue_.pop_front();
        lock.unlock();
        try {
            const bool is_late = std::chrono::steady_clock::now() - waiting.since > wait_max_;
            (is_late ? waiting.job.late : waiting.job.run)();
        } catch (const std::exception& exception) {
            spdlog::error("worker: {}", exception.what());
        }
        waiting.job = {};
        lock.lock();
    }
}

} // namespace onefold::http
