#pragma once
// Exact decimal numbers: what money, quantities and rates are made of.
#include "core/result.h"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace onefold {

// units / 10^scale, always normalised (no trailing zero behind the point; zero has scale 0). At most 38 digits and
// 12 places; what does not fit is the error decimal.out_of_range, never a rounded value.
class Decimal {
  public:
    static constexpr int places_max = 12;
    enum class Rounding { half_away, toward_zero, away_from_zero, down, up }; // down and up: towards -∞ and +∞

    constexpr Decimal() = default;
    static Decimal of(std::int64_t whole);
    // units of 10^-scale, as stores keep them.
    static Decimal of_scaled(std::int64_t units, int scale);
    // The same of more digits; scale 0 to 12.
    static Result<Decimal> of_units(__int128 units, int scale);
    // "-1234.50", "+3", ".5"; no blanks, no grouping, no exponent.
    static Result<Decimal> parse(std::string_view text);

    // Plain digits without trailing zeros: "9747747.934", "0", "-0.5".
    std::string to_string() const;
    // Units of 10^-scale for a store's column; an error where digits would be lost or 64 bits are too few.
    Result<std::int64_t> scaled(int scale) const;

    Result<Decimal> plus(const Decimal& other) const;
    Result<Decimal> minus(const Decimal& other) const;
    // Places beyond 12 are rounded half away from zero.
    Result<Decimal> times(const Decimal& other) const;
    // To 12 places, rounded half away from zero. decimal.division_by_zero.
    Result<Decimal> over(const Decimal& other) const;
    // To so many places behind the point; -2 rounds to hundreds.
    Result<Decimal> rounded(int places, Rounding how = Rounding::half_away) const;
    Decimal negated() const { return Decimal{-units_, scale_}; }

    // This number is units / 10^places, without trailing zeros behind the point.
    __int128 units() const { return units_; }
    int places() const { return scale_; }
    bool is_negative() const { return units_ < 0; }
    bool is_zero() const { return units_ == 0; }
    friend std::strong_ordering operator<=>(const Decimal& left, const Decimal& right);
    friend bool operator==(const Decimal& left, const Decimal& right) = default;

  private:
    Decimal(__int128 units, int scale);

    __int128 units_ = 0;
    int scale_ = 0;
};

} // namespace onefold
