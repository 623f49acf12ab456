#include "fetch/remote.h"

#include <gtest/gtest.h>

namespace onefold::fetch {
namespace {

TEST(Remote, AQuestionArrivesAsItWasAsked) {
    Ask ask;
    ask.act = Act::put_away;
    ask.settings.place = PlaceKind::sftp;
    ask.settings.host = "files.example.com";
    ask.settings.port = 2022;
    ask.settings.login = "我";
    ask.settings.host_key = "SHA256:x";
    ask.settings.size_mb_max = 7;
    ask.secrets = {"pass\nword", "key", "phrase"};
    ask.networks = {"10.0.0.0/8"};
    ask.move = {{"订单.csv", 5, 6, 0}, "archive", "订单.1.csv", "why"};
    const Ask heard = ask_of(to_json(ask));
    EXPECT_EQ(heard.act, Act::put_away);
    EXPECT_EQ(heard.settings.host, ask.settings.host);
    EXPECT_EQ(heard.settings.port, 2022);
    EXPECT_EQ(heard.settings.login, "我");
    EXPECT_EQ(heard.settings.host_key, "SHA256:x");
    EXPECT_EQ(heard.settings.size_mb_max, 7);
    EXPECT_EQ(heard.secrets.password, "pass\nword");
    EXPECT_EQ(heard.secrets.passphrase, "phrase");
    EXPECT_EQ(networks_of(heard).size(), 1U);
    EXPECT_EQ(heard.move.seen, ask.move.seen);
    EXPECT_EQ(heard.move.to_name, "订单.1.csv");
    EXPECT_EQ(heard.limits.fetch_max, ask.limits.fetch_max);
}

TEST(Remote, WhatIsNoUtf8DoesNotSpoilTheAnswer) {
    Answer answer;
    answer.host_key = "SHA256:y";
    answer.error = Error{ErrorKind::forbidden, "fetch.refused", LocalText("a\xff")};
    answer.arrived = Arrived{{"a\xfe.csv", 1, 2, 0}, {"\"\xff\"", ""}};
    const auto heard = answer_of(to_json(answer));
    ASSERT_TRUE(heard);
    EXPECT_EQ(heard->error->kind, ErrorKind::forbidden);
    EXPECT_EQ(heard->error->message.in("zh-CN"), "a?");
    EXPECT_EQ(heard->arrived->seen.name, "a?.csv");
    EXPECT_EQ(heard->arrived->mark.etag, "\"?\"");
}

TEST(Remote, AnAnswerThatIsNoneIsNone) {
    for (const std::string_view text : {"", "{", "[]", "7", "\"x\"", "{\"files\":"})
        EXPECT_FALSE(answer_of(text)) << text;
    const auto odd = answer_of(R"({"error":{"kind":99},"moved":-3,"files":[1,{"name":2}],"arrived":7})");
    ASSERT_TRUE(odd);
    EXPECT_EQ(odd->error->kind, ErrorKind::internal);
    EXPECT_EQ(odd->moved.moved, Moved::done);
}

} // namespace
} // namespace onefold::fetch
