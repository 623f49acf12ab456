#pragma once
// Stretches of the log: which of it runs and memory hold, and which is missing. Pure.
#include "core/id.h"

#include <vector>

namespace onefold::timeline {

// The frames from `from` on, before `to`.
struct Interval {
    Position from, to;
    bool is_empty() const { return from >= to; }
    friend bool operator==(const Interval&, const Interval&) = default;
};
using Intervals = std::vector<Interval>; // sorted, none empty, none touching another

// Of any intervals in any order.
Intervals united(std::vector<Interval> any);
// What of `whole` lies in none of `taken`.
Intervals without(Interval whole, const Intervals& taken);

} // namespace onefold::timeline
