#include "core/decimal.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>

namespace onefold {
namespace {

using Wide = __int128;

constexpr int digits_max = 38;

constexpr Wide power_of_ten(int exponent) {
    Wide value = 1;
    while (exponent-- > 0) value *= 10;
    return value;
}
constexpr Wide units_bound = power_of_ten(digits_max); // exclusive

Failure out_of_range() {
    return fail(ErrorKind::invalid, "decimal.out_of_range",
        {"The number has more digits than Onefold keeps exactly.", "数字的位数超出了可精确保存的范围。"});
}

std::optional<Wide> raised(Wide units, int by) {
    Wide result;
    if (__builtin_mul_overflow(units, power_of_ten(by), &result)) return std::nullopt;
    return result;
}

Wide magnitude(Wide value) { return value < 0 ? -value : value; }

} // namespace

Decimal::Decimal(Wide units, int scale) : units_(units), scale_(scale) {
    while (scale_ > 0 && units_ % 10 == 0) {
        units_ /= 10;
        --scale_;
    }
}

Decimal Decimal::of(std::int64_t whole) { return Decimal{whole, 0}; }

Decimal Decimal::of_scaled(std::int64_t units, int scale) {
    VERIFY(scale >= 0 && scale <= places_max);
    return Decimal{units, scale};
}

Result<Decimal> Decimal::parse(std::string_view text) {
    auto not_a_number = [&] {
        return fail(ErrorKind::invalid, "decimal.invalid",
            {fmt::format("\"{}\" is not a number.", text.substr(0, 60)), fmt::format("“{}”不是数字。", text.substr(0, 60))});
    };
    std::string_view rest = text;
    const bool is_negative = rest.starts_with('-');
    if (is_negative || rest.starts_with('+')) rest.remove_prefix(1);
    Wide units = 0;
    int scale = 0, digits = 0, significant = 0, pending_zeros = 0;
    bool is_behind_point = false;
    for (const char c : rest) {
        if (c == '.' && !is_behind_point) {
            is_behind_point = true;
            continue;
        }
        if (c < '0' || c > '9') return not_a_number();
        ++digits;
        if (is_behind_point && c == '0') { // trailing zeros cost nothing
            ++pending_zeros;
            continue;
        }
        for (; pending_zeros > 0; --pending_zeros, ++scale) {
            if (significant > 0 && ++significant > digits_max) return out_of_range();
            units *= 10;
        }
        units = units * 10 + (c - '0');
        if (units != 0 && ++significant > digits_max) return out_of_range();
        if (is_behind_point && ++scale > places_max) return out_of_range();
        if (scale > places_max) return out_of_range();
    }
    if (digits == 0) return not_a_number();
    return Decimal{is_negative ? -units : units, scale};
}

std::string Decimal::to_string() const {
    std::string digits;
    Wide rest = magnitude(units_);
    do {
        digits.push_back(char('0' + int(rest % 10)));
        rest /= 10;
    } while (rest != 0);
    while (int(digits.size()) <= scale_) digits.push_back('0');
    if (scale_ > 0) digits.insert(digits.begin() + scale_, '.');
    if (units_ < 0) digits.push_back('-');
    std::ranges::reverse(digits);
    return digits;
}

Result<std::int64_t> Decimal::scaled(int scale) const {
    if (scale < scale_) return out_of_range();
    const auto units = raised(units_, scale - scale_);
    if (!units || *units > std::numeric_limits<std::int64_t>::max() || *units < std::numeric_limits<std::int64_t>::min())
        return out_of_range();
    return std::int64_t(*units);
}

Result<Decimal> Decimal::plus(const Decimal& other) const {
    const int scale = std::max(scale_, other.scale_);
    const auto left = raised(units_, scale - scale_);
    const auto right = raised(other.units_, scale - other.scale_);
    Wide sum;
    if (!left || !right || __builtin_add_overflow(*left, *right, &sum) || magnitude(sum) >= units_bound) return out_of_range();
    return Decimal{sum, scale};
}

Result<Decimal> Decimal::minus(const Decimal& other) const { return plus(Decimal{-other.units_, other.scale_}); }

Result<Decimal> Decimal::times(const Decimal& other) const {
    Wide product;
    if (__builtin_mul_overflow(units_, other.units_, &product)) return out_of_range();
    int scale = scale_ + other.scale_;
    if (scale > places_max) {
        const Wide divisor = power_of_ten(scale - places_max);
        const Wide remainder = magnitude(product % divisor);
        product /= divisor;
        if (remainder * 2 >= divisor) product += (units_ < 0) == (other.units_ < 0) ? 1 : -1;
        scale = places_max;
    }
    if (magnitude(product) >= units_bound) return out_of_range();
    return Decimal{product, scale};
}

std::strong_ordering operator<=>(const Decimal& left, const Decimal& right) {
    // Whole parts first, so that raising the fractions to one scale cannot overflow.
    const Wide left_one = power_of_ten(left.scale_), right_one = power_of_ten(right.scale_);
    if (const auto whole = left.units_ / left_one <=> right.units_ / right_one; whole != 0) return whole;
    return left.units_ % left_one * power_of_ten(Decimal::places_max - left.scale_) <=>
           right.units_ % right_one * power_of_ten(Decimal::places_max - right.scale_);
}

} // namespace onefold
