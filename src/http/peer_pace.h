#pragma once
// Whether a peer takes what is written to it fast enough. Pure.
#include <algorithm>
#include <chrono>
#include <cstdint>

namespace onefold::http {

// All together, and not each piece, must be taken at `bytes_per_second_min`; a peer may lag behind that by `grace`,
// also after it was faster for long.
class PeerPace {
  public:
    using Time = std::chrono::steady_clock::time_point;
    struct Bounds {
        std::chrono::milliseconds grace;
        std::size_t bytes_per_second_min;
    };

    // `taken`: all bytes that the peer took in the life of its connection.
    PeerPace(const Bounds& bounds, Time now, std::uint64_t taken)
        : bounds_(bounds), taken_(taken), until_(now + bounds.grace) {}
    bool is_kept(Time now, std::uint64_t taken) {
        if (taken > taken_) {
            const auto worth = std::chrono::milliseconds((taken - taken_) * 1000 / bounds_.bytes_per_second_min);
            until_ = std::min(until_ + worth, now + bounds_.grace);
            taken_ = taken;
        }
        return now < until_;
    }

  private:
    Bounds bounds_;
    std::uint64_t taken_;
    Time until_;
};

} // namespace onefold::http
