#pragma once
// Threads for what may wait, behind queues with an end.
#include <array>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace onefold::http {

// Those who ask, and those who send messages. Each lane has its own queue, and threads take from them in turn, so that
// a crowd in one does not keep the other waiting.
enum class Lane { asking, sending };

// How long the next in a queue will wait, by how those fared that left it. Pure.
class Pace {
  public:
    using Duration = std::chrono::steady_clock::duration;
    // One waited that had `ahead` before it.
    void note(Duration waited, std::size_t ahead);
    Duration expect(std::size_t ahead) const;

  private:
    double ns_each_ = 0;
};

class Workers {
  public:
    struct Limits {
        int threads;
        // Of each lane.
        std::size_t queue_max;
        std::size_t queue_bytes_max;
        std::chrono::milliseconds expected_wait_max; // who must expect more is not let in
        std::chrono::milliseconds wait_max;          // who waited more all the same is not served
    };
    struct Job {
        std::move_only_function<void()> run;
        std::move_only_function<void()> late; // instead, where it waited too long
        Lane lane = Lane::asking;
        std::size_t bytes = 0;
    };
    explicit Workers(Limits limits);
    ~Workers(); // finishes what runs, drops what waits
    Workers(const Workers&) = delete;
    Workers& operator=(const Workers&) = delete;

    // False where too much waits; the job is untouched then. `wake` must follow, once for all jobs of a moment.
    bool submit(Job& job);
    void wake();
    std::size_t queue_length() const;

  private:
    using Time = std::chrono::steady_clock::time_point;
    struct Waiting {
        Job job;
        Time since;
        std::size_t ahead;
    };
    struct Queue {
        std::deque<Waiting> waiting;
        std::size_t bytes = 0;
        Pace pace;
    };
    bool has_room(const Queue& queue, std::size_t bytes, Time now) const;
    Queue* next_queue();
    bool must_wake();
    void work();
    static void serve(std::move_only_function<void()>& work);

    const Limits limits_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::array<Queue, 2> queues_;
    std::size_t turn_ = 0;
    int resting_ = 0;        // threads that wait for work
    bool is_waking_ = false; // one of them was called and is not there yet
    bool is_stopping_ = false;
    std::vector<std::thread> threads_;
};

} // namespace onefold::http
