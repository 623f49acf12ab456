#pragma once
// Where values lie among the whole units in which a column keeps its numbers, dates and times.
#include "formula/batch.h"

#include <limits>

namespace onefold::formula {

using Units = __int128; // beyond a column's 64 bits, too

inline constexpr Units units_max = std::numeric_limits<std::int64_t>::max();
inline constexpr Units units_min = std::numeric_limits<std::int64_t>::min();

// A value in a column's units: between floor and floor + 1 where it is not exact.
struct Place {
    Units floor = 0;
    bool is_exact = true;
};
Place place_of(const Value& value, const Column& column); // no text

// The units for which the comparison with that holds: from `first` to `last`, or all others.
struct Range {
    Units first, last;
    bool is_outside = false;
};
Range range_of(Operator op, const Place& place);

} // namespace onefold::formula
