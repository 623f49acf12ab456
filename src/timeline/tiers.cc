#include "timeline/tiers.h"

#include <algorithm>

namespace onefold::timeline {
namespace {

// 0 up to a unit, 1 up to fan_in units, …
int tier_of(std::uint64_t count, std::uint64_t unit) {
    int tier = 0;
    for (std::uint64_t top = unit; count > top && tier < 40; top *= fan_in)
        ++tier;
    return tier;
}

} // namespace

std::optional<RunRange> choose_merge(std::span<const RunSize> runs, std::uint64_t unit) {
    int highest = 0;
    for (const RunSize& run : runs)
        highest = std::max(highest, tier_of(run.count, unit));
    for (int tier = 0; tier <= highest; ++tier)
        for (std::size_t first = 0; first < runs.size();) {
            std::size_t end = first;
            while (end < runs.size() && tier_of(runs[end].count, unit) <= tier &&
                   (end == first || runs[end - 1].interval.to == runs[end].interval.from))
                ++end;
            if (end - first >= fan_in)
                return RunRange{first, end - first};
            first = std::max(end, first + 1);
        }
    return std::nullopt;
}

} // namespace onefold::timeline
