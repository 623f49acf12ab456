#include "core/text.h"
#include "tracking/message.h"
#include "tracking/tracking_rig.h"

#include <gtest/gtest.h>

namespace onefold::tracking {
namespace {

using boost::json::value;

std::string fault_of(std::string_view message, std::string_view type = "track") {
    const auto fault = find_fault(json(message), type);
    return fault ? fmt::format("{} {}", fault->code, fault->path) : "";
}

TEST(Message, AWrongTypeIsToldWithWhatCameAndWhatIsPossible) {
    const auto told = [](std::string_view path, std::string_view message, std::string_view language = "en") {
        return std::string(text_of("tracking.wrong_type", path, message).in(language));
    };
    EXPECT_EQ(told("/event", R"({"event":7.5})"), "event is a number here; it must be text.");
    EXPECT_EQ(told("/userId", R"({"userId":true})"), "userId is true or false here; it must be text or a number.");
    EXPECT_EQ(told("/traits", R"({"traits":[]})", "zh-CN"), "traits 为列表，应为对象。");
    EXPECT_EQ(told("/user_id", fmt::format(R"({{"user_id":"{}"}})", std::string(1001, 'x'))),
        "user_id is longer than 1000 bytes.");
    EXPECT_EQ(told("/context", "[]"), "context must be an object.") << "of a batch only the part is kept";
    EXPECT_EQ(told("/event", "cut off"), "event must be text.");
    EXPECT_EQ(text_of("tracking.missing", "/event", "{}"), text_of("tracking.missing", "/event"));
}

TEST(Message, NeedsWhatItsTypeSays) {
    EXPECT_EQ(fault_of(R"({"userId":"u","event":"E"})"), "");
    EXPECT_EQ(fault_of(R"({"anonymousId":"a","event":"E"})"), "");
    EXPECT_EQ(fault_of(R"({"userId":"u"})"), "tracking.missing /event");
    EXPECT_EQ(fault_of(R"({"userId":"u","event":" "})"), "tracking.missing /event");
    EXPECT_EQ(fault_of(R"({"event":"E"})"), "tracking.nobody ");
    EXPECT_EQ(fault_of(R"({"userId":"  ","event":"E"})"), "tracking.nobody ");
    EXPECT_EQ(fault_of(R"({"userId":"u"})", "group"), "tracking.missing /groupId");
    EXPECT_EQ(fault_of(R"({"userId":"u"})", "alias"), "tracking.missing /previousId");
    EXPECT_EQ(fault_of(R"({"anonymousId":"u","previousId":"p"})", "alias"), "tracking.missing /userId");
    EXPECT_EQ(fault_of(R"({"mergeProperties":[{"type":"a","value":"b"},{"type":"c","value":"d"}]})", "merge"), "");
    EXPECT_EQ(
        fault_of(R"({"mergeProperties":[{"type":"a","value":"b"}]})", "merge"), "tracking.missing /mergeProperties");
}

TEST(Message, TakesNumbersAsIdsAndNullsAsNothing) {
    EXPECT_EQ(fault_of(R"({"userId":7,"event":"E","anonymousId":null,"traits":null,"messageId":12})"), "");
    EXPECT_EQ(fault_of(R"({"userId":[7],"event":"E"})"), "tracking.wrong_type /userId");
    EXPECT_EQ(fault_of(R"({"userId":true,"event":"E"})"), "tracking.wrong_type /userId");
    EXPECT_EQ(fault_of(R"({"userId":"u","event":7})"), "tracking.wrong_type /event");
    EXPECT_EQ(fault_of(R"({"userId":"u","event":"E","properties":[]})"), "tracking.wrong_type /properties");
    EXPECT_EQ(fault_of(R"({"userId":"u","event":"E","timestamp":"soon"})"), "tracking.bad_time /timestamp");
    EXPECT_EQ(fault_of(R"({"userId":"u","event":"E","sentAt":"soon"})"), "") << "only the correction is lost";

    const auto formed_one =
        formed(json(R"({"userId":4711,"anonymousId":-2,"groupId":1.5,"messageId":12})"), "group", noon());
    const auto message = payload_of(formed_one);
    EXPECT_EQ(message.at("userId"), "4711");
    EXPECT_EQ(message.at("anonymousId"), "-2");
    EXPECT_EQ(message.at("groupId"), "1.5");
    EXPECT_EQ(formed_one.id, "12");
}

TEST(Message, HasAnIdOf100CharactersAtMost) {
    const auto of_id = [](std::string_view character, int count) {
        std::string id;
        for (int i = 0; i < count; ++i)
            id += character;
        return fmt::format(R"({{"userId":"u","event":"E","messageId":"{}"}})", id);
    };
    for (const std::string_view character : {"m", "消", "🛒"}) {
        EXPECT_EQ(fault_of(of_id(character, 40)), "") << character;
        EXPECT_EQ(fault_of(of_id(character, 100)), "") << character;
        EXPECT_EQ(fault_of(of_id(character, 101)), "tracking.too_long /messageId") << character;
    }
    EXPECT_EQ(formed(json(of_id("🛒", 100)), "track", noon()).id.size(), 400U);
}

TEST(Message, HasItsTimesInTheSourcesZoneWhereTheySayNone) {
    Occasion shanghai = noon();
    shanghai.received_at = at("2026-03-04T12:00:00Z");
    shanghai.zone = "Asia/Shanghai";
    const auto time_of = [&](std::string_view times) {
        return payload_of(formed(json(fmt::format(R"({{"userId":"u","event":"E",{}}})", times)), "track", shanghai))
            .at("timestamp");
    };
    EXPECT_EQ(time_of(R"("timestamp":"2026-03-04 13:06:07")"), "2026-03-04T05:06:07Z");
    EXPECT_EQ(time_of(R"("timestamp":"2026-03-04T13:06:07")"), "2026-03-04T05:06:07Z");
    EXPECT_EQ(time_of(R"("timestamp":"2026-03-04T05:06:07Z")"), "2026-03-04T05:06:07Z");
    EXPECT_EQ(time_of(R"("timestamp":"2026-03-04T06:06:07+01:00")"), "2026-03-04T05:06:07Z");
    EXPECT_EQ(time_of(R"("originalTimestamp":"2026-03-04 13:06:07")"), "2026-03-04T05:06:07Z");
    EXPECT_EQ(time_of(R"("timestamp":"2026-03-04 13:06:07","sentAt":"2026-03-04 13:06:10")"), "2026-03-04T11:59:57Z");
    EXPECT_EQ(time_of(R"("timestamp":"2026-03-04T05:06:07Z","sentAt":"2026-03-04 13:06:10")"), "2026-03-04T11:59:57Z");
}

TEST(Message, KnowsTheTypeByItsOldNameToo) {
    EXPECT_EQ(type_of(json(R"({"type":"page"})")), "page");
    EXPECT_EQ(type_of(json(R"({"action":"track"})")), "track");
    EXPECT_EQ(type_of(json(R"({"type":"dance"})")), "");
    EXPECT_EQ(type_of(json(R"({"type":7})")), "");
    EXPECT_EQ(fault_of(R"({"user_id":"u","event":"E"})"), "");
    EXPECT_EQ(payload_of(formed(json(R"({"user_id":"u","event":"E"})"), "track", noon())),
        json(R"({"event":"E","type":"track","userId":"u","timestamp":"2026-01-01T12:00:00Z"})"));
}

TEST(Message, KeepsWhatItDoesNotKnowButNotTheKey) {
    const auto message = payload_of(
        formed(json(R"({"writeKey":"secret","type":"x","userId":"u","event":"E","timestamp":"2026-01-01T00:00:00Z",
        "integrations":{"All":false,"Mail":{"list":3}},"context":{"consent":{"categoryPreferences":{"Ads":false}},"active":false},"_metadata":{"a":1},"深":[1]})"),
            "track", noon()));
    EXPECT_EQ(message,
        json(
            R"({"type":"track","userId":"u","event":"E","timestamp":"2026-01-01T00:00:00Z","originalTimestamp":"2026-01-01T00:00:00Z",
        "integrations":{"All":false,"Mail":{"list":3}},"context":{"consent":{"categoryPreferences":{"Ads":false}},"active":false},"_metadata":{"a":1},"深":[1]})"));
}

TEST(Message, BringsTheVisitorsAddressAndNoServersOne) {
    auto ip_of = [](std::string_view text, bool is_from_visitor) {
        const auto message = payload_of(formed(json(text), "page", noon(is_from_visitor)));
        const auto* context = find_object(message, "context");
        const auto* ip = context ? find_member(*context, "ip") : nullptr;
        return ip ? std::string(ip->as_string()) : "";
    };
    EXPECT_EQ(ip_of(R"({"userId":"u"})", true), "203.0.113.7");
    EXPECT_EQ(ip_of(R"({"userId":"u"})", false), "");
    EXPECT_EQ(ip_of(R"({"userId":"u","channel":"server"})", true), "");
    EXPECT_EQ(ip_of(R"({"userId":"u","context":{"direct":true}})", false), "203.0.113.7");
    EXPECT_EQ(ip_of(R"({"userId":"u","context":{"direct":false}})", true), "");
    EXPECT_EQ(ip_of(R"({"userId":"u","context":{"ip":"198.51.100.1"}})", true), "198.51.100.1");
}

TEST(Message, OfIdentifyHasItsTraitsWhereSegmentHasThem) {
    auto traits_of = [](std::string_view text) { return payload_of(formed(json(text), "identify", noon()))["traits"]; };
    EXPECT_EQ(traits_of(R"({"userId":"u","context":{"traits":{"name":"Ada"}}})"), value(json(R"({"name":"Ada"})")));
    EXPECT_EQ(traits_of(R"({"userId":"u","traits":{"age":7},"context":{"traits":{"name":"Ada"}}})"),
        value(json(R"({"age":7})")));
}

TEST(CorrectedTime, SetsTheSendersClockByWhenItSent) {
    const Instant received = at("2026-01-01T00:10:07.250Z");
    const Instant sent = at("2026-01-01T00:00:05Z"), original = at("2026-01-01T00:00:00Z");
    EXPECT_EQ(corrected_time(original, {}, sent, received), at("2026-01-01T00:10:02.250Z"));
    EXPECT_EQ(corrected_time({}, original, sent, received), at("2026-01-01T00:10:02.250Z"));
}

TEST(CorrectedTime, LeavesATimeAloneThatCannotBeOrWasCorrected) {
    const Instant received = at("2026-01-01T00:10:00Z"), old = at("2020-01-01T00:00:00Z");
    EXPECT_EQ(corrected_time(old, {}, {}, received), old);
    EXPECT_EQ(corrected_time({}, old, {}, received), old);
    EXPECT_EQ(corrected_time(old, at("2020-01-01T00:00:09Z"), received, received), old);
    EXPECT_EQ(corrected_time({}, {}, received, received), received);
}

TEST(CorrectedTime, IsNeverFarAheadNorBeforeTheFirstYear) {
    const Instant received = at("2026-01-01T00:00:00Z");
    EXPECT_EQ(corrected_time(at("2026-01-01T23:00:00Z"), {}, {}, received), at("2026-01-01T23:00:00Z"));
    EXPECT_EQ(corrected_time(at("2026-01-02T01:00:00Z"), {}, {}, received), received);
    EXPECT_EQ(corrected_time(at("9999-12-31T00:00:00Z"), {}, at("0001-01-01T00:00:00Z"), received), received);
    EXPECT_EQ(corrected_time(at("0001-01-01T00:00:00Z"), {}, at("9999-12-31T00:00:00Z"), received), received);
}

TEST(Refused, KeepsTheBeginningOfAMessageAsWholeCharacters) {
    const std::string text = "x" + [] {
        std::string all;
        for (int i = 0; i < 40'000; ++i)
            all += "消";
        return all;
    }();
    const auto kept = refused({"tracking.too_large", ""}, text);
    EXPECT_LE(kept.text.size(), refused_bytes_max);
    EXPECT_GT(kept.text.size(), refused_bytes_max - 3);
    EXPECT_TRUE(is_valid_utf8(kept.text));
    EXPECT_EQ(refused({"tracking.missing", ""}, "{}").text, "{}");
}

TEST(Refused, HasWordsForEveryReason) {
    const LocalText otherwise = text_of("tracking.unreadable", "");
    for (const std::string_view code : {"nobody", "missing", "wrong_type", "bad_time", "too_long", "too_large",
             "shared_too_large", "formed_too_large", "batch_too_large", "too_many", "unknown_type", "not_an_object",
             "key_twice", "nul", "too_deep", "no_text", "no_consent"}) {
        const LocalText text = text_of(fmt::format("tracking.{}", code), "/event");
        EXPECT_NE(text.in("en"), otherwise.in("en")) << code;
        EXPECT_NE(text.in("en"), text.in("zh-CN")) << code;
    }
}

} // namespace
} // namespace onefold::tracking
