#include "traffic/count.h"

namespace onefold::traffic {
namespace {

Instant floor_to(Instant at, std::chrono::microseconds span) {
    const auto since = at.time_since_epoch();
    const auto rest = ((since % span) + span) % span;
    return at - rest;
}

Count sum(const Counts& counts, Instant from, Instant to) {
    Count all;
    for (auto at = counts.lower_bound(from); at != counts.end() && at->first < to; ++at)
        all += at->second;
    return all;
}

} // namespace

Count& Count::operator+=(const Count& other) {
    accepted += other.accepted;
    duplicates += other.duplicates;
    refused += other.refused;
    limited += other.limited;
    return *this;
}

Instant begin_of(Span span, Instant at) {
    return floor_to(at, std::chrono::seconds(std::int64_t(span)));
}

std::vector<Bucket> series(const Counts& counts, std::chrono::seconds span, std::size_t count, Instant now) {
    std::vector<Bucket> buckets;
    const Instant newest = floor_to(now, span);
    for (std::size_t i = count; i-- > 0;) {
        const Instant at = newest - span * std::int64_t(i);
        buckets.push_back({at, sum(counts, at, at + span)});
    }
    return buckets;
}

std::vector<Bucket> days(const Counts& quarters, const Zone& zone, std::size_t count, Instant now) {
    std::vector<Bucket> buckets;
    const auto today = std::chrono::floor<std::chrono::days>(zone.local_of(now));
    for (std::size_t i = count; i-- > 0;) {
        const auto day = today - std::chrono::days(i);
        const Instant from = zone.instant_of_local(day);
        buckets.push_back({from, sum(quarters, from, zone.instant_of_local(day + std::chrono::days(1)))});
    }
    return buckets;
}

} // namespace onefold::traffic
