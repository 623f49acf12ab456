#include "http/json.h"
#include "tracking/outline.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace onefold::tracking {
namespace {

std::string words(const std::optional<std::vector<Member>>& members) {
    std::string all;
    for (const auto& [key, value] : *members)
        all += fmt::format("{}={};", key, value);
    return all;
}

TEST(Outline, TellsMembersAndElementsAsTheyAreWritten) {
    EXPECT_EQ(
        words(members_of(R"( { "a" : 1 , "b\"":{"a":[{}]},"a":"\u0000" } )")), R"(a=1;b\"={"a":[{}]};a="\u0000";)");
    EXPECT_EQ(words(members_of("{}")), "");
    EXPECT_EQ(*elements_of(R"([ 1 ,"]",[],{"a":-0.5e+9}, null])"),
        (std::vector<std::string_view>{"1", R"("]")", "[]", R"({"a":-0.5e+9})", "null"}));
    EXPECT_TRUE(elements_of("[]")->empty());
    EXPECT_FALSE(members_of("[]"));
    EXPECT_FALSE(elements_of("{}"));
}

TEST(Outline, TakesWhatIsJsonHoweverDeepOrLarge) {
    const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
    EXPECT_EQ(elements_of(deep)->size(), 1U);
    EXPECT_TRUE(members_of(R"({"a":1e99999999999999999999,"b":"\ud800","c":1,"c":1})"));
}

TEST(Outline, TakesNothingThatIsNoJson) {
    for (const char* text :
        {"", "{", "[", "]", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "[1]]", "[1}", "[{]}", "[01]", "[1.]", "[.5]", "[+1]",
            "[-]", "[1e]", "[tru]", "[\"]", "[\"\\x\"]", "[\"\\u12g4\"]", "[\"\\u12\"]", "[\"\t\"]", "['a']", "[NaN]",
            "[{\"a\"}]", "[{\"a\":}]", "[{\"a\":1,}]", "[{,}]", "[{a:1}]", "[{1:1}]", "[\"a\":1]", "[1]x", "[1]/**/"}) {
        EXPECT_FALSE(elements_of(text)) << text;
        EXPECT_FALSE(members_of(fmt::format(R"({{"a":{}}})", text))) << text;
        EXPECT_FALSE(http::parse_json(text)) << text;
    }
}

} // namespace
} // namespace onefold::tracking
