#include "tracking/body.h"
#include "tracking/consent.h"
#include "tracking/snowplow.h"
#include "tracking/tracking_rig.h"

#include <gtest/gtest.h>

namespace onefold::tracking {
namespace {

Occasion strict() {
    Occasion occasion = noon();
    occasion.needs_consent = true;
    return occasion;
}
bool has(std::string_view consent) {
    return has_consent(json(fmt::format(R"({{"context":{{"consent":{}}}}})", consent)));
}

TEST(Consent, IsThereWhereOneCategoryAtLeastIsGranted) {
    EXPECT_TRUE(has(R"({"categoryPreferences":{"Advertising":false,"Analytics":true}})"));
    EXPECT_TRUE(has(R"({"state":"granted"})"));
    EXPECT_TRUE(has("true"));
    for (const char* none : {R"({"categoryPreferences":{"Advertising":false}})", R"({"categoryPreferences":{}})", "{}",
             R"({"state":"denied"})", "false", "null", R"("yes")", R"({"categoryPreferences":{"Analytics":"true"}})"})
        EXPECT_FALSE(has(none)) << none;
    EXPECT_FALSE(has_consent(json(R"({"userId":"u"})")));
}

TEST(Consent, OfABatchHoldsForMessagesThatSayNothingOfTheirOwn) {
    auto taken = take_batch(json(R"({"context":{"consent":{"state":"granted"}},"batch":[{"type":"page","userId":"a"},
        {"type":"page","userId":"b","context":{"consent":{"state":"denied"}}}]})"),
        strict());
    ASSERT_EQ(taken->messages.size(), 1U);
    EXPECT_EQ(payload_of(taken->messages[0]).at("userId"), "a");
    ASSERT_EQ(taken->refused.size(), 1U);
    EXPECT_EQ(taken->refused[0].reason.code, "tracking.no_consent");
}

TEST(Consent, WithoutItNothingIsKeptButTheReasonWhateverElseIsWrong) {
    std::vector<Taken> all;
    for (const char* message : {R"({"userId":"u","event":"E"})", R"({"userId":"u"})", R"({"event":7})"})
        all.push_back(*take_single(json(message), "track", strict()));
    all.push_back(
        *take_batch(json(R"({"context":7,"batch":[7,{"type":"dance","userId":"u"},{"type":"page"}]})"), strict()));
    all.push_back(*take_snowplow(json(R"({"data":[7,{"e":"x","uid":"u"},{"e":"pv","uid":"u"}]})"), strict()));
    std::size_t refused = 0;
    for (const Taken& taken : all) {
        EXPECT_TRUE(taken.messages.empty());
        for (const Refused& one : taken.refused)
            EXPECT_EQ(one.text, "") << one.reason.code;
        refused += taken.refused.size();
    }
    EXPECT_EQ(refused, 10U);
}

TEST(Consent, WithItWhatIsWrongIsKept) {
    const auto taken =
        take_single(json(R"({"userId":"u","context":{"consent":{"state":"granted"}}})"), "track", strict());
    ASSERT_EQ(taken->refused.size(), 1U);
    EXPECT_EQ(taken->refused[0].reason.path, "/event");
    EXPECT_NE(taken->refused[0].text, "");
}

constexpr const char* taken_back = R"({"type":"track","userId":"u","anonymousId":"a","event":
    "Segment Consent Preference Updated","messageId":"m","timestamp":"2026-01-01T11:00:00Z","properties":{"page":"secret"},
    "traits":{"name":"secret"},"secret":"secret","sentAt":{"a":"secret"},"channel":"secret","context":{"ip":"secret","page":{"url":"secret"},"traits":{"email":
    "secret"},"consent":{"state":"denied","categoryPreferences":{"Analytics":false,"Ads":"secret"},"note":"secret"}}})";

TEST(Consent, WhoTakesItBackIsHeardAndNothingElseOfThem) {
    Occasion occasion = strict();
    occasion.is_from_visitor = true;
    const auto heard = json(R"({"type":"track","userId":"u","event":"Segment Consent Preference Updated",
        "messageId":"m","timestamp":"2026-01-01T11:00:00Z","originalTimestamp":"2026-01-01T11:00:00Z",
        "context":{"consent":{"state":"denied","categoryPreferences":{"Analytics":false}}}})");
    const auto single = take_single(json(taken_back), "track", occasion);
    ASSERT_EQ(single->messages.size(), 1U);
    EXPECT_EQ(payload_of(single->messages[0]), heard);
    const auto batch =
        take_batch(json(fmt::format(R"({{"context":{{"locale":"secret"}},"batch":[{}]}})", taken_back)), occasion);
    ASSERT_EQ(batch->messages.size(), 1U);
    EXPECT_EQ(payload_of(batch->messages[0]), heard);
}

TEST(Consent, IsTakenBackForAWholeBatch) {
    const auto taken = take_batch(
        json(R"({"sentAt":"2026-01-01T11:00:00Z","context":{"consent":{"categoryPreferences":{"Analytics":false}},"ip":
        "secret"},"batch":[{"type":"track","user_id":7,"event":"Segment Consent Preference Updated"},
        {"type":"page","userId":"u"}]})"),
        strict());
    ASSERT_EQ(taken->messages.size(), 1U);
    EXPECT_EQ(payload_of(taken->messages[0]),
        json(R"({"type":"track","userId":"7","event":"Segment Consent Preference Updated","sentAt":
        "2026-01-01T11:00:00Z","timestamp":"2026-01-01T12:00:00Z","context":{"consent":{"categoryPreferences":{"Analytics":
        false}}}})"));
    EXPECT_EQ(taken->refused.size(), 1U);
}

TEST(Consent, IsNotPassedByWhatOnlyLooksLikeTakingItBack) {
    const auto refuses = [](boost::json::object message, std::string_view type) {
        message["type"] = type;
        const auto single = take_single(message, type, strict());
        const auto batch = take_batch({{"batch", {message}}}, strict());
        for (const auto& taken : {*single, *batch}) {
            EXPECT_TRUE(taken.messages.empty()) << type;
            ASSERT_EQ(taken.refused.size(), 1U) << type;
            EXPECT_EQ(taken.refused[0].text, "");
        }
    };
    for (const std::string_view type : {"identify", "page", "screen"})
        refuses(json(taken_back), type);
    auto message = json(taken_back);
    message.erase("userId");
    refuses(message, "track");
    message = json(taken_back);
    message["userId"] = "";
    refuses(message, "track");
    message = json(taken_back);
    message["event"] = "Order Completed";
    refuses(message, "track");
    for (const char* consent : {"null", "{}", R"({"state":"denied"})", R"({"categoryPreferences":[]})", "false"}) {
        message = json(taken_back);
        message["context"] = json(fmt::format(R"({{"consent":{}}})", consent));
        refuses(message, "track");
    }
    message["context"] = json(R"({"traits":{"email":"a@example.com"}})");
    refuses(message, "track");
}

TEST(Consent, TakenBackWithAFaultLeavesNothing) {
    auto message = json(taken_back);
    message["messageId"] = std::string(101, 'm');
    const auto taken = take_single(message, "track", strict());
    ASSERT_EQ(taken->refused.size(), 1U);
    EXPECT_EQ(taken->refused[0].reason.code, "tracking.too_long");
    EXPECT_EQ(taken->refused[0].text, "");
}

TEST(Consent, IsNotAskedForWhereTheSourceDoesNot) {
    EXPECT_EQ(take_single(json(R"({"userId":"u","event":"E"})"), "track", noon())->messages.size(), 1U);
}

} // namespace
} // namespace onefold::tracking
