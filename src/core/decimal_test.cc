#include "core/decimal.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <random>

namespace onefold {
namespace {

Decimal decimal(std::string_view text) {
    const auto parsed = Decimal::parse(text);
    EXPECT_TRUE(parsed) << text;
    return parsed.value_or(Decimal{});
}

// Schoolbook arithmetic on strings of digits, the other way to the same answers.
struct LongNumber {
    bool is_negative = false;
    std::string digits; // the highest first, no leading zeros; "" is zero
    int scale = 0;

    static LongNumber of(std::string_view text) {
        LongNumber number;
        bool is_behind_point = false;
        for (const char c : text) {
            if (c == '-')
                number.is_negative = true;
            if (c == '.')
                is_behind_point = true;
            if (c < '0' || c > '9')
                continue;
            number.digits.push_back(c);
            number.scale += is_behind_point;
        }
        number.strip();
        return number;
    }
    void strip() { digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size())); }
    std::string to_string() const {
        std::string whole = digits;
        while (int(whole.size()) <= scale)
            whole.insert(0, 1, '0');
        std::string fraction = whole.substr(whole.size() - std::size_t(scale));
        whole.resize(whole.size() - std::size_t(scale));
        while (fraction.ends_with('0'))
            fraction.pop_back();
        const std::string text = fraction.empty() ? whole : whole + "." + fraction;
        return is_negative && text != "0" ? "-" + text : text;
    }
};

std::string padded(const LongNumber& number, int scale) {
    return number.digits + std::string(std::size_t(scale - number.scale), '0');
}

int compare_digits(const std::string& left, const std::string& right) {
    if (left.size() != right.size())
        return left.size() < right.size() ? -1 : 1;
    return left.compare(right);
}

std::string add_digits(std::string left, std::string right) {
    if (left.size() < right.size())
        std::swap(left, right);
    int carry = 0;
    for (std::size_t i = 0; i < left.size(); ++i) {
        int sum = left[left.size() - 1 - i] - '0' + carry + (i < right.size() ? right[right.size() - 1 - i] - '0' : 0);
        left[left.size() - 1 - i] = char('0' + sum % 10);
        carry = sum / 10;
    }
    return carry ? "1" + left : left;
}

std::string subtract_digits(std::string left, const std::string& right) {
    int borrow = 0;
    for (std::size_t i = 0; i < left.size(); ++i) {
        int difference =
            left[left.size() - 1 - i] - '0' - borrow - (i < right.size() ? right[right.size() - 1 - i] - '0' : 0);
        borrow = difference < 0;
        left[left.size() - 1 - i] = char('0' + (difference + 10) % 10);
    }
    return left;
}

LongNumber sum(const LongNumber& left, const LongNumber& right) {
    LongNumber result;
    result.scale = std::max(left.scale, right.scale);
    std::string a = padded(left, result.scale), b = padded(right, result.scale);
    a.erase(0, std::min(a.find_first_not_of('0'), a.size()));
    b.erase(0, std::min(b.find_first_not_of('0'), b.size()));
    if (left.is_negative == right.is_negative) {
        result.digits = add_digits(a, b);
        result.is_negative = left.is_negative;
    } else {
        const bool is_left_larger = compare_digits(a, b) >= 0;
        result.digits = is_left_larger ? subtract_digits(a, b) : subtract_digits(b, a);
        result.is_negative = is_left_larger ? left.is_negative : right.is_negative;
    }
    result.strip();
    return result;
}

// Rounded half away from zero at twelve places.
LongNumber product(const LongNumber& left, const LongNumber& right) {
    std::vector<int> places(left.digits.size() + right.digits.size() + 1);
    for (std::size_t i = 0; i < left.digits.size(); ++i)
        for (std::size_t j = 0; j < right.digits.size(); ++j)
            places[i + j] +=
                (left.digits[left.digits.size() - 1 - i] - '0') * (right.digits[right.digits.size() - 1 - j] - '0');
    for (std::size_t i = 0; i + 1 < places.size(); ++i) {
        places[i + 1] += places[i] / 10;
        places[i] %= 10;
    }
    LongNumber result{left.is_negative != right.is_negative, "", left.scale + right.scale};
    for (std::size_t i = places.size(); i-- > 0;)
        result.digits.push_back(char('0' + places[i]));
    if (result.scale > 12) {
        const std::size_t cut = std::size_t(result.scale - 12);
        while (result.digits.size() < cut)
            result.digits.insert(0, 1, '0');
        const bool is_up = result.digits[result.digits.size() - cut] >= '5';
        result.digits.resize(result.digits.size() - cut);
        if (is_up)
            result.digits = add_digits(result.digits, "1");
        result.scale = 12;
    }
    result.strip();
    return result;
}

std::string random_decimal(std::mt19937& random, int digits_max) {
    const int digits = 1 + int(random() % unsigned(digits_max));
    const int places = int(random() % unsigned(std::min(digits, 12) + 1));
    std::string text = random() % 2 ? "-" : "";
    for (int i = 0; i < digits; ++i) {
        if (i == digits - places)
            text += i == 0 ? "0." : ".";
        text.push_back(char('0' + (random() % 4 == 0 ? 0 : random() % 10)));
    }
    return text;
}

// As to_string must write it.
std::string canonical(const std::string& text) {
    return LongNumber::of(text).to_string();
}

// 39 digits that 128 bits do not hold: counted before they are added up.
TEST(Decimal, ADigitTooManyIsRefusedWhateverItIs) {
    for (const char digit : std::string_view("0123456789")) {
        const std::string text = std::string(38, '9') + digit;
        EXPECT_FALSE(Decimal::parse(text)) << text;
        EXPECT_FALSE(Decimal::parse("-" + text)) << text;
        EXPECT_FALSE(Decimal::parse("0." + text)) << text;
    }
    EXPECT_EQ(Decimal::parse(std::string(60, '0') + "7")->to_string(), "7");
}

TEST(Decimal, ReadsAndWritesNumbersAsPeopleWriteThem) {
    const std::pair<const char*, const char*> cases[] = {
        {"0", "0"},
        {"-0", "0"},
        {"+0.000", "0"},
        {"000", "0"},
        {"007.50", "7.5"},
        {"-1234.50", "-1234.5"},
        {"+3", "3"},
        {".5", "0.5"},
        {"-.05", "-0.05"},
        {"5.", "5"},
        {"100", "100"},
        {"9747747.934", "9747747.934"},
        {"0.000000000001", "0.000000000001"},
        {"1.10000000000000000000000", "1.1"},
        {"99999999999999999999999999999999999999", "99999999999999999999999999999999999999"},
        {"-99999999999999999999999999.999999999999", "-99999999999999999999999999.999999999999"},
        {"00000000000000000000000000000000000000000000000000001", "1"},
        {"0.0000000000000000000000000000000000000000000000", "0"},
        {"10.0", "10"},
        {"1.010", "1.01"},
        {"99999999999999999999999999999999999999.000", "99999999999999999999999999999999999999"},
    };
    for (const auto& [given, written] : cases)
        EXPECT_EQ(decimal(given).to_string(), written) << given;
}

TEST(Decimal, RefusesWhatIsNotANumberOrDoesNotFit) {
    for (const char* text :
        {"", "-", "+", ".", "-.", "1,000", " 1", "1 ", "1e3", "0x10", "1.2.3", "--1", "+-1", "１", "NaN", "inf", "1-"})
        EXPECT_EQ(Decimal::parse(text).error().code, "decimal.invalid") << text;
    EXPECT_EQ(Decimal::parse(std::string_view{"1\0", 2}).error().code, "decimal.invalid");
    for (const char* text : {"100000000000000000000000000000000000000", "0.0000000000001", "1.0000000000001",
             "-999999999999999999999999999.999999999999", "123456789012345678901234567890123456789.5"})
        EXPECT_EQ(Decimal::parse(text).error().code, "decimal.out_of_range") << text;
    EXPECT_EQ(Decimal::parse(std::string(1000, '9')).error().code, "decimal.out_of_range");
}

TEST(Decimal, SaysInvalidOfTextThatIsNoNumberHoweverLong) {
    EXPECT_EQ(Decimal::parse(std::string(1000, '9') + "x").error().code, "decimal.invalid");
    EXPECT_EQ(Decimal::parse("0.00000000000012x").error().code, "decimal.invalid");
}

TEST(Decimal, CutsALongTextInItsMessageBetweenCharacters) {
    std::string text = "x";
    for (int i = 0; i < 40; ++i)
        text += "数";
    const auto error = Decimal::parse(text).error();
    const auto message = error.message.in("en");
    EXPECT_EQ(message.find("\xe6\x95\""), std::string_view::npos);
    EXPECT_EQ(message.find("\xe6\""), std::string_view::npos);
}

TEST(Decimal, KeepsUnitsForStores) {
    EXPECT_EQ(*decimal("12.34").scaled(2), 1234);
    EXPECT_EQ(*decimal("12.34").scaled(6), 12340000);
    EXPECT_EQ(*decimal("-0.5").scaled(1), -5);
    EXPECT_EQ(decimal("12.345").scaled(2).error().code, "decimal.out_of_range");
    EXPECT_EQ(*decimal("9223372036854775807").scaled(0), INT64_MAX);
    EXPECT_EQ(*decimal("-9223372036854775808").scaled(0), INT64_MIN);
    EXPECT_FALSE(decimal("9223372036854775808").scaled(0));
    EXPECT_FALSE(decimal("-9223372036854775809").scaled(0));
    EXPECT_FALSE(decimal("10000000").scaled(12));
    EXPECT_FALSE(decimal("99999999999999999999999999999999999999").scaled(12));
    EXPECT_EQ(*Decimal{}.scaled(12), 0);
    EXPECT_EQ(Decimal::of_scaled(1200, 3), decimal("1.2"));
    EXPECT_EQ(Decimal::of_scaled(INT64_MIN, 12).to_string(), "-9223372.036854775808");
    EXPECT_EQ(Decimal::of(INT64_MIN).to_string(), "-9223372036854775808");
}

TEST(Decimal, RoundsProductsHalfAwayFromZeroAtTwelvePlaces) {
    EXPECT_EQ(decimal("0.000001").times(decimal("0.0000005"))->to_string(), "0.000000000001");
    EXPECT_EQ(decimal("-0.000001").times(decimal("0.0000005"))->to_string(), "-0.000000000001");
    EXPECT_EQ(decimal("0.000001").times(decimal("0.0000004"))->to_string(), "0");
    EXPECT_EQ(decimal("0.333333333333").times(decimal("3"))->to_string(), "0.999999999999");
    EXPECT_EQ(decimal("2.55").times(decimal("6"))->to_string(), "15.3");
    EXPECT_EQ(decimal("0").times(decimal("-5"))->to_string(), "0");
    EXPECT_FALSE(decimal("0").times(decimal("-5"))->is_negative());
}

TEST(Decimal, AddsAndSubtractsLikeSchoolbookArithmetic) {
    std::mt19937 random{1};
    for (int i = 0; i < 20'000; ++i) {
        const auto left = random_decimal(random, 37), right = random_decimal(random, 37);
        const auto a = Decimal::parse(left), b = Decimal::parse(right);
        ASSERT_TRUE(a && b) << left << " " << right;
        ASSERT_EQ(a->to_string(), canonical(left));
        auto check = [&](const Result<Decimal>& ours, const LongNumber& theirs) {
            const std::string text = theirs.to_string();
            const auto digits = std::ranges::count_if(text, [](char c) { return c >= '0' && c <= '9'; });
            if (ours)
                ASSERT_EQ(ours->to_string(), text) << left << " and " << right;
            else
                ASSERT_GT(digits, 38) << left << " and " << right << " fit";
        };
        check(a->plus(*b), sum(LongNumber::of(left), LongNumber::of(right)));
        check(a->minus(*b),
            sum(LongNumber::of(left), LongNumber::of(right.starts_with('-') ? right.substr(1) : "-" + right)));
    }
}

TEST(Decimal, MultipliesLikeSchoolbookArithmeticOrSaysThatItDoesNotFit) {
    std::mt19937 random{2};
    int fits = 0;
    for (int i = 0; i < 20'000; ++i) {
        const int digits_max = i % 2 ? 37 : 18;
        const auto left = random_decimal(random, digits_max), right = random_decimal(random, digits_max);
        const auto ours = decimal(left).times(decimal(right));
        const std::string text = product(LongNumber::of(left), LongNumber::of(right)).to_string();
        const auto digits = std::ranges::count_if(text, [](char c) { return c >= '0' && c <= '9'; });
        if (ours)
            ASSERT_EQ(ours->to_string(), text) << left << " times " << right;
        else
            ASSERT_GT(digits, 38) << left << " times " << right << " is " << text << ", which fits";
        fits += ours.has_value();
    }
    EXPECT_GT(fits, 10'000);
}

TEST(Decimal, OrdersLikeTheDifferenceDoes) {
    std::mt19937 random{3};
    for (int i = 0; i < 20'000; ++i) {
        const int digits_max = i % 2 ? 38 : 3;
        const auto left = random_decimal(random, digits_max), right = random_decimal(random, digits_max);
        const auto a = decimal(left), b = decimal(right);
        const auto difference =
            sum(LongNumber::of(left), LongNumber::of(right.starts_with('-') ? right.substr(1) : "-" + right))
                .to_string();
        const auto expected = difference == "0"             ? std::strong_ordering::equal
                              : difference.starts_with('-') ? std::strong_ordering::less
                                                            : std::strong_ordering::greater;
        ASSERT_EQ(a <=> b, expected) << left << " " << right;
        ASSERT_EQ(a == b, expected == std::strong_ordering::equal) << left << " " << right;
    }
}

std::string quotient(std::string_view left, std::string_view right) {
    const auto result = Decimal::parse(left)->over(*Decimal::parse(right));
    return result ? result->to_string() : result.error().code;
}

TEST(Decimal, DividesToTwelvePlacesHalfAwayFromZero) {
    EXPECT_EQ(quotient("1", "3"), "0.333333333333");
    EXPECT_EQ(quotient("2", "3"), "0.666666666667");
    EXPECT_EQ(quotient("-2", "3"), "-0.666666666667");
    EXPECT_EQ(quotient("1", "2000000000000"), "0.000000000001");
    EXPECT_EQ(quotient("-1", "2000000000000"), "-0.000000000001");
    EXPECT_EQ(quotient("1", "2000000000001"), "0");
    EXPECT_EQ(quotient("0", "-7"), "0");
    EXPECT_EQ(quotient("6.25", "2.5"), "2.5");
    EXPECT_EQ(quotient("1", "0"), "decimal.division_by_zero");
    EXPECT_EQ(quotient("99999999999999999999999999999999999999", "99999999999999999999999999999999999999"), "1");
    EXPECT_EQ(quotient("99999999999999999999999999999999999999", "0.1"), "decimal.out_of_range");
    EXPECT_EQ(quotient("99999999999999999999999999999999999990", "10"), "9999999999999999999999999999999999999");
    EXPECT_EQ(quotient("12345678901234567890123456789", "12345678901234567890123456788"), "1");
    EXPECT_EQ(quotient("99999999999999999999999999.999999999999", "33333333333333333333333333.333333333333"), "3");
    EXPECT_EQ(quotient("99999999999999999999999999", "100000000000000000000000000"), "1");
    EXPECT_EQ(quotient("100000000000000000000000000", "3"), "33333333333333333333333333.333333333333");
}

TEST(Decimal, RoundsToPlacesInEachWay) {
    using enum Decimal::Rounding;
    const auto rounded = [](std::string_view number, int places, Decimal::Rounding how) {
        const auto result = Decimal::parse(number)->rounded(places, how);
        return result ? result->to_string() : result.error().code;
    };
    EXPECT_EQ(rounded("2.15", 1, half_away), "2.2");
    EXPECT_EQ(rounded("-1.475", 2, half_away), "-1.48");
    EXPECT_EQ(rounded("21.5", -1, half_away), "20");
    EXPECT_EQ(rounded("626.3", -3, half_away), "1000");
    EXPECT_EQ(rounded("-50.55", -2, half_away), "-100");
    EXPECT_EQ(rounded("1.98", -1, half_away), "0");
    EXPECT_EQ(rounded("3.7", 0, toward_zero), "3");
    EXPECT_EQ(rounded("-3.7", 0, toward_zero), "-3");
    EXPECT_EQ(rounded("3.2", 0, away_from_zero), "4");
    EXPECT_EQ(rounded("-3.2", 0, away_from_zero), "-4");
    EXPECT_EQ(rounded("-3.2", 0, down), "-4");
    EXPECT_EQ(rounded("-3.7", 0, up), "-3");
    EXPECT_EQ(rounded("3.2", 0, up), "4");
    EXPECT_EQ(rounded("3", 5, up), "3");
    EXPECT_EQ(rounded("5", -40, half_away), "0");
    EXPECT_EQ(rounded("5", -40, up), "decimal.out_of_range");
    EXPECT_EQ(rounded("99999999999999999999999999999999999999", -1, half_away), "decimal.out_of_range");
}

} // namespace
} // namespace onefold
