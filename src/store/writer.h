#pragma once
// The one writer of a database: a thread with a queue and group commit.
#include "store/connection.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace onefold::store {

class Writer {
  public:
    Writer(std::unique_ptr<Connection> connection, std::size_t waiting_max);
    // Finishes what waits.
    ~Writer();

    // Returns when the COMMIT that holds `work` is durable. store.busy when `waiting_max` others wait.
    Result<> write(const Work& work);
    Activity activity() const { return {commits_, writes_}; }

  private:
    struct Job {
        const Work* work;
        std::promise<Result<>> answer;
        Result<> outcome;
    };
    using Jobs = std::vector<std::shared_ptr<Job>>;

    void serve();
    std::shared_ptr<Job> next();
    void run_group(std::shared_ptr<Job> first);
    Result<> run_job(Job& job, const Jobs& done_before);
    void undo(const Jobs& done_before);

    std::unique_ptr<Connection> connection_;
    const std::size_t waiting_max_;
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<std::shared_ptr<Job>> waiting_;
    bool is_stopping_ = false;
    std::atomic<std::uint64_t> commits_ = 0;
    std::atomic<std::uint64_t> writes_ = 0;
    std::thread thread_;
};

} // namespace onefold::store
