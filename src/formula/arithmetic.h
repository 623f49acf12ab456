#pragma once
// What operators and functions share: powers, roots, days.
#include "formula/run.h"

#include <optional>
#include <string_view>

namespace onefold::formula {

// Whole exponents by multiplication, each product to 12 places; others, and what has no exact form, to 12 significant
// digits.
Value power(Run& run, const Decimal& base, const Decimal& exponent);
// The root to 12 places, rounded half away from zero. `number` is not negative.
Decimal square_root(const Decimal& number);
// To 12 significant digits; nullopt for what is no number or too great.
std::optional<Decimal> approximate(long double number);
long double approximate(const Decimal& number);
// A whole number within reach; nullopt for others.
std::optional<std::int64_t> whole(const Decimal& number);
// Towards zero, as spreadsheets read a count.
std::optional<std::int64_t> cut(const Decimal& number);
// Whether a count is at most so far from zero; also of the least number, which has no std::abs.
constexpr bool is_within(std::int64_t count, std::int64_t most) {
    return count >= -most && count <= most;
}

// A date so many whole days later (fractions count as full days below), an instant so many times 24 hours.
Value days_later(Run& run, const Value& at, const Decimal& days);
Value days_between(Run& run, const Value& later, const Value& earlier);
// So many minutes, hours, days (of 24 hours) or weeks later, or months, quarters or years at the same time of day in
// the zone, the day cut to the month's last. nullopt for another unit, a fraction, or a place outside the years.
std::optional<Instant> moved_by(const Moment& moment, Instant at, const Decimal& count, std::string_view unit);
std::optional<Date> moved_by(Date day, std::int64_t count, std::string_view unit);
std::optional<Date> months_later(Date day, std::int64_t months);
bool is_in_range(Date day);

} // namespace onefold::formula
