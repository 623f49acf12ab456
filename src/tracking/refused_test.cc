#include "testing/databases.h"
#include "tracking/refused.h"
#include "tracking/tracking.h"
#include "tracking/tracking_rig.h"

#include <gtest/gtest.h>

namespace onefold::tracking {
namespace {

class RefusedMessagesTest : public testing::OnBothDatabases {
  protected:
    const Instant now_ = at("2026-01-01T00:00:00Z");
    static std::vector<Refused> some(std::size_t count, std::string_view text) {
        return std::vector<Refused>(count, refused({"tracking.missing", "/event"}, text));
    }
};
ON_BOTH_DATABASES(RefusedMessagesTest);

TEST_P(RefusedMessagesTest, AreKeptWithTheirReasonNewestFirst) {
    auto database = open({schema()});
    RefusedMessages messages(*database);
    ASSERT_TRUE(messages.keep(SourceId{2}, now_, some(2, "{}")));
    ASSERT_TRUE(messages.keep(SourceId{2}, now_, {refused({"tracking.nobody", ""}, R"({"名":"\u0000"})")}));
    ASSERT_TRUE(messages.keep(SourceId{3}, now_, some(1, "{}")));
    const auto all = messages.list(SourceId{2}, {}, {}, 10);
    ASSERT_EQ(all->size(), 3U);
    EXPECT_EQ(all->front().code, "tracking.nobody");
    EXPECT_EQ(all->front().message, R"({"名":"\u0000"})");
    EXPECT_EQ(all->front().at, now_);
    EXPECT_EQ(all->back().path, "/event");
    EXPECT_EQ(messages.list(SourceId{2}, {}, all->front().id, 1)->front().id, (*all)[1].id);
}

TEST_P(RefusedMessagesTest, AreTheNewestOfEachSource) {
    auto database = open({schema()});
    constexpr std::int64_t most = RefusedMessages::kept_max;
    {
        RefusedMessages messages(*database);
        ASSERT_TRUE(messages.keep(SourceId{3}, now_, some(1, "other")));
        for (int i = 0; i < 5; ++i)
            ASSERT_TRUE(messages.keep(SourceId{2}, now_, some(2500, "old")));
        EXPECT_LE(std::int64_t(messages.list(SourceId{2}, {}, {}, 2 * most)->size()), most + most / 10);
    }
    RefusedMessages again(*database);
    ASSERT_TRUE(again.keep(SourceId{2}, now_, some(1, "new")));
    const auto all = again.list(SourceId{2}, {}, {}, 2 * most);
    EXPECT_EQ(std::int64_t(all->size()), most);
    EXPECT_EQ(all->front().message, "new");
    EXPECT_EQ(again.list(SourceId{3}, {}, {}, 2)->size(), 1U);
}

TEST_P(RefusedMessagesTest, AreFoundByTheirReasonAndCountedByIt) {
    auto database = open({schema()});
    RefusedMessages messages(*database);
    ASSERT_TRUE(messages.keep(SourceId{2}, now_, some(2, "{}"), "203.0.113.7"));
    ASSERT_TRUE(messages.keep(SourceId{2}, now_, {refused({"tracking.missing", "/groupId"}, "{}", "group")}));
    ASSERT_TRUE(messages.keep(SourceId{3}, now_, some(5, "{}")));
    const auto reasons = messages.list_reasons(SourceId{2});
    ASSERT_EQ(reasons->size(), 2U);
    EXPECT_EQ(reasons->front().path, "/event");
    EXPECT_EQ(reasons->front().count, 2);
    const RefusedFilter group{RefusedState::open, "tracking.missing", "/groupId"};
    const auto found = messages.list(SourceId{2}, group, {}, 10);
    ASSERT_EQ(found->size(), 1U);
    EXPECT_EQ(found->front().call, "group");
    EXPECT_EQ(found->front().address, "");
    EXPECT_EQ(messages.get(RefusedId{found->front().id.value - 1})->address, "203.0.113.7");
    EXPECT_EQ(messages.list_oldest(SourceId{2}, {}, {}, 1)->front().path, "/event");
}

TEST_P(RefusedMessagesTest, WhatIsSentAgainIsThereOnce) {
    auto database = open({schema()});
    RefusedMessages messages(*database);
    const auto batch = [](std::string_view received) {
        std::vector<Refused> all;
        for (int i = 0; i < 3; ++i)
            all.push_back(refused({"tracking.origin_not_allowed", "https://other.example"},
                fmt::format(R"({{"messageId":"m-{}","receivedAt":"{}"}})", i, received)));
        return all;
    };
    const Instant later = at("2026-01-01T00:01:00Z");
    ASSERT_TRUE(messages.keep(SourceId{2}, now_, batch("first")));
    ASSERT_TRUE(messages.keep(SourceId{2}, later, batch("again")));
    auto both = batch("at once");
    both.push_back(both.front());
    ASSERT_TRUE(messages.keep(SourceId{2}, later, both));
    const auto all = messages.list(SourceId{2}, {}, {}, 10);
    ASSERT_EQ(all->size(), 3U);
    EXPECT_EQ(all->back().times, 4);
    EXPECT_EQ(all->front().times, 3);
    EXPECT_EQ(all->front().at, now_);
    EXPECT_EQ(all->front().last_at, later);
    EXPECT_NE(all->front().message.find("first"), std::string::npos);

    ASSERT_TRUE(messages.keep(SourceId{3}, now_, batch("first")));
    ASSERT_TRUE(messages.keep(SourceId{2}, now_, {refused({"tracking.missing", "/event"}, R"({"messageId":"m-0"})")}));
    ASSERT_TRUE(messages.keep(SourceId{2}, now_, some(2, "{}")));
    ASSERT_TRUE(messages.keep(SourceId{2}, now_, some(2, "")));
    EXPECT_EQ(messages.list(SourceId{3}, {}, {}, 10)->size(), 3U) << "another source";
    EXPECT_EQ(messages.list(SourceId{2}, {}, {}, 10)->size(), 8U) << "another reason, or no message id";
    EXPECT_EQ(messages.list_reasons(SourceId{2})->front().count, 5);
}

TEST_P(RefusedMessagesTest, LeaveTheListWhenTheyAreReplayedOrDiscarded) {
    auto database = open({schema()});
    RefusedMessages messages(*database);
    ASSERT_TRUE(messages.keep(SourceId{2}, now_, some(5, "{}")));
    const auto all = messages.list(SourceId{2}, {}, {}, 10);
    ASSERT_TRUE(messages.mark_replayed({(*all)[0].id, (*all)[1].id}, now_));
    EXPECT_EQ(*messages.discard((*all)[2].id), 1);
    EXPECT_EQ(*messages.discard((*all)[2].id), 0);
    EXPECT_EQ(messages.list(SourceId{2}, {}, {}, 10)->size(), 2U);
    EXPECT_EQ(messages.list(SourceId{2}, {RefusedState::replayed, {}, {}}, {}, 10)->size(), 2U);
    EXPECT_EQ(messages.get((*all)[2].id).error().code, "tracking.no_such_refused_message");
    EXPECT_EQ(*messages.discard_all(SourceId{2}, {RefusedState::open, "tracking.nobody", {}}), 0);
    EXPECT_EQ(*messages.discard_all(SourceId{2}, {RefusedState::open, "tracking.missing", {}}), 2);
    EXPECT_EQ(messages.list(SourceId{2}, {RefusedState::replayed, {}, {}}, {}, 10)->size(), 2U);
}

} // namespace
} // namespace onefold::tracking
