#pragma once
// Keeps the index up with what becomes of customers. For this room's own files.
#include "search/search.h"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace onefold::search {

struct Search::Follower {
    Follower(const Rooms& rooms, std::string folder) : rooms_(rooms), folder_(std::move(folder)) {}

    void start();
    void stop();
    // nullptr while there is none.
    std::shared_ptr<Index> index() const;
    Status status() const;
    void begin_rebuild();

  private:
    struct Step {
        bool is_last = false;
        std::size_t taken = 0; // customers, in this step
        std::int64_t customers = 0, percent = 0;
    };
    void follow();
    Result<Step> take_turn();
    Result<> open();
    Result<Step> step();
    void close();
    void throw_away();
    void tell(const Result<Step>& done);
    std::chrono::milliseconds rest_after(const Result<Step>& done, std::chrono::milliseconds work) const;

    const Rooms rooms_;
    const std::string folder_;
    mutable std::mutex mutex_;
    std::condition_variable moved_;
    std::shared_ptr<Index> index_;
    Status told_;
    bool is_stopping_ = false, is_to_be_made_anew_ = false;
    std::optional<std::chrono::steady_clock::time_point> rebuild_began_;
    std::thread thread_;
};

} // namespace onefold::search
