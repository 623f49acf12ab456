#include "formula/batch_units.h"

#include <algorithm>

namespace onefold::formula {

Place place_of(const Value& value, const Column& column) {
    if (const auto* truth = value.as<bool>())
        return {Units(*truth)};
    if (const auto* date = value.as<Date>())
        return {Units(date->time_since_epoch().count())};
    if (const auto* at = value.as<Instant>())
        return {Units(at->time_since_epoch().count())};
    const Decimal& number = value.get<Decimal>();
    Place place{number.units()};
    for (int scale = number.places(); scale < column.scale; ++scale)
        place.floor = std::clamp<Units>(place.floor, units_min * 16, units_max * 16) * 10; // beyond stays beyond
    for (int scale = number.places(); scale > column.scale; --scale) {
        const Units last = place.floor % 10;
        place.is_exact = place.is_exact && last == 0;
        place.floor = place.floor / 10 - (last < 0 ? 1 : 0);
    }
    return place;
}

Range range_of(Operator op, const Place& place) {
    const Units least = units_min, most = units_max, floor = place.floor;
    const Units before = place.is_exact ? floor - 1 : floor, from = place.is_exact ? floor : floor + 1;
    switch (op) {
    case Operator::less:
        return {least, before};
    case Operator::less_equal:
        return {least, floor};
    case Operator::greater:
        return {floor + 1, most};
    case Operator::greater_equal:
        return {from, most};
    default:
        return {from, floor, op == Operator::not_equal}; // of what is not exact there is none between
    }
}

} // namespace onefold::formula
