#include "formula/arithmetic.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fmt/format.h>
#include <limits>

namespace onefold::formula {

using namespace std::chrono;

std::optional<Decimal> approximate(long double number) {
    if (!std::isfinite(number) || std::fabs(number) >= 1e38L)
        return std::nullopt;
    if (std::fabs(number) < 5e-13L) // far below, {fmt} writes more places than it is asked for
        return Decimal{};
    auto digits = Decimal::parse(fmt::format("{:.12f}", number));
    if (!digits)
        digits = Decimal::parse(fmt::format("{:.0f}", number));
    if (!digits || digits->is_zero())
        return digits ? std::optional(*digits) : std::nullopt;
    const int exponent = int(std::floor(std::log10(std::fabs(number))));
    const auto rounded = digits->rounded(std::min(11 - exponent, Decimal::places_max));
    return rounded ? std::optional(*rounded) : std::nullopt;
}

long double approximate(const Decimal& number) {
    return std::strtold(number.to_string().c_str(), nullptr);
}

std::optional<std::int64_t> whole(const Decimal& number) {
    using Limits = std::numeric_limits<std::int64_t>;
    if (number.places() != 0 || number.units() < Limits::min() || number.units() > Limits::max())
        return std::nullopt;
    return std::int64_t(number.units());
}

std::optional<std::int64_t> cut(const Decimal& number) {
    return whole(*number.rounded(0, Decimal::Rounding::toward_zero));
}

namespace {

// Of roots that differ in the last place the one that is nearest: (2r - 1)² ≤ 4n < (2r + 1)² in units of the last
// place. Above 8 · 10^13 the root may be off by one in the 12th place.
Decimal nearest_root(const Decimal& number, const Decimal& root) {
    using Magnitude = unsigned __int128;
    Magnitude four = Magnitude(number.units()) * 4, units = Magnitude(root.units());
    for (int i = number.places(); i < 2 * Decimal::places_max; ++i)
        if (__builtin_mul_overflow(four, Magnitude(10), &four))
            return root;
    for (int i = root.places(); i < Decimal::places_max; ++i)
        units *= 10;
    if (units >> 62 != 0 || number.units() >> 124 != 0)
        return root;
    while (units > 0 && (2 * units - 1) * (2 * units - 1) > four)
        --units;
    while ((2 * units + 1) * (2 * units + 1) <= four)
        ++units;
    return Decimal::of_units(__int128(units), Decimal::places_max).value_or(root);
}

} // namespace

Decimal square_root(const Decimal& number) {
    if (number.is_zero())
        return number;
    const Decimal half = *Decimal::parse("0.5");
    Decimal root = Decimal::parse(fmt::format("{:.12f}", std::sqrt(approximate(number)))).value_or(Decimal::of(1));
    for (int i = 0; i < 3 && !root.is_zero(); ++i) // Newton's steps
        if (const auto quotient = number.over(root))
            if (const auto sum = quotient->plus(root))
                root = sum->times(half).value_or(root);
    return nearest_root(number, root);
}

namespace {

Result<Decimal> to_whole_power(Decimal base, std::uint64_t exponent) {
    Decimal result = Decimal::of(1);
    while (true) {
        if (exponent % 2 == 1)
            result = TRY(result.times(base));
        exponent /= 2;
        if (exponent == 0 || base.is_zero())
            return exponent == 0 ? result : Decimal{};
        base = TRY(base.times(base));
    }
}

} // namespace

Value power(Run& run, const Decimal& base, const Decimal& exponent) {
    if (const auto count = whole(exponent)) {
        const auto size = *count < 0 ? -std::uint64_t(*count) : std::uint64_t(*count);
        const auto raised = to_whole_power(base, size);
        return run.result(*count >= 0 || !raised ? raised : Decimal::of(1).over(*raised));
    }
    if (base.is_negative())
        return run.fail(Why::bad_argument, base.to_string());
    if (exponent == *Decimal::parse("0.5"))
        return square_root(base);
    if (base.is_zero())
        return exponent.is_negative() ? run.fail(Why::division_by_zero) : Value(base);
    const auto result = approximate(std::pow(approximate(base), approximate(exponent)));
    return result ? Value(*result) : run.fail(Why::out_of_range);
}

bool is_in_range(Date day) {
    return day >= first_date && day <= last_date;
}

namespace {

bool is_in_range(Instant at) {
    return at >= Instant{first_date} && at < Instant{last_date + days{1}};
}

std::optional<Instant> checked(__int128 micros) {
    if (micros < micros_of(Instant{first_date}) || micros >= micros_of(Instant{last_date + days{1}}))
        return std::nullopt;
    return instant_of(std::int64_t(micros));
}

std::optional<int> months_of(std::string_view unit) {
    if (unit == "month")
        return 1;
    if (unit == "quarter")
        return 3;
    return unit == "year" ? std::optional(12) : std::nullopt;
}

} // namespace

Value days_later(Run& run, const Value& at, const Decimal& days) {
    if (const auto* date = at.as<Date>()) {
        const auto count = whole(*days.rounded(0, Decimal::Rounding::down));
        if (!count || !is_within(*count, 4'000'000) || !is_in_range(*date + std::chrono::days{*count}))
            return run.fail(Why::out_of_range);
        return *date + std::chrono::days{*count};
    }
    const auto micros = days.times(Decimal::of(86'400'000'000));
    const auto count = micros ? whole(*micros->rounded(0)) : std::nullopt;
    const auto later = count ? checked(__int128(micros_of(at.get<Instant>())) + *count) : std::nullopt;
    return later ? Value(*later) : run.fail(Why::out_of_range);
}

Value days_between(Run& run, const Value& later, const Value& earlier) {
    if (const auto* date = later.as<Date>())
        return Decimal::of((*date - earlier.get<Date>()).count());
    const auto micros = later.get<Instant>() - earlier.get<Instant>();
    return run.result(Decimal::of(micros.count()).over(Decimal::of(86'400'000'000)));
}

std::optional<Date> months_later(Date day, std::int64_t count) {
    const year_month_day from{day};
    const std::int64_t months = std::int64_t(int(from.year())) * 12 + unsigned(from.month()) - 1;
    if (!is_within(count, 120'000))
        return std::nullopt;
    const std::int64_t there = months + count;
    if (there < 12 || there >= 12 * 10'000)
        return std::nullopt;
    const year_month month{year{int(there / 12)}, std::chrono::month{unsigned(there % 12 + 1)}};
    const auto last = (month / std::chrono::last).day();
    return Date{month / std::min(from.day(), last)};
}

std::optional<Date> moved_by(Date day, std::int64_t count, std::string_view unit) {
    if (const auto months = months_of(unit))
        return !is_within(count, 120'000) ? std::nullopt : months_later(day, count * *months);
    if ((unit != "day" && unit != "week") || !is_within(count, 4'000'000))
        return std::nullopt;
    const Date there = day + days{count * (unit == "week" ? 7 : 1)};
    return is_in_range(there) ? std::optional(there) : std::nullopt;
}

std::optional<Instant> moved_by(const Moment& moment, Instant at, const Decimal& by, std::string_view unit) {
    const auto count = whole(by);
    if (!count || !is_within(*count, 10'000'000'000))
        return std::nullopt;
    if (months_of(unit)) {
        const auto local = moment.zone.local_of(at);
        const auto midnight = floor<days>(local);
        const auto day = moved_by(Date{midnight.time_since_epoch()}, *count, unit);
        if (!day)
            return std::nullopt;
        const Instant there =
            moment.zone.instant_of_local(local_time<microseconds>{day->time_since_epoch()} + (local - midnight));
        return is_in_range(there) ? std::optional(there) : std::nullopt;
    }
    const auto micros_of_unit = [&]() -> std::int64_t {
        if (unit == "minute")
            return microseconds{minutes{1}}.count();
        if (unit == "hour")
            return microseconds{hours{1}}.count();
        if (unit == "day")
            return microseconds{days{1}}.count();
        return unit == "week" ? microseconds{weeks{1}}.count() : 0;
    }();
    if (micros_of_unit == 0)
        return std::nullopt;
    return checked(__int128(micros_of(at)) + __int128(*count) * micros_of_unit);
}

} // namespace onefold::formula
