#pragma once
// How long events take from durable to visible, and how many come: over the last half to whole minute. Pure but for
// what it is told.
#include "core/time.h"

#include <array>
#include <chrono>
#include <cstdint>

namespace onefold::customer {

struct Lag {
    std::chrono::milliseconds median{0}, p99{0};
    double events_per_second = 0;
};

// Counts by powers of a quarter: each bucket is 19 % wider than the one before, from 0.1 ms to days.
class LagMeter {
  public:
    using Steady = std::chrono::steady_clock::time_point;

    void add(std::chrono::microseconds lag, Steady now);
    Lag read(Steady now) const;

  private:
    static constexpr std::chrono::seconds window{30};
    static constexpr int buckets = 128;
    struct Window {
        Steady since{};
        std::array<std::uint64_t, buckets> counts{};
        std::uint64_t total = 0;
    };
    static int bucket_of(std::chrono::microseconds lag);
    static std::chrono::milliseconds upper_of(int bucket);

    void turn(Steady now);

    Window present_, past_;
};

} // namespace onefold::customer
