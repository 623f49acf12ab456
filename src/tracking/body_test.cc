#include "tracking/body.h"
#include "tracking/tracking_rig.h"

#include <gtest/gtest.h>

namespace onefold::tracking {
namespace {

std::vector<std::string> reasons_of(const Taken& taken) {
    std::vector<std::string> reasons;
    for (const Refused& one : taken.refused)
        reasons.push_back(fmt::format("{} {}", one.reason.code, one.reason.path));
    return reasons;
}
Taken taken_of(std::string_view batch) {
    auto taken = take_batch(json(batch), noon());
    VERIFY(taken);
    return std::move(*taken);
}
using Reasons = std::vector<std::string>;

TEST(Body, IsAJsonObjectOfAtMost512Kilobytes) {
    EXPECT_TRUE(parse_body(R"({"a":1})"));
    EXPECT_EQ(parse_body("{").error().code, "http.bad_json");
    EXPECT_EQ(parse_body("[]").error().code, "tracking.not_an_object");
    EXPECT_EQ(parse_body(fmt::format(R"({{"a":"{}"}})", std::string(body_bytes_max, 'x'))).error().code,
        "tracking.too_large");
    EXPECT_EQ(write_key_in(json(R"({"writeKey":"k"})")), "k");
    EXPECT_EQ(write_key_in(json(R"({"writeKey":7})")), "");
}

TEST(Single, IsRefusedWithAnErrorOnlyWhereItIsTooLarge) {
    auto message = json(R"({"userId":"u"})");
    EXPECT_EQ(reasons_of(*take_single(message, "track", noon())), Reasons{"tracking.missing /event"});
    message["event"] = std::string(message_bytes_max, 'x');
    EXPECT_EQ(take_single(message, "track", noon()).error().code, "tracking.too_large");
}

TEST(Batch, TakesTheGoodAndKeepsTheOthersAsTheyCame) {
    const Taken taken = taken_of(
        R"({"writeKey":"secret","batch":[{"type":"track","userId":"u","event":"E"},7,{"type":"dance","userId":"u"},
        {"type":"group","userId":"u"},{"type":"page","userId":"u","messageId":"m"}]})");
    ASSERT_EQ(taken.messages.size(), 2U);
    EXPECT_EQ(taken.messages[0].id, "made");
    EXPECT_EQ(taken.messages[1].id, "m");
    EXPECT_EQ(reasons_of(taken),
        (Reasons{"tracking.not_an_object ", "tracking.unknown_type /type", "tracking.missing /groupId"}));
    EXPECT_EQ(taken.refused[1].text, R"({"type":"dance","userId":"u"})");
}

TEST(Batch, IsAList) {
    for (const std::string_view body : {"{}", R"({"batch":null})", R"({"batch":{}})"})
        EXPECT_EQ(take_batch(json(body), noon()).error().code, "tracking.not_a_batch");
}

TEST(Batch, HasMembersThatHoldForEachMessageThatDoesNotSayOtherwise) {
    const Taken taken = taken_of(
        R"({"context":{"ip":"1.1.1.1","locale":"zh"},"integrations":{"All":false},"sentAt":"2026-01-01T11:00:05Z",
        "timestamp":"2026-01-01T11:00:00Z","batch":[{"type":"page","userId":"u"},
        {"type":"page","userId":"u","context":{"ip":"2.2.2.2"},"integrations":{"All":true},"sentAt":"2026-01-01T12:00:00Z","timestamp":"2026-01-01T11:59:00Z"}]})");
    ASSERT_EQ(taken.messages.size(), 2U);
    EXPECT_EQ(payload_of(taken.messages[0]),
        json(R"({"type":"page","userId":"u","context":{"ip":"1.1.1.1","locale":"zh"},"integrations":{"All":false},
        "sentAt":"2026-01-01T11:00:05Z","timestamp":"2026-01-01T11:59:55Z","originalTimestamp":"2026-01-01T11:00:00Z"})"));
    EXPECT_EQ(payload_of(taken.messages[1]),
        json(R"({"type":"page","userId":"u","context":{"ip":"2.2.2.2","locale":"zh"},"integrations":{"All":true},
        "sentAt":"2026-01-01T12:00:00Z","timestamp":"2026-01-01T11:59:00Z","originalTimestamp":"2026-01-01T11:59:00Z"})"));
}

TEST(Batch, KeepsASharedMemberThatIsNoObject) {
    const Taken taken = taken_of(R"({"context":7,"batch":[{"type":"page","userId":"u"}]})");
    EXPECT_EQ(taken.messages.size(), 1U);
    EXPECT_EQ(reasons_of(taken), Reasons{"tracking.wrong_type /context"});
}

TEST(Batch, Takes2500MessagesAndKeepsTheRestAsRefused) {
    boost::json::array messages(batch_messages_max + 3, json(R"({"type":"page","userId":"u"})"));
    const auto taken = take_batch({{"batch", messages}}, noon());
    EXPECT_EQ(taken->messages.size(), batch_messages_max);
    EXPECT_EQ(reasons_of(*taken), Reasons(3, "tracking.too_many "));
}

TEST(Batch, IsNotBlownUpByWhatItSaysForAll) {
    boost::json::array messages(batch_messages_max, json(R"({"type":"page","userId":"u"})"));
    const boost::json::object context{{"filler", std::string(30'000, 'x')}};
    const auto taken = take_batch({{"batch", messages}, {"context", context}}, noon());
    std::size_t bytes = 0;
    for (const Message& message : taken->messages)
        bytes += message.payload.size();
    EXPECT_LE(bytes, batch_payload_bytes_max + message_bytes_max);
    EXPECT_EQ(taken->messages.size() + taken->refused.size(), batch_messages_max);
    EXPECT_LT(taken->refused.back().text.size(), 100U);
}

} // namespace
} // namespace onefold::tracking
