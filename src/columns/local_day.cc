#include "columns/local_day.h"

namespace onefold::columns {

std::int64_t LocalDays::of(Instant at) {
    const auto ask = [&] {
        return std::chrono::floor<std::chrono::days>(zone_.local_of(at)).time_since_epoch().count();
    };
    const auto quarter =
        std::chrono::floor<std::chrono::duration<std::int64_t, std::ratio<900>>>(at.time_since_epoch());
    constexpr std::int64_t since_1972 = 2 * 365 * 24 * 4; // before, zones stood at odd seconds
    if (quarter.count() < since_1972)
        return ask();
    if (const auto known = known_.find(quarter.count()); known != known_.end())
        return known->second;
    if (known_.size() >= known_max)
        known_.clear();
    return known_[quarter.count()] = ask();
}

} // namespace onefold::columns
