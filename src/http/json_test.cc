#include "http/json.h"

#include <gtest/gtest.h>

namespace onefold::http {
namespace {

std::string object_of(int keys, std::string_view more) {
    std::string text = "{";
    for (int i = 0; i < keys; ++i)
        text += fmt::format("\"k{}\":{{\"k{}\":[{{\"a\":1}}]}},", i, i);
    return text + std::string(more) + "}";
}

TEST(Json, FindsTheKeyThatComesTwiceHoweverManyThereAre) {
    for (const int keys : {0, 1, 23, 24, 25, 26, 1000}) {
        EXPECT_TRUE(parse_json(object_of(keys, R"("last":{"k0":1})"))) << keys;
        for (const int twice : {0, keys / 2, keys - 1}) {
            const auto parsed = parse_json(object_of(keys, fmt::format("\"k{}\":1", std::max(twice, 0))));
            EXPECT_EQ(parsed.has_value(), keys == 0) << keys << ' ' << twice;
            EXPECT_TRUE(parsed || parsed.error().code == "http.duplicate_key");
        }
        EXPECT_EQ(parse_json(object_of(keys, R"("x":{"y":1,"y":2})")).error().code, "http.duplicate_key") << keys;
    }
    EXPECT_EQ(parse_json(R"({"":1,"":2})").error().code, "http.duplicate_key");
    EXPECT_TRUE(parse_json(R"({"a":1,"":2,"b":{"a":1,"b":{"a":1}},"ab":3})"));
}

TEST(Json, IsTheSameInAnyStorage) {
    const std::string text = object_of(30, R"("x":"文","n":1.5)");
    const auto storage = boost::json::make_shared_resource<boost::json::monotonic_resource>();
    EXPECT_EQ(*parse_json(text, storage), *parse_json(text));
    EXPECT_EQ(parse_json(text, storage)->storage(), storage);
}

} // namespace
} // namespace onefold::http
