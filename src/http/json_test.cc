#include "http/json.h"

#include <bit>
#include <cmath>
#include <gtest/gtest.h>
#include <random>

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

std::string rewritten(std::string_view text) {
    std::string out;
    write_json(*parse_json(text), out);
    return out;
}

TEST(Json, IsWrittenAsTextThatReadsBackAsTheSameValue) {
    for (const std::string_view text :
        {"null", "true", "false", "0", "-1", "9223372036854775807", "-9223372036854775808", "18446744073709551615",
            "\"\"", "[]", "{}", "[[],{}]", R"({"":null,"a":[1,2.5,"x"],"b":{"c":{}}})", "19.99"})
        EXPECT_EQ(rewritten(text), text);
    EXPECT_EQ(rewritten("[1.0, -0.0, 1E0, 1e400, -1e400]"), "[1.0,-0.0,1.0,1e99999,-1e99999]");
    EXPECT_EQ(rewritten("[0e9922, 0.0e999, -0e999]"), "[0.0,0.0,0.0]");
    EXPECT_EQ(rewritten("[1e5, 2.5E6, 1e-6, 1e20]"), "[100000.0,2500000.0,0.000001,100000000000000000000.0]");
    EXPECT_EQ(rewritten("[1e21, 1.5e300, 9.5e-7]"), "[1e+21,1.5e+300,9.5e-7]");
    std::mt19937_64 random{7};
    for (int i = 0; i < 20'000; ++i) {
        const auto bits = random();
        const auto number = std::bit_cast<double>(bits);
        boost::json::value value = std::int64_t(bits);
        if (i % 2 == 0 && std::isfinite(number))
            value = number;
        std::string out;
        write_json(value, out);
        const auto back = parse_json(out);
        ASSERT_TRUE(back) << out;
        EXPECT_EQ(back->kind(), value.kind()) << out;
        if (value.is_double()) // Boost's reader is off by the last bit now and then, for its own writer's text too
            EXPECT_NEAR(back->get_double() / number, 1, 1e-15) << out;
        else
            EXPECT_EQ(*back, value) << out;
    }
}

TEST(Json, WritesEveryTextSoThatItReadsBack) {
    for (int c = 1; c < 128; ++c)
        for (std::size_t before = 0; before < 18; ++before) {
            const std::string text = std::string(before, 'a') + char(c) + std::string(before, 'z');
            std::string out;
            write_json_string(text, out);
            ASSERT_EQ(parse_json(out)->get_string(), text) << c << ' ' << before;
        }
    EXPECT_EQ(rewritten("\"天空 \\ud83d\\ude00 \xc2\x80\""), "\"天空 😀 \xc2\x80\"");
}

} // namespace
} // namespace onefold::http
