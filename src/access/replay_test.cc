#include "access/access_rig.h"

namespace onefold::access {
namespace {

using http::Method;
using namespace std::chrono_literals;

class ReplayTest : public AccessRig {
  protected:
    static constexpr std::string_view operation = "thing.create";
    static Caller user(std::int64_t id) {
        Caller caller;
        caller.principal = {Principal::Kind::user, id, Role::admin};
        return caller;
    }
    std::optional<http::Replays::Known> begin(
        const Caller& caller, std::string_view key, std::string_view digest = "d") {
        auto known = replays_->begin(caller, operation, key, digest);
        if (!known)
            ADD_FAILURE() << known.error().code << " " << known.error().message.in("en");
        VERIFY(known);
        return std::move(*known);
    }
};
ON_BOTH_DATABASES(ReplayTest);

TEST_P(ReplayTest, AKeyIsClaimedOnceAndAnswersWithWhatWasAnswered) {
    EXPECT_FALSE(begin(user(1), "k"));
    auto known = begin(user(1), "k", "another");
    ASSERT_TRUE(known);
    EXPECT_FALSE(known->is_finished);
    EXPECT_NE(known->body_digest, "another");
    EXPECT_EQ(begin(user(1), "k")->body_digest, "d");
    ASSERT_TRUE(replays_->finish(user(1), operation, "k", {201, {{"ETag", "\"1\""}}, R"({"name":"王芳"})"}));
    start();
    known = begin(user(1), "k");
    ASSERT_TRUE(known);
    EXPECT_TRUE(known->is_finished);
    EXPECT_EQ(known->answer.status, 201);
    EXPECT_EQ(known->answer.body, R"({"name":"王芳"})");
    EXPECT_EQ(known->answer.headers, (std::vector<std::pair<std::string, std::string>>{{"ETag", "\"1\""}}));
}

TEST_P(ReplayTest, AfterAStopInTheMiddleTheAnswerSaysThatNobodyKnows) {
    EXPECT_FALSE(begin(user(1), "k"));
    outside_.clock.advance(1s);
    start();
    const auto known = begin(user(1), "k");
    ASSERT_TRUE(known);
    EXPECT_TRUE(known->is_finished);
    EXPECT_EQ(known->answer.status, 409);
    EXPECT_NE(known->answer.body.find("access.in_doubt"), std::string::npos);
}

TEST_P(ReplayTest, AFailedCreateGivesItsKeyBack) {
    EXPECT_FALSE(begin(user(1), "k"));
    ASSERT_TRUE(replays_->abandon(user(1), operation, "k"));
    EXPECT_FALSE(begin(user(1), "k"));
}

TEST_P(ReplayTest, KeysOfOthersAndOfOtherOperationsAreTheirOwn) {
    EXPECT_FALSE(begin(user(1), "k"));
    EXPECT_FALSE(begin(user(2), "k"));
    EXPECT_FALSE(*replays_->begin(user(1), "other.create", "k", "d"));
}

TEST_P(ReplayTest, AKeyIsForgottenAfterThirtyDays) {
    EXPECT_FALSE(begin(user(1), "k"));
    outside_.clock.advance(24h * 30);
    EXPECT_TRUE(begin(user(1), "k"));
    outside_.clock.advance(1s);
    EXPECT_FALSE(begin(user(1), "k"));
}

TEST_P(ReplayTest, WhatIsShownOnlyOnceIsNotKeptInClear) {
    auto headers = bearer(token_of(Role::admin));
    headers.emplace_back("idempotency-key", "k1");
    const auto made = send(Method::post, "/api/v1/tokens", R"({"name":"export"})", headers),
               again = send(Method::post, "/api/v1/tokens", R"({"name":"export"})", headers);
    EXPECT_EQ(made.status, 201);
    EXPECT_EQ(made.body, again.body);
    const auto kept = database_->read([](store::Session& session) {
        return session.find(
            "SELECT answer FROM replay", {}, [](const store::Row& row) { return std::string(row.blob(0)); });
    });
    ASSERT_TRUE(kept && *kept);
    EXPECT_GT((*kept)->size(), 100u);
    EXPECT_EQ((*kept)->find(std::string(made.body.at("token").as_string())), std::string::npos);
}

TEST_P(ReplayTest, TheSameCreateTwiceMakesOneUser) {
    auto headers = bearer(token_of(Role::admin));
    headers.emplace_back("idempotency-key", "k1");
    const std::string body = R"({"email":"bob@example.cn","role":"viewer","password":"correct horse"})";
    const auto first = send(Method::post, "/api/v1/users", body, headers),
               second = send(Method::post, "/api/v1/users", body, headers);
    EXPECT_EQ(first.status, 201);
    EXPECT_EQ(second.status, 201);
    EXPECT_EQ(first.body, second.body);
    EXPECT_EQ(get("/api/v1/users", bearer(token_of(Role::admin))).body.at("items").as_array().size(), 1u);
}

} // namespace
} // namespace onefold::access
