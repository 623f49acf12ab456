#include "core/caller.h"
#include "core/id.h"
#include "core/result.h"

#include <gtest/gtest.h>
#include <memory>
#include <unordered_set>

namespace onefold {
namespace {

TEST(Id, IsReadFromItsDigitsOnly) {
    EXPECT_EQ(parse_id("1"), 1);
    EXPECT_EQ(parse_id("9223372036854775807"), INT64_MAX);
    for (const char* text : {"", "0", "-1", "+1", "01", " 1", "1 ", "1.0", "1e3", "0x1", "9223372036854775808",
             "99999999999999999999", "１", "a"})
        EXPECT_FALSE(parse_id(text)) << text;
    EXPECT_FALSE(parse_id(std::string_view{"1\0", 2}));
}

TEST(Id, IsNoneUntilItHasAValue) {
    EXPECT_FALSE(CustomerId{});
    EXPECT_TRUE(CustomerId{3});
    EXPECT_LT(CustomerId{3}, CustomerId{4});
    EXPECT_EQ(to_string(CustomerId{42}), "42");
    EXPECT_EQ((std::unordered_set<CustomerId>{{1}, {2}, {1}}).size(), 2u);
    static_assert(!std::is_convertible_v<CustomerId, NodeId>);
}

TEST(Principal, IsWrittenAsChangeAndAuditKeepIt) {
    EXPECT_EQ(to_string(Principal{Principal::Kind::user, 3, Role::admin}), "user:3");
    EXPECT_EQ(to_string(Principal{Principal::Kind::token, 7, Role::editor}), "token:7");
    EXPECT_EQ(to_string(Principal{Principal::Kind::local}), "local");
    EXPECT_EQ(to_string(Principal{Principal::Kind::system}), "system");
    EXPECT_EQ(to_string(Principal{}), "anonymous");
}

Result<std::unique_ptr<int>> make(int value) {
    if (value < 0)
        return fail(ErrorKind::invalid, "test.negative", {"negative", "负数"});
    return std::make_unique<int>(value);
}
Result<> check(int value) {
    TRY(make(value));
    return {};
}
Result<int> doubled(int value) {
    TRY(check(value));
    const auto made = TRY(make(value));
    return *made * 2;
}

TEST(Result, IsTakenApartByTry) {
    EXPECT_EQ(*doubled(21), 42);
    EXPECT_EQ(doubled(-1).error().code, "test.negative");
    EXPECT_EQ(doubled(-1).error().message.in("zh-CN"), "负数");
}

} // namespace
} // namespace onefold
