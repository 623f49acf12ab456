#include "http/json.h"
#include "tracking/outline.h"
#include "tracking/spoilt.h"
#include "tracking/tracking_rig.h"

#include <gtest/gtest.h>

namespace onefold::tracking {
namespace {

constexpr Shape batch_shape{"batch", "", "writeKey"}, single_shape{"", "track", "writeKey"},
    snowplow_shape{"data", "snowplow", "aid"};

Result<Saved> saved_of(std::string_view body, const Shape& shape = batch_shape) {
    const auto read = parse_body(body);
    VERIFY(!read);
    return save_others(body, shape, read.error());
}
std::string error_of(std::string_view body, const Shape& shape = batch_shape) {
    const auto saved = saved_of(body, shape);
    return saved ? "" : saved.error().code;
}
std::string deep(int levels) {
    return std::string(std::size_t(levels), '[') + std::string(std::size_t(levels), ']');
}

TEST(Spoilt, OneMessageThatCannotBeReadTakesNoOtherWithIt) {
    const std::string spoilt[] = {R"({"type":"page","userId":"\u0000"})", R"({"type":"page","\u0000":1})",
        R"({"type":"page","a":1,"a":2})", R"({"type":"page","userId":"\ud83d"})",
        R"({"type":"page","a":1e99999999999})", fmt::format(R"({{"type":"page","a":{}}})", deep(64))};
    const std::string_view codes[] = {"tracking.nul", "tracking.nul", "tracking.key_twice", "tracking.no_text",
        "tracking.no_text", "tracking.too_deep"};
    for (std::size_t i = 0; i < std::size(spoilt); ++i) {
        const auto saved = saved_of(fmt::format(
            R"({{"sentAt":"2026-01-01T12:00:00Z","batch":[{{"type":"page","userId":"a"}}, {} ,{{"type":"page","userId":"b"}}],"writeKey":"k"}})",
            spoilt[i]));
        ASSERT_TRUE(saved) << spoilt[i];
        EXPECT_EQ(boost::json::value(saved->body),
            boost::json::parse(
                R"({"sentAt":"2026-01-01T12:00:00Z","batch":[{"type":"page","userId":"a"},{"type":"page","userId":"b"}],"writeKey":"k"})"));
        ASSERT_EQ(saved->spoilt.size(), 1U);
        EXPECT_EQ(saved->spoilt[0].reason.code, codes[i]) << spoilt[i];
        EXPECT_EQ(saved->spoilt[0].text, spoilt[i]);
    }
}

TEST(Spoilt, AMessageThatIsTooDeepOnlyWithinItsBatchIsNotSpoilt) {
    const auto saved = saved_of(fmt::format(R"({{"batch":[{{"type":"page","userId":"a","x":{}}}]}})", deep(62)));
    ASSERT_TRUE(saved);
    EXPECT_TRUE(saved->spoilt.empty());
    EXPECT_EQ(saved->body.at("batch").as_array().size(), 1U);
}

TEST(Spoilt, ItsKeyIsNotKept) {
    const auto saved =
        saved_of(R"({"batch":[{"writeKey":"secret","a":1,"a":2,"write\u004bey":"secret"},{"writeKey":"\u0000"}]})");
    ASSERT_TRUE(saved);
    EXPECT_EQ(saved->spoilt.at(0).text, R"({"a":1,"a":2})");
    EXPECT_EQ(saved->spoilt.at(1).text, "{}");
    const auto snowplow =
        saved_of(R"({"data":[{"aid":"secret","e":"pv","url":"\u0000"},{"aid":"k","e":"pv"}]})", snowplow_shape);
    ASSERT_TRUE(snowplow);
    EXPECT_EQ(snowplow->spoilt.at(0).text, R"({"e":"pv","url":"\u0000"})");
    EXPECT_EQ(snowplow->spoilt.at(0).call, "snowplow");
    EXPECT_EQ(snowplow->body.at("data").as_array().size(), 1U);
}

TEST(Spoilt, AMessageByItselfIsRefusedAndItsKeyIsFound) {
    const auto saved = saved_of(R"({"userId":"u","event":"\u0000","writeKey":"k"})", single_shape);
    ASSERT_TRUE(saved);
    EXPECT_EQ(write_key_in(saved->body), "k");
    ASSERT_EQ(saved->spoilt.size(), 1U);
    EXPECT_EQ(saved->spoilt[0].text, R"({"userId":"u","event":"\u0000"})");
    EXPECT_EQ(saved->spoilt[0].call, "track");
    EXPECT_EQ(error_of(fmt::format(R"({{"event":"\u0000{}"}})", std::string(message_bytes_max, 'x')), single_shape),
        "tracking.too_large");
}

TEST(Spoilt, WhatIsNoJsonOrSpoiltElsewhereIsRefusedAsAWhole) {
    EXPECT_EQ(error_of(R"({"batch":[{"a":"\u0000"},{b}]})"), "http.bad_character");
    EXPECT_EQ(error_of(R"({"batch":[{"a":1,}]})"), "http.bad_json");
    EXPECT_EQ(error_of(R"({"batch":[{"a":"\u0000"}])"), "http.bad_character");
    EXPECT_EQ(error_of(R"({"batch":[],"batch":[]})"), "http.duplicate_key");
    EXPECT_EQ(error_of(R"({"context":{"a":"\u0000"},"batch":[{}]})"), "http.bad_character");
    EXPECT_EQ(error_of(R"({"batch":{"a":"\u0000"}})"), "http.bad_character");
    EXPECT_EQ(error_of("[\"\\u0000\"]"), "http.bad_character");
    EXPECT_EQ(error_of("{\"batch\":[{\"a\":\"\\u0000\xff\"}]}"), "http.bad_json") << "no UTF-8";
    EXPECT_EQ(error_of("7"), "tracking.not_an_object");
}

} // namespace
} // namespace onefold::tracking
