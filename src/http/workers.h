#pragma once
// Threads for what may wait, behind a queue with an end.
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace onefold::http {

class Workers {
  public:
    struct Job {
        std::move_only_function<void()> run;
        std::move_only_function<void()> late; // instead, where it waited too long
    };
    Workers(int threads, std::size_t queue_max, std::chrono::milliseconds wait_max);
    ~Workers(); // finishes what runs, drops what waits
    Workers(const Workers&) = delete;
    Workers& operator=(const Workers&) = delete;

    // False where the queue is full; the job is untouched then.
    bool submit(Job& job);
    std::size_t queue_length() const;

  private:
    struct Waiting {
        Job job;
        std::chrono::steady_clock::time_point since;
    };
    void work();

    const std::size_t queue_max_;
    const std::chrono::milliseconds wait_max_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Waiting> queue_;
    bool is_stopping_ = false;
    std::vector<std::thread> threads_;
};

} // namespace onefold::http
