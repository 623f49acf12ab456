#include "tracking/again.h"
#include "tracking/tracking_rig.h"

#include <gtest/gtest.h>

namespace onefold::tracking {
namespace {

RefusedMessage kept(std::string message, std::string call = "") {
    return {RefusedId{7}, SourceId{2}, at("2026-01-01T08:00:00Z"), "tracking.missing", "/event", std::move(message),
        std::move(call), "198.51.100.1", {}};
}
Taken again(const RefusedMessage& message, std::string_view corrected) {
    return taken_again(message, boost::json::parse(corrected), noon(true));
}

TEST(Again, AMessageHasTheTimeAndTheAddressOfItsArrival) {
    const auto taken = again(kept("{}", "track"), R"({"userId":"u","event":"E","messageId":"m"})");
    ASSERT_EQ(taken.messages.size(), 1U);
    EXPECT_EQ(taken.messages[0].id, "m");
    const auto payload = payload_of(taken.messages[0]);
    EXPECT_EQ(payload.at("type"), "track");
    EXPECT_EQ(payload.at("timestamp"), "2026-01-01T08:00:00Z");
    EXPECT_EQ(payload.at("receivedAt"), "2026-01-01T08:00:00Z");
    EXPECT_EQ(payload.at("context").at("ip"), "198.51.100.1");
}

TEST(Again, ItsSendersClockIsCorrectedByTheTimeOfItsArrival) {
    const auto taken = again(kept("{}"),
        R"({"type":"track","userId":"u","event":"E","timestamp":"2025-12-31T23:59:00Z","sentAt":"2026-01-01T00:00:00Z"})");
    EXPECT_EQ(payload_of(taken.messages.at(0)).at("timestamp"), "2026-01-01T07:59:00Z");
}

// As when the origin was not allowed.
Taken refused_and_again(std::string_view message) {
    Occasion occasion = noon();
    occasion.received_at = at("2026-01-01T08:00:00Z");
    const auto refused = refuse_all(
        *take_single(json(message), "track", occasion), {"tracking.origin_not_allowed", "https://example.com"});
    const std::string text = refused.refused.at(0).text;
    return again(kept(text), text);
}

TEST(Again, WhatWasFormedBeforeItWasRefusedHasTheTimeThatItWouldHaveHad) {
    const auto time_of = [](std::string_view times) {
        const auto taken = refused_and_again(fmt::format(R"({{"userId":"u","event":"E","messageId":"m",{}}})", times));
        return std::string(payload_of(taken.messages.at(0)).at("timestamp").as_string());
    };
    const std::string arrival = "2026-01-01T08:00:00Z";
    EXPECT_EQ(time_of(R"("timestamp":"2026-01-01T08:00:00Z","sentAt":"2026-01-01T03:00:00Z")"), arrival);
    EXPECT_EQ(time_of(R"("sentAt":"2026-01-01T03:00:00Z")"), arrival);
    EXPECT_EQ(time_of(R"("sentAt":"2026-01-01T13:00:00Z")"), arrival);
    EXPECT_EQ(time_of(R"("timestamp":"2026-01-01T02:59:00Z","sentAt":"2026-01-01T03:00:00Z")"), "2026-01-01T07:59:00Z");
    EXPECT_EQ(time_of(R"("timestamp":"2026-01-01T07:00:00Z")"), "2026-01-01T07:00:00Z");
    EXPECT_EQ(time_of(R"("timestamp":"2026-01-01T20:00:00Z")"), arrival) << "nothing happens after its arrival";
    const auto corrected = again(kept("{}", "track"),
        R"({"userId":"u","event":"E","timestamp":"2026-01-01T08:00:00Z","sentAt":"2026-01-01T03:00:00Z"})");
    EXPECT_EQ(payload_of(corrected.messages.at(0)).at("timestamp"), "2026-01-01T08:00:00Z");
}

TEST(Again, WithoutAMessageIdItHasTheSameOneEachTime) {
    const std::string text = R"({"type":"track","userId":"u","event":"E"})";
    EXPECT_EQ(again(kept(text), text).messages.at(0).id, "refused-7");
    EXPECT_EQ(again(kept(text), text).messages.at(0).id, "refused-7");
}

TEST(Again, WhatIsStillWrongIsRefusedAgainWithItsReason) {
    EXPECT_EQ(again(kept("{}", "track"), R"({"userId":"u"})").refused.at(0).reason.path, "/event");
    EXPECT_EQ(again(kept("{}"), R"({"userId":"u"})").refused.at(0).reason.code, "tracking.unknown_type");
    EXPECT_EQ(again(kept("{}"), "7").refused.at(0).reason.code, "tracking.not_an_object");
    Occasion strict = noon();
    strict.needs_consent = true;
    const auto taken = taken_again(kept("{}", "page"), boost::json::parse(R"({"anonymousId":"a"})"), strict);
    EXPECT_EQ(taken.refused.at(0).reason.code, "tracking.no_consent");
}

TEST(Again, SnowplowsEventsStaySnowplows) {
    const auto taken =
        again(kept("{}", "snowplow"), R"({"e":"pv","url":"https://example.com","duid":"d","eid":"e-1"})");
    ASSERT_EQ(taken.messages.size(), 1U);
    EXPECT_EQ(taken.messages[0].id, "e-1");
    EXPECT_EQ(payload_of(taken.messages[0]).at("type"), "page");
}

TEST(Again, WhatWasNotKeptCannotBeReplayed) {
    EXPECT_EQ(json_of(kept("")).error().code, "tracking.nothing_kept");
    EXPECT_EQ(json_of(kept(R"({"cut":"of)")).error().code, "tracking.nothing_kept");
    EXPECT_EQ(json_of(kept(R"({"a":1,"a":2})")).error().code, "http.duplicate_key");
    EXPECT_TRUE(json_of(kept("{}")));
}

} // namespace
} // namespace onefold::tracking
