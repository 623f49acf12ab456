#include "customer/typed_value.h"

#include <gtest/gtest.h>

namespace onefold::customer {
namespace {

TEST(TypedValue, IsTrimmedAndHeldToItsType) {
    const Instant now = *parse_rfc3339("2025-06-01T00:00:00Z");
    EXPECT_EQ(*typed_value("city", " 上海　", now), "上海");
    EXPECT_EQ(*typed_value("age", "034", now), "34");
    EXPECT_EQ(*typed_value("birthday", "1990-05-17", now), "1990-05-17");
    EXPECT_EQ(*typed_value("phone", "139 1234 5678", now), "139 1234 5678");
    for (const auto& [field, text] : std::vector<std::pair<std::string, std::string>>{{"birthday", "17.5.1990"},
             {"birthday", "2026-01-01"}, {"age", "-1"}, {"age", "3.5"}, {"email", "ann"},
             {"note", std::string(1001, 'x')}, {"city", std::string("a\0b", 3)}, {"city", "\xff"}})
        EXPECT_FALSE(typed_value(field, text, now)) << field << " " << text;
}

} // namespace
} // namespace onefold::customer
