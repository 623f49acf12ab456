#include "tracking/snowplow.h"
#include "tracking/tracking_rig.h"

#include <gtest/gtest.h>

namespace onefold::tracking {
namespace {

TEST(Snowplow, PageViewIsAPage) {
    const auto event = event_of_snowplow(json(
        R"({"e":"pv","url":"https://a.cn/x","page":"X","refr":"https://b.cn","uid":"u","duid":"d","eid":"e-1","aid":"key",
        "p":"web","tv":"js-3","tna":"sp","dtm":"1767225600000","stm":"1767225601000","res":"800x600","lang":"zh","tz":"Asia/Shanghai","ua":"agent","sid":"s"})"));
    EXPECT_EQ(event.type, "page");
    EXPECT_EQ(event.message,
        json(
            R"({"name":"X","properties":{"url":"https://a.cn/x","title":"X","referrer":"https://b.cn"},"messageId":"e-1","userId":"u","anonymousId":"d",
        "channel":"browser","originalTimestamp":"2026-01-01T00:00:00Z","sentAt":"2026-01-01T00:00:01Z","context":{"userAgent":"agent","locale":"zh","timezone":"Asia/Shanghai",
        "sessionId":"s","library":{"name":"snowplow","version":"js-3"},"screen":{"width":8E2,"height":6E2},"page":{"url":"https://a.cn/x","title":"X","referrer":"https://b.cn"},
        "snowplow":{"parameters":{"tna":"sp"}}}})"));
}

TEST(Snowplow, StructuredEventIsATrackNamedByItsAction) {
    const auto event =
        event_of_snowplow(json(R"({"e":"se","se_ca":"shop","se_ac":"Added","se_la":"tea","se_pr":"p","se_va":"2.5"})"));
    EXPECT_EQ(event.type, "track");
    EXPECT_EQ(event.message.at("event"), "Added");
    EXPECT_EQ(event.message.at("properties"),
        boost::json::value(json(R"({"category":"shop","label":"tea","property":"p","value":2.5})")));
}

TEST(Snowplow, SelfDescribingEventIsATrackNamedByItsSchema) {
    const std::string outer =
        R"({"schema":"iglu:x/unstruct_event/jsonschema/1-0-0","data":{"schema":"iglu:cn.acme/basket_left/jsonschema/1-0-0","data":{"items":3}}})";
    const auto event = event_of_snowplow({{"e", "ue"}, {"ue_pr", outer}});
    EXPECT_EQ(event.message.at("event"), "basket_left");
    EXPECT_EQ(event.message.at("properties"), boost::json::value(json(R"({"items":3})")));
    const auto screen = event_of_snowplow({{"e", "ue"},
        {"ue_pr",
            R"({"data":{"schema":"iglu:com.snowplowanalytics.mobile/screen_view/jsonschema/1-0-0","data":{"name":"Home"}}})"}});
    EXPECT_EQ(screen.type, "screen");
    EXPECT_EQ(screen.message.at("name"), "Home");
}

TEST(Snowplow, TransactionIsACompletedOrder) {
    const auto event = event_of_snowplow(json(R"({"e":"tr","tr_id":"o-1","tr_tt":"12.50","tr_cu":"CNY"})"));
    EXPECT_EQ(event.message.at("event"), "Order Completed");
    EXPECT_EQ(event.message.at("properties"),
        boost::json::value(json(R"({"order_id":"o-1","currency":"CNY","total":12.5})")));
}

TEST(Snowplow, AppNamesItsVisitorInTheClientSession) {
    const auto event = event_of_snowplow({{"e", "pv"},
        {"co",
            R"({"schema":"iglu:x/contexts/jsonschema/1-0-1","data":[{"schema":"iglu:com.snowplowanalytics.snowplow/client_session/jsonschema/1-0-2","data":{"userId":"v"}}]})"}});
    EXPECT_EQ(event.message.at("anonymousId"), "v");
    EXPECT_EQ(event.message.at("context").at("snowplow").at("contexts").as_array().size(), 1U);
}

TEST(Snowplow, RefusesEventsThatItDoesNotUnderstand) {
    const auto taken = take_snowplow(
        json(R"({"data":[{"e":"zz","aid":"key"},{"e":"ue","ue_pr":"{"},{"e":"pv"},7,{"e":"pv","uid":"u"}]})"), noon());
    ASSERT_TRUE(taken);
    EXPECT_EQ(taken->messages.size(), 1U);
    std::vector<std::string_view> codes;
    for (const Refused& one : taken->refused)
        codes.push_back(one.reason.code);
    EXPECT_EQ(codes, (std::vector<std::string_view>{
                         "tracking.unknown_type", "tracking.unreadable", "tracking.nobody", "tracking.not_an_object"}));
    EXPECT_EQ(taken->refused.front().text, R"({"e":"zz"})");
    EXPECT_EQ(take_snowplow(json("{}"), noon()).error().code, "tracking.not_a_batch");
    EXPECT_EQ(application_of(json(R"({"data":[{"aid":"key"}]})")), "key");
    EXPECT_EQ(application_of(json(R"({"data":[]})")), "");
}

} // namespace
} // namespace onefold::tracking
