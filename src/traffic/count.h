#pragma once
// What a source sent, counted by time. Pure.
#include "core/id.h"
#include "core/time.h"

#include <map>
#include <span>
#include <vector>

namespace onefold::traffic {

struct Count {
    std::int64_t accepted = 0;
    std::int64_t duplicates = 0; // sent before under the same message id
    std::int64_t refused = 0;    // kept with their reason
    std::int64_t limited = 0;    // sent too fast, or while too much came; told to come again

    Count& operator+=(const Count& other);
    friend bool operator==(const Count&, const Count&) = default;
};

// Counts are kept by the minute for two days and by the quarter of an hour for forty: every zone's days begin with one.
enum class Span : std::int64_t { minute = 60, quarter = 900 };
inline constexpr auto minutes_kept = std::chrono::hours(48);
inline constexpr auto quarters_kept = std::chrono::hours(24 * 40);

// When the span that holds `at` began.
Instant begin_of(Span span, Instant at);

struct Bucket {
    Instant at; // its beginning
    Count count;
    friend bool operator==(const Bucket&, const Bucket&) = default;
};
using Counts = std::map<Instant, Count>;

// The `count` spans up to now, the oldest first, empty ones too.
std::vector<Bucket> series(const Counts& counts, std::chrono::seconds span, std::size_t count, Instant now);
// The `count` local days up to today.
std::vector<Bucket> days(const Counts& quarters, const Zone& zone, std::size_t count, Instant now);

} // namespace onefold::traffic
