#include "core/decimal.h"

#include "core/text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fmt/format.h>
#include <limits>
#include <optional>

namespace onefold {
namespace {

using Wide = __int128;
using Magnitude = unsigned __int128;

constexpr int digits_max = 38;

constexpr auto powers_of_ten = [] {
    std::array<Magnitude, digits_max + 1> powers{1};
    for (std::size_t i = 1; i < powers.size(); ++i)
        powers[i] = powers[i - 1] * 10;
    return powers;
}();
constexpr Magnitude power_of_ten(int exponent) {
    return powers_of_ten[std::size_t(std::max(exponent, 0))];
}
constexpr Magnitude units_bound = power_of_ten(digits_max); // exclusive

Failure out_of_range() {
    return fail(ErrorKind::invalid, "decimal.out_of_range",
        {"The number has more digits than Onefold keeps exactly.", "数字的位数超出了可精确保存的范围。"});
}

std::optional<Magnitude> raised(Magnitude units, int by) {
    Magnitude result;
    if (__builtin_mul_overflow(units, power_of_ten(by), &result))
        return std::nullopt;
    return result;
}

// So that it can be raised by any places without leaving 128 bits.
bool is_narrow(Wide units) {
    return units == Wide(std::int64_t(units));
}

Magnitude magnitude(Wide value) {
    return value < 0 ? -Magnitude(value) : Magnitude(value);
}

// Signed units of 10^-scale that fit, shortened where they end in zeros; nullopt where they do not fit.
struct Units {
    Wide units;
    int scale;
};
std::optional<Units> fitted(bool is_negative, Magnitude units, int scale) {
    while (units >= units_bound && scale > 0 && units % 10 == 0) {
        units /= 10;
        --scale;
    }
    if (units >= units_bound)
        return std::nullopt;
    return Units{is_negative ? -Wide(units) : Wide(units), scale};
}

// 256 bits, the lowest first.
class Product {
  public:
    Product(Magnitude left, Magnitude right) {
        for (int i = 0; i < 2; ++i) {
            std::uint64_t carry = 0;
            for (int j = 0; j < 2; ++j) {
                const Magnitude sum =
                    Magnitude(std::uint64_t(left >> 64 * i)) * std::uint64_t(right >> 64 * j) + limbs_[i + j] + carry;
                limbs_[i + j] = std::uint64_t(sum);
                carry = std::uint64_t(sum >> 64);
            }
            limbs_[i + 2] += carry;
        }
    }
    // Leaves the quotient, answers the remainder.
    std::uint64_t divide(std::uint64_t divisor) {
        std::uint64_t remainder = 0;
        for (int i = 4; i-- > 0;) {
            const Magnitude part = Magnitude(remainder) << 64 | limbs_[i];
            limbs_[i] = std::uint64_t(part / divisor);
            remainder = std::uint64_t(part % divisor);
        }
        return remainder;
    }
    // The same by any divisor, which is not zero: bit by bit.
    Magnitude divide_wide(Magnitude divisor) {
        Magnitude remainder = 0;
        for (int bit = 256; bit-- > 0;) {
            const bool is_carried = remainder >> 127;
            remainder = remainder << 1 | (limbs_[std::size_t(bit / 64)] >> (bit % 64) & 1);
            const std::uint64_t mask = std::uint64_t(1) << (bit % 64);
            limbs_[std::size_t(bit / 64)] &= ~mask;
            if (!is_carried && remainder < divisor)
                continue;
            remainder -= divisor;
            limbs_[std::size_t(bit / 64)] |= mask;
        }
        return remainder;
    }
    void increment() {
        for (auto& limb : limbs_)
            if (++limb != 0)
                return;
    }
    std::optional<Magnitude> low() const {
        if (limbs_[2] != 0 || limbs_[3] != 0)
            return std::nullopt;
        return Magnitude(limbs_[1]) << 64 | limbs_[0];
    }

  private:
    std::array<std::uint64_t, 4> limbs_{};
};

bool is_written_as_number(std::string_view text) {
    if (text.starts_with('-') || text.starts_with('+'))
        text.remove_prefix(1);
    const auto points = std::ranges::count(text, '.');
    const auto digits = std::ranges::count_if(text, [](char c) { return c >= '0' && c <= '9'; });
    return digits > 0 && points <= 1 && std::size_t(points + digits) == text.size();
}

} // namespace

Decimal::Decimal(Wide units, int scale) : units_(units), scale_(scale) {
    if (scale_ > 0 && is_narrow(units_)) {
        auto narrow = std::int64_t(units_);
        for (; scale_ > 0 && narrow % 10 == 0; --scale_)
            narrow /= 10;
        units_ = narrow;
    }
    while (scale_ > 0 && units_ % 10 == 0) {
        units_ /= 10;
        --scale_;
    }
}

Decimal Decimal::of(std::int64_t whole) {
    return Decimal{whole, 0};
}

Decimal Decimal::of_scaled(std::int64_t units, int scale) {
    VERIFY(scale >= 0 && scale <= places_max);
    return Decimal{units, scale};
}

Result<Decimal> Decimal::parse(std::string_view text) {
    if (!is_written_as_number(text)) {
        const auto shown = beginning_of(text, 60);
        return fail(ErrorKind::invalid, "decimal.invalid",
            {fmt::format("\"{}\" is not a number.", shown), fmt::format("“{}”不是数字。", shown)});
    }
    const bool is_negative = text.starts_with('-');
    Wide units = 0;
    int scale = 0, significant = 0, pending_zeros = 0;
    bool is_behind_point = false;
    for (const char c : text) {
        if (c == '-' || c == '+')
            continue;
        if (c == '.') {
            is_behind_point = true;
            continue;
        }
        if (is_behind_point && c == '0') { // trailing zeros cost nothing
            ++pending_zeros;
            continue;
        }
        for (; pending_zeros > 0; --pending_zeros, ++scale) {
            if (significant > 0 && ++significant > digits_max)
                return out_of_range();
            units *= 10;
        }
        if ((units != 0 || c != '0') && ++significant > digits_max)
            return out_of_range();
        units = units * 10 + (c - '0');
        if (is_behind_point && ++scale > places_max)
            return out_of_range();
    }
    return Decimal{is_negative ? -units : units, scale};
}

std::string Decimal::to_string() const {
    std::string digits;
    Magnitude rest = magnitude(units_);
    do {
        digits.push_back(char('0' + int(rest % 10)));
        rest /= 10;
    } while (rest != 0);
    while (int(digits.size()) <= scale_)
        digits.push_back('0');
    if (scale_ > 0)
        digits.insert(digits.begin() + scale_, '.');
    if (units_ < 0)
        digits.push_back('-');
    std::ranges::reverse(digits);
    return digits;
}

Result<std::int64_t> Decimal::scaled(int scale) const {
    if (scale < scale_)
        return out_of_range();
    const auto units = raised(magnitude(units_), scale - scale_);
    const Magnitude bound = Magnitude(std::numeric_limits<std::int64_t>::max()) + (units_ < 0 ? 1 : 0);
    if (!units || *units > bound)
        return out_of_range();
    return units_ < 0 ? std::int64_t(-Wide(*units)) : std::int64_t(*units);
}

Result<Decimal> Decimal::plus(const Decimal& other) const {
    const int scale = std::max(scale_, other.scale_);
    const auto left = raised(magnitude(units_), scale - scale_);
    const auto right = raised(magnitude(other.units_), scale - other.scale_);
    if (!left || !right)
        return out_of_range();
    Magnitude total;
    bool is_total_negative = is_negative();
    if (is_negative() == other.is_negative()) {
        if (__builtin_add_overflow(*left, *right, &total))
            return out_of_range();
    } else if (*left >= *right) {
        total = *left - *right;
    } else {
        total = *right - *left;
        is_total_negative = other.is_negative();
    }
    const auto units = fitted(is_total_negative, total, scale);
    if (!units)
        return out_of_range();
    return Decimal{units->units, units->scale};
}

Result<Decimal> Decimal::minus(const Decimal& other) const {
    return plus(Decimal{-other.units_, other.scale_});
}

Result<Decimal> Decimal::times(const Decimal& other) const {
    Product product{magnitude(units_), magnitude(other.units_)};
    int scale = scale_ + other.scale_;
    if (scale > places_max) {
        const auto divisor = std::uint64_t(power_of_ten(scale - places_max));
        if (product.divide(divisor) * 2 >= divisor)
            product.increment();
        scale = places_max;
    }
    for (auto shorter = product; !product.low() && scale > 0 && shorter.divide(10) == 0; --scale)
        product = shorter;
    const auto low = product.low();
    if (!low)
        return out_of_range();
    const auto units = fitted(is_negative() != other.is_negative(), *low, scale);
    if (!units)
        return out_of_range();
    return Decimal{units->units, units->scale};
}

Result<Decimal> Decimal::of_units(__int128 units, int scale) {
    VERIFY(scale >= 0 && scale <= places_max);
    const auto fitting = fitted(units < 0, magnitude(units), scale);
    if (!fitting)
        return out_of_range();
    return Decimal{fitting->units, fitting->scale};
}

Result<Decimal> Decimal::over(const Decimal& other) const {
    if (other.is_zero())
        return fail(ErrorKind::invalid, "decimal.division_by_zero", {"Division by zero.", "除数为零。"});
    const Magnitude divisor = magnitude(other.units_);
    const int raise = places_max + other.scale_ - scale_;
    Product quotient{magnitude(units_), power_of_ten(raise)};
    Magnitude remainder;
    if (const auto small = raised(magnitude(units_), raise)) {
        remainder = *small % divisor;
        quotient = Product{*small / divisor, 1};
    } else {
        remainder = quotient.divide_wide(divisor);
    }
    if (remainder >= divisor - remainder)
        quotient.increment();
    const bool is_below_zero = is_negative() != other.is_negative();
    int scale = places_max;
    for (auto shorter = quotient; !quotient.low() && scale > 0 && shorter.divide(10) == 0; --scale)
        quotient = shorter;
    const auto low = quotient.low();
    const auto units = low ? fitted(is_below_zero, *low, scale) : std::nullopt;
    if (!units)
        return out_of_range();
    return Decimal{units->units, units->scale};
}

Result<Decimal> Decimal::rounded(int places, Rounding how) const {
    if (places >= scale_)
        return *this;
    const int dropped = scale_ - places;
    const Magnitude units = magnitude(units_);
    const bool is_beyond = dropped > digits_max; // more is dropped than there are digits
    const Magnitude one = is_beyond ? 0 : power_of_ten(dropped);
    Magnitude kept = is_beyond ? 0 : units / one;
    const Magnitude rest = is_beyond ? units : units % one;
    const bool is_away = how == Rounding::away_from_zero || (how == Rounding::up && !is_negative()) ||
                         (how == Rounding::down && is_negative());
    if ((is_away && rest != 0) || (how == Rounding::half_away && !is_beyond && rest >= one - rest))
        ++kept;
    if (kept == 0)
        return Decimal{};
    const auto whole = is_beyond ? std::nullopt : raised(kept, std::max(0, -places));
    const auto fitting = whole ? fitted(is_negative(), *whole, std::max(0, places)) : std::nullopt;
    if (!fitting)
        return out_of_range();
    return Decimal{fitting->units, fitting->scale};
}

std::strong_ordering operator<=>(const Decimal& left, const Decimal& right) {
    const int further = left.scale_ - right.scale_;
    if (further == 0)
        return left.units_ <=> right.units_;
    if (is_narrow(left.units_) && is_narrow(right.units_))
        return further > 0 ? left.units_ <=> right.units_ * Wide(power_of_ten(further))
                           : left.units_ * Wide(power_of_ten(-further)) <=> right.units_;
    // Whole parts first, so that raising the fractions to one scale cannot overflow.
    const auto left_one = Wide(power_of_ten(left.scale_)), right_one = Wide(power_of_ten(right.scale_));
    if (const auto whole = left.units_ / left_one <=> right.units_ / right_one; whole != 0)
        return whole;
    return left.units_ % left_one * Wide(power_of_ten(Decimal::places_max - left.scale_)) <=>
           right.units_ % right_one * Wide(power_of_ten(Decimal::places_max - right.scale_));
}

} // namespace onefold
