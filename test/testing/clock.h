#pragma once
// Time that a test sets.
#include "runtime/runtime.h"

#include <mutex>

namespace onefold::testing {

// Begins at 2026-01-01T00:00:00Z and stands still until it is moved. Thread-safe.
class Clock final : public runtime::Clock {
  public:
    Instant now() const override {
        std::lock_guard lock(mutex_);
        return now_;
    }
    std::chrono::steady_clock::time_point monotonic() const override {
        std::lock_guard lock(mutex_);
        return monotonic_;
    }

    // Time passes, on the wall and in durations.
    void advance(std::chrono::microseconds by) {
        std::lock_guard lock(mutex_);
        now_ += by;
        monotonic_ += by;
    }
    // The wall clock jumps.
    void set(Instant now) {
        std::lock_guard lock(mutex_);
        now_ = now;
    }

  private:
    mutable std::mutex mutex_;
    Instant now_ = std::chrono::sys_days{std::chrono::year{2026} / 1 / 1};
    std::chrono::steady_clock::time_point monotonic_{std::chrono::hours{1}};
};

} // namespace onefold::testing
