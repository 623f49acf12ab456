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

TEST(Consent, WhoTakesItBackIsHeard) {
    const std::string message = R"({"userId":"u","event":"Segment Consent Preference Updated",
        "context":{"consent":{"categoryPreferences":{"Analytics":false}}}})";
    EXPECT_EQ(take_single(json(message), "track", strict())->messages.size(), 1U);
    auto stranger = json(message);
    stranger.erase("userId");
    stranger["anonymousId"] = "a";
    EXPECT_TRUE(take_single(stranger, "track", strict())->messages.empty());
}

TEST(Consent, IsNotAskedForWhereTheSourceDoesNot) {
    EXPECT_EQ(take_single(json(R"({"userId":"u","event":"E"})"), "track", noon())->messages.size(), 1U);
}

} // namespace
} // namespace onefold::tracking
