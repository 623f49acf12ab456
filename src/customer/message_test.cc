#include "customer/message.h"
#include "object/shipped.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <map>

namespace onefold::customer {
namespace {

const Instant received = *parse_rfc3339("2026-01-01T12:00:00Z");

source::Source web() {
    source::Source source;
    source.id = SourceId{4};
    source.name = "web";
    source.region = "CN";
    return source;
}

Message read(std::string payload, event_log::FrameKind kind = event_log::FrameKind::event) {
    event_log::Frame frame;
    frame.position = Position{77};
    frame.received_at = received;
    frame.source_id = SourceId{4};
    frame.kind = kind;
    frame.payload = std::move(payload);
    return read_message(frame, web());
}

// "type[@scope]:value" of each identifier.
std::vector<std::string> references(const Message& message) {
    std::vector<std::string> all;
    for (const auto& identifier : message.subject.identifiers)
        all.push_back(fmt::format("{}{}{}:{}", identifier.type->code, identifier.scope.empty() ? "" : "@",
            identifier.scope, identifier.value));
    return all;
}

std::map<std::string, std::string> facts(const Message& message) {
    std::map<std::string, std::string> all;
    for (const auto& fact : message.subject.facts)
        all[std::string(object::find_golden_field(fact.field)->code)] = fact.value;
    return all;
}

using References = std::vector<std::string>;
using Facts = std::map<std::string, std::string>;

TEST(ReadMessage, ATrackHasNamePropertiesAndTheTimeItHappened) {
    const auto message = read(
        R"({"type":"track","userId":"u1","anonymousId":"b1","event":"Product Viewed","properties":{"sku":"x","price":9.5},
        "timestamp":"2025-12-31T23:00:00.5+08:00"})");
    EXPECT_EQ(message.kind, "track");
    EXPECT_EQ(message.name, "Product Viewed");
    EXPECT_EQ(to_rfc3339(message.at), "2025-12-31T15:00:00.500Z");
    EXPECT_EQ(message.properties.at("price"), 9.5);
    EXPECT_EQ(message.subject.key, "user_id:u1");
    EXPECT_EQ(message.subject.cause, "log:77");
    EXPECT_EQ(message.subject.at, message.at);
    EXPECT_EQ(references(message), (References{"user_id:u1", "anonymous_id:b1"}));
}

TEST(ReadMessage, AnAnonymousVisitorIsTheirBrowser) {
    const auto message = read(R"({"type":"page","anonymousId":"b1","properties":{"path":"/pricing"}})");
    EXPECT_EQ(message.subject.key, "anonymous_id:b1");
    EXPECT_EQ(message.name, "/pricing") << "a page without a name is its path";
    EXPECT_EQ(message.at, received) << "without a timestamp, when it came";
    EXPECT_EQ(read(R"({"type":"page","anonymousId":"b1","name":"Pricing","properties":{"path":"/pricing"}})").name,
        "Pricing");
}

TEST(ReadMessage, NumbersServeAsIds) {
    EXPECT_EQ(read(R"({"type":"track","event":"x","userId":17850})").subject.key, "user_id:17850");
    EXPECT_EQ(references(read(R"({"type":"track","event":"x","userId":17850})")), (References{"user_id:17850"}));
    EXPECT_EQ(references(read(R"({"type":"identify","userId":12345678901234567,"traits":{"phone":13912345678}})")),
        (References{"user_id:12345678901234567", "phone:+8613912345678"}));
}

TEST(ReadMessage, OnePersonWrittenInTwoWaysHasOneKey) {
    EXPECT_EQ(read(R"({"type":"track","event":"x","userId":"17850.0"})").subject.key,
        read(R"({"type":"track","event":"x","userId":17850})").subject.key);
    EXPECT_EQ(read(R"({"type":"track","event":"x","userId":17850.0})").subject.key,
        read(R"({"type":"track","event":"x","userId":17850})").subject.key);
}

TEST(ReadMessage, AnIdThatIsAPlaceholderIsNobody) {
    const auto message = read(R"({"type":"track","event":"x","userId":"null","anonymousId":"b1"})");
    EXPECT_EQ(message.subject.key, "anonymous_id:b1");
    EXPECT_EQ(read(R"({"type":"track","event":"x","userId":"undefined"})").subject.key, "");
}

TEST(ReadMessage, TraitsBecomeFactsAndIdentifiers) {
    const auto message = read(
        R"({"type":"identify","userId":"u1","traits":{"firstName":"Fang","lastName":"Wang","email":"Fang@Example.CN","phone":"139 1234 5678",
        "address":{"street":"南京路1号","city":"上海","state":"上海市","country":"CN","postalCode":200001},"company":{"name":"归一","id":7},"age":33,
        "title":"  经理 ","plan":"gold"}})");
    EXPECT_EQ(references(message), (References{"user_id:u1", "email:fang@example.cn", "phone:+8613912345678"}));
    EXPECT_EQ(facts(message), (Facts{{"first_name", "Fang"}, {"last_name", "Wang"}, {"name", "Fang Wang"},
                                  {"address", "南京路1号"}, {"city", "上海"}, {"province", "上海市"}, {"country", "CN"},
                                  {"postal_code", "200001"}, {"company", "归一"}, {"age", "33"}, {"title", "经理"}}));
    EXPECT_EQ(message.properties.at("plan"), "gold") << "what is no field stays with the event";
    EXPECT_EQ(
        facts(
            read(
                R"({"type":"identify","userId":"u1","traits":{"company":"归一","name":"王芳","firstName":"Fang","lastName":"Wang"}})"))
            .at("name"),
        "王芳");
    EXPECT_EQ(
        facts(read(R"({"type":"identify","userId":"u1","traits":{"company":"归一"}})")), (Facts{{"company", "归一"}}));
}

TEST(ReadMessage, ANameStandsAsItIsWrittenWhereTheFamilyComesFirst) {
    const auto name_of = [](std::string_view first, std::string_view last) {
        return facts(
            read(fmt::format(
                R"({{"type":"identify","userId":"u1","traits":{{"firstName":"{}","lastName":"{}"}}}})", first, last)))
            .at("name");
    };
    EXPECT_EQ(name_of("小明", "王"), "王小明");
    EXPECT_EQ(name_of("민수", "김"), "김민수");
    EXPECT_EQ(name_of("小明", "Wang"), "小明 Wang");
    EXPECT_EQ(name_of("Zoë", "Ångström"), "Zoë Ångström");
}

TEST(ReadMessage, TraitsMayBeSpeltWithUnderscores) {
    const auto message = read(
        R"({"type":"identify","userId":"u1","traits":{"first_name":"Fang","last_name":"Wang","address":{"postal_code":"200001"}}})");
    EXPECT_EQ(facts(message),
        (Facts{{"first_name", "Fang"}, {"last_name", "Wang"}, {"name", "Fang Wang"}, {"postal_code", "200001"}}));
}

TEST(ReadMessage, TraitsInTheContextOfATrackCountToo) {
    const auto message = read(
        R"({"type":"track","event":"x","userId":"u1","context":{"traits":{"email":"a@example.cn","name":"Ann"}}})");
    EXPECT_EQ(references(message), (References{"user_id:u1", "email:a@example.cn"}));
    EXPECT_EQ(facts(message), (Facts{{"name", "Ann"}}));
}

TEST(ReadMessage, WhatCannotBeReadIsLeftOut) {
    EXPECT_EQ(references(read(R"({"type":"identify","userId":"u1","traits":{"email":"not an address","phone":"12"}})")),
        (References{"user_id:u1"}));
    EXPECT_EQ(read("not json").subject.key, "");
    EXPECT_EQ(read("[1,2]").subject.key, "");
    EXPECT_EQ(read(R"({"type":"track","event":"x"})").subject.key, "");
    EXPECT_EQ(read(R"({"type":"track","userId":{"a":1},"event":["x"],"properties":"none","timestamp":"yesterday"})")
                  .subject.key,
        "");
    EXPECT_EQ(read(R"({"type":"track","userId":null,"anonymousId":"","event":null})").subject.key, "");
    EXPECT_EQ(read(R"({"type":"identify","userId":"u","traits":[1]})").subject.key, "user_id:u");
}

TEST(ReadMessage, AnImportedClaimComesBackAsItWasWritten) {
    ImportedMessage claim;
    claim.subject_key = "member_no@shop:17850";
    claim.subject_kind = identity::NodeKind::organisation;
    claim.identifiers = {{identity::find_identifier_type("member_no"), "shop", "17850", false},
        {identity::find_identifier_type("phone"), "", "+8613800138000", true}};
    claim.facts = {{"name", "归一"}, {"city", "上海"}};
    claim.at = *parse_rfc3339("2010-12-01T08:26:00Z");
    const auto message = read(payload_of(claim), event_log::FrameKind::claim);
    EXPECT_EQ(message.kind, "claim");
    EXPECT_EQ(message.at, claim.at);
    EXPECT_EQ(message.subject.key, claim.subject_key);
    EXPECT_EQ(message.subject.kind, identity::NodeKind::organisation);
    EXPECT_EQ(references(message), (References{"member_no@shop:17850", "phone:+8613800138000"}));
    EXPECT_FALSE(message.subject.identifiers[0].is_blocked);
    EXPECT_TRUE(message.subject.identifiers[1].is_blocked);
    EXPECT_EQ(facts(message), (Facts{{"name", "归一"}, {"city", "上海"}}));
}

TEST(ReadMessage, AnImportedEventHasItsNameAndProperties) {
    ImportedMessage event;
    event.kind = "track";
    event.name = "Campaign Opened";
    event.subject_key = "k";
    event.at = received;
    event.properties = {{"campaign", "spring"}};
    const auto message = read(payload_of(event), event_log::FrameKind::imported);
    EXPECT_EQ(message.kind, "track");
    EXPECT_EQ(message.name, "Campaign Opened");
    EXPECT_EQ(message.properties.at("campaign"), "spring");
}

} // namespace
} // namespace onefold::customer
