#include "timeline/interval.h"

#include <algorithm>

namespace onefold::timeline {

Intervals united(std::vector<Interval> any) {
    std::erase_if(any, [](const Interval& interval) { return interval.is_empty(); });
    std::ranges::sort(any, {}, &Interval::from);
    Intervals whole;
    for (const Interval& interval : any)
        if (!whole.empty() && interval.from <= whole.back().to)
            whole.back().to = std::max(whole.back().to, interval.to);
        else
            whole.push_back(interval);
    return whole;
}

Intervals without(Interval whole, const Intervals& taken) {
    Intervals left;
    for (const Interval& interval : taken) {
        if (const Interval before{whole.from, std::min(interval.from, whole.to)}; !before.is_empty())
            left.push_back(before);
        whole.from = std::max(whole.from, interval.to);
    }
    if (!whole.is_empty())
        left.push_back(whole);
    return left;
}

} // namespace onefold::timeline
