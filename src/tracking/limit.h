#pragma once
// How fast trackers may send: so many messages a minute of one visitor, and of one address. Servers have no such limit,
// only the log's back-pressure.
//
// The generic cell rate algorithm (ITU-T I.371): each key owes time for what it sent, and whoever owes more than three
// seconds' worth waits. A request passes whole or not at all, however many messages it has; a large one is owed for
// afterwards. Keys are few: the least recently seen are forgotten, which forgives them. Clock comes from outside.
#include "core/id.h"

#include <chrono>
#include <cstdint>
#include <list>
#include <mutex>
#include <span>
#include <unordered_map>

namespace onefold::tracking {

using Monotonic = std::chrono::steady_clock::time_point;

// One rate over many keys. Not thread-safe. About 100 bytes a key.
class RateLimit {
  public:
    RateLimit(std::int64_t per_minute, std::size_t keys_max)
        : cost_of_one_(std::chrono::nanoseconds(std::chrono::minutes(1)) / per_minute), keys_max_(keys_max) {}

    // How long `key` must wait; zero where it may send.
    std::chrono::nanoseconds wait_of(std::uint64_t key, Monotonic now) const;
    void charge(std::uint64_t key, std::int64_t count, Monotonic now);
    std::size_t size() const { return by_key_.size(); }

  private:
    struct Debt {
        std::uint64_t key;
        Monotonic paid_at;
    };
    std::chrono::nanoseconds cost_of_one_;
    std::size_t keys_max_;
    std::list<Debt> debts_; // the most recently seen first
    std::unordered_map<std::uint64_t, std::list<Debt>::iterator> by_key_;
};

inline constexpr std::int64_t visitor_messages_per_minute = 600;
inline constexpr std::int64_t address_messages_per_minute = 60'000; // a carrier's gate puts thousands of phones on one
inline constexpr std::size_t limited_keys_max = 100'000;            // of each

// What a request of a tracker weighs.
struct Load {
    std::uint64_t address = 0; // its key
    std::int64_t count = 0;    // messages
    std::unordered_map<std::uint64_t, std::int64_t> by_visitor;
};

// Thread-safe.
class Limits {
  public:
    explicit Limits(std::string secret); // 16 bytes by which keys are made, so that nobody can make two meet

    std::uint64_t key_of(SourceId source, std::string_view name) const;
    // An IPv6 address stands for its /64: each home has one.
    std::uint64_t key_of_address(std::string_view address) const;

    // Charges `load` where it may pass. Else how long to wait, and nothing is charged.
    std::chrono::nanoseconds take(const Load& load, Monotonic now);

  private:
    std::string secret_;
    std::mutex mutex_;
    RateLimit visitors_{visitor_messages_per_minute, limited_keys_max};
    RateLimit addresses_{address_messages_per_minute, limited_keys_max};
};

} // namespace onefold::tracking
