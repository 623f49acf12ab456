#pragma once
// Which runs become one. Pure.
//
// Size-tiered: where `fan_in` neighbours of about one size lie, they become one of the next size, so that each entry is
// written once a tier and a reader meets fewer than `fan_in` runs of each. Only neighbours that touch are merged: a run
// holds all of its stretch of the log.
#include "timeline/interval.h"

#include <cstdint>
#include <optional>
#include <span>

namespace onefold::timeline {

inline constexpr std::size_t fan_in = 4;

struct RunSize {
    Interval interval;
    std::uint64_t count;
};
struct RunRange {
    std::size_t first, count;
    friend bool operator==(const RunRange&, const RunRange&) = default;
};
// `runs` are sorted by interval; `unit` is the size of a new run.
std::optional<RunRange> choose_merge(std::span<const RunSize> runs, std::uint64_t unit);

} // namespace onefold::timeline
