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

// A track message of exactly this size, as it is sent.
std::string message_of(std::size_t bytes) {
    std::string text =
        R"({"type":"track","userId":"u","event":"E","messageId":"m","timestamp":"2026-01-01T11:00:00Z","text":""})";
    text.insert(text.size() - 2, std::string(bytes - text.size(), 'x'));
    VERIFY(text.size() == bytes);
    return text;
}

TEST(Single, IsAsLargeAsItWasSentWhateverIsAddedToIt) {
    const Occasion from_visitor = noon(true);
    const auto whole = take_single(json(message_of(message_bytes_max)), "track", from_visitor);
    ASSERT_TRUE(whole);
    ASSERT_EQ(whole->messages.size(), 1U);
    EXPECT_GT(whole->messages[0].payload.size(), message_bytes_max) << "with originalTimestamp and context.ip";
    EXPECT_EQ(
        take_single(json(message_of(message_bytes_max + 1)), "track", from_visitor).error().code, "tracking.too_large");
}

TEST(Batch, HasMessagesAsLargeAsTheyWereSentBesideWhatItSaysForAll) {
    const std::string context = fmt::format(R"("context":{{"filler":"{}"}})", std::string(2 << 10, 'c'));
    const Taken taken = taken_of(fmt::format(R"({{"batch":[{},{},{}],"sentAt":"2026-01-01T12:00:00Z",{}}})",
        message_of(31 << 10), message_of(message_bytes_max), message_of(message_bytes_max + 1), context));
    EXPECT_EQ(taken.messages.size(), 2U);
    EXPECT_EQ(reasons_of(taken), Reasons{"tracking.too_large "});
}

TEST(Batch, ThatWasRefusedIsKeptWholeWithWhatItSaysForAll) {
    const std::string context = fmt::format(R"("context":{{"filler":"{}"}})", std::string(2 << 10, 'c'));
    Taken taken = refuse_all(taken_of(fmt::format(R"({{"batch":[{}],{}}})", message_of(message_bytes_max), context)),
        {"tracking.origin_not_allowed", "https://example.com"});
    EXPECT_EQ(json(taken.refused.at(0).text).at("context").at("filler").as_string().size(), 2U << 10);
}

TEST(Batch, MaySayForAllAsMuchAsAMessage) {
    const auto with = [](std::size_t bytes) {
        return taken_of(fmt::format(R"({{"context":{{"filler":"{}"}},"batch":[{{"type":"page","userId":"u"}}]}})",
            std::string(bytes - std::string_view(R"({"filler":""})").size(), 'c')));
    };
    EXPECT_EQ(with(message_bytes_max).messages.size(), 1U);
    const Taken taken = with(message_bytes_max + 1);
    EXPECT_EQ(reasons_of(taken), Reasons{"tracking.shared_too_large "});
    EXPECT_EQ(taken.refused[0].text, R"({"type":"page","userId":"u"})");
}

TEST(Batch, HasNoMessageThatGrowsBeyondTheLogsMeasure) {
    std::string text; // half as large as sent as it is when it is kept
    for (std::size_t i = 0; i < 15'000; ++i)
        text += R"(\b)";
    const Taken taken = taken_of(fmt::format(
        R"({{"context":{{"shared":"{0}"}},"batch":[{{"type":"page","userId":"u","properties":{{"own":"{0}"}}}}]}})",
        text));
    EXPECT_EQ(reasons_of(taken), Reasons{"tracking.formed_too_large "});
}

TEST(Batch, TakesTheGoodAndKeepsTheOthersAsTheyCame) {
    const Taken taken = taken_of(
        R"({"writeKey":"secret","batch":[{"type":"track","userId":"u","event":"E"},7,
        {"type":"dance","userId":"u","writeKey":"secret"},{"type":"group","userId":"u","writeKey":"secret"},
        {"type":"page","userId":"u","messageId":"m","writeKey":"secret"}]})");
    ASSERT_EQ(taken.messages.size(), 2U);
    EXPECT_EQ(taken.messages[0].id, "made");
    EXPECT_EQ(taken.messages[1].id, "m");
    EXPECT_EQ(reasons_of(taken),
        (Reasons{"tracking.not_an_object ", "tracking.unknown_type /type", "tracking.missing /groupId"}));
    EXPECT_EQ(taken.refused[1].text, R"({"type":"dance","userId":"u"})");
    for (const Message& message : taken.messages)
        EXPECT_EQ(message.payload.find("secret"), std::string::npos);
    for (const Refused& one : taken.refused)
        EXPECT_EQ(one.text.find("secret"), std::string::npos) << one.reason.code;
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
    boost::json::array messages(batch_messages_max + 3, json(R"({"type":"page","userId":"u","writeKey":"secret"})"));
    const auto taken = take_batch({{"batch", messages}}, noon());
    EXPECT_EQ(taken->refused.at(0).text, R"({"type":"page","userId":"u"})");
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
    EXPECT_LE(bytes, batch_payload_bytes_max + formed_bytes_max);
    EXPECT_EQ(taken->messages.size() + taken->refused.size(), batch_messages_max);
    EXPECT_LT(taken->refused.back().text.size(), 100U);
    EXPECT_EQ(taken->refused.back().reason.code, "tracking.batch_too_large");
}

} // namespace
} // namespace onefold::tracking
