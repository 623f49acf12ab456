// The whole door on a disk that can be told to wait.
#include "core/text.h"
#include "event_log/event_log_rig.h"
#include "http/fake_plugs.h"
#include "testing/databases.h"
#include "tracking/refused.h"
#include "tracking/tracking.h"
#include "tracking/whole.h"

#include <future>

namespace onefold::tracking {
namespace {

using namespace std::chrono_literals;

class DoorTest : public testing::OnBothDatabases {
  protected:
    void SetUp() override {
        database_ = open({change::schema(), company::schema(), source::schema(), traffic::schema(), schema()});
        keys_ = std::move(*access::Keys::open(outside_, disk_.folder.path()));
        sources_ = std::make_unique<source::Sources>(*database_, *keys_, outside_);
        ASSERT_TRUE(sources_->load());
        log_ = disk_.open();
        traffic_ = std::make_unique<traffic::Traffic>(*database_, *log_, *sources_, outside_);
        ASSERT_TRUE(traffic_->start());
        door_ = std::make_unique<Tracking>(*database_, *log_, *sources_, *traffic_, outside_);
        door_->add_routes(contract_);
        contract_.connect({plugs_.gatekeeper, plugs_.positions, plugs_.replays});
        Caller caller;
        caller.principal = {Principal::Kind::local, 0, Role::admin};
        const auto made = sources_->create(caller, {"app", source::Kind::api, "", "", ""});
        ASSERT_TRUE(made) << made.error().message.in("en");
        source_ = made->source.id;
        key_ = made->write_key;
    }

    http::Incoming track(std::string_view message_id, std::string_view language = "en") const {
        http::Incoming incoming{.method = http::Method::post, .path = "/v1/track"};
        incoming.headers = {
            {"authorization", "Basic " + to_base64url(key_ + ":")}, {"accept-language", std::string(language)}};
        incoming.body = fmt::format(R"({{"userId":"u","event":"E","messageId":"{}"}})", message_id);
        return incoming;
    }
    http::Incoming by_body(std::string_view rest) const {
        return {.method = http::Method::post,
            .path = "/v1/batch",
            .body = fmt::format(R"({{"writeKey":"{}",{})", key_, rest)};
    }
    http::Incoming pixel(std::string_view message_id) const {
        return {.method = http::Method::get,
            .path = "/v1/pixel/track",
            .query = fmt::format("userId=u&event=Opened&messageId={}&writeKey={}", message_id, key_)};
    }
    std::vector<RefusedMessage> refused_messages() const {
        return *RefusedMessages(*database_).list(source_, {}, {}, 100);
    }
    static void expect_picture(const http::Outgoing& answer) {
        EXPECT_EQ(answer.status, 200);
        EXPECT_EQ(header(answer, "Content-Type"), "image/gif");
        EXPECT_TRUE(answer.body.starts_with("GIF89a"));
    }
    std::future<http::Outgoing> send(http::Incoming incoming) {
        auto answer = std::make_shared<std::promise<http::Outgoing>>();
        contract_.dispatch(
            std::move(incoming), [answer](http::Outgoing outgoing) { answer->set_value(std::move(outgoing)); });
        return answer->get_future();
    }
    std::int64_t counted(std::int64_t traffic::Count::* what) const {
        std::int64_t sum = 0;
        const auto counts = traffic_->counts(source_, traffic::Span::minute, outside_.clock.now() - 24h);
        for (const auto& [at, count] : *counts)
            sum += count.*what;
        return sum;
    }
    std::int64_t limited() const { return counted(&traffic::Count::limited); }
    void make_tracker(std::vector<std::string> origins, source::Consent consent = source::Consent::none) {
        Caller caller;
        caller.principal = {Principal::Kind::local, 0, Role::admin};
        const auto made = sources_->create(caller, {"site", source::Kind::tracker, "", "", ""});
        ASSERT_TRUE(made) << made.error().message.in("en");
        source_ = made->source.id;
        key_ = made->write_key;
        source::SourceEdit edit;
        edit.allowed_origins = std::move(origins);
        edit.consent = consent;
        ASSERT_TRUE(sources_->update(caller, source_, made->source.version, edit));
    }
    int start_on(std::string_view origin) {
        http::Incoming settings{.method = http::Method::get, .path = "/v1/projects/" + key_ + "/settings"};
        settings.headers = {{"origin", std::string(origin)}};
        return send(std::move(settings)).get().status;
    }
    static std::string header(const http::Outgoing& outgoing, std::string_view name) {
        for (const auto& [one, value] : outgoing.headers)
            if (one == name)
                return value;
        return "";
    }

    event_log::Rig disk_;
    const runtime::Outside outside_ = disk_.outside();
    std::unique_ptr<store::Database> database_;
    std::unique_ptr<access::Keys> keys_;
    std::unique_ptr<source::Sources> sources_;
    std::unique_ptr<event_log::EventLog> log_;
    std::unique_ptr<traffic::Traffic> traffic_;
    std::unique_ptr<Tracking> door_;
    http::FakePlugs plugs_;
    http::Contract contract_;
    SourceId source_;
    std::string key_;
};
ON_BOTH_DATABASES(DoorTest);

TEST_P(DoorTest, WhileTheLogIsASecondBehindMessagesAreRefusedAtOnceAndCounted) {
    EXPECT_EQ(send(track("first of all")).get().status, 200);
    disk_.files.hold_syncs();
    auto waiting = send(track("waits"));
    disk_.files.wait_for_held_sync();
    disk_.clock.advance(1500ms);

    http::Incoming broken = track("refused");
    broken.body = "{";
    const auto refused = send(std::move(broken)).get();
    EXPECT_EQ(refused.status, 429) << "before the body is parsed";
    EXPECT_NE(refused.body.find("event_log.busy"), std::string::npos);
    EXPECT_EQ(header(refused, "Retry-After"), "2");
    EXPECT_EQ(header(refused, "X-RateLimit-Reset"), "2");
    EXPECT_EQ(limited(), 1);
    EXPECT_EQ(send(by_body("{")).get().status, 429) << "with a key in the body";
    EXPECT_EQ(limited(), 2) << "which begins with it";
    http::Incoming settings{.method = http::Method::get, .path = "/v1/projects/" + key_ + "/settings"};
    EXPECT_EQ(send(std::move(settings)).get().status, 200) << "what only asks is answered";

    disk_.files.release_syncs();
    EXPECT_EQ(waiting.get().status, 200);
    EXPECT_EQ(send(track("refused")).get().status, 200);
    EXPECT_EQ(event_log::all_frames(*log_).size(), 3U);
}

TEST_P(DoorTest, WhatIsTurnedAwayUnreadIsCountedOfItsSource) {
    const auto chinese = contract_.turn_away(track("m", "zh-CN"));
    EXPECT_EQ(chinese.status, 429);
    EXPECT_EQ(header(chinese, "Retry-After"), "1");
    EXPECT_EQ(header(chinese, "X-RateLimit-Reset"), "1");
    EXPECT_NE(chinese.body.find("tracking.busy"), std::string::npos);
    EXPECT_NE(chinese.body.find("稍后重发"), std::string::npos);
    EXPECT_NE(contract_.turn_away(track("m")).body.find("send it again"), std::string::npos);
    EXPECT_EQ(limited(), 2);
    http::Incoming strange = track("m");
    strange.headers.clear();
    EXPECT_EQ(contract_.turn_away(strange).status, 429);
    EXPECT_EQ(limited(), 2);
    EXPECT_EQ(contract_.turn_away(by_body("\"batch\":[")).status, 429);
    EXPECT_EQ(limited(), 3) << "as our own tracker sends its key";
    strange.query = "writeKey=" + key_;
    EXPECT_EQ(contract_.turn_away(strange).status, 429);
    EXPECT_EQ(limited(), 4);
    EXPECT_EQ(
        contract_.turn_away({.method = http::Method::get, .path = "/v1/projects/" + key_ + "/settings"}).status, 429);
    EXPECT_EQ(log_->end(), Position{1});
}

TEST_P(DoorTest, AStartOfTheTrackerWhereItMayNotIsToldOfItsSource) {
    make_tracker({"https://shop.example"});
    EXPECT_EQ(start_on("https://shop.example"), 200);
    EXPECT_TRUE(refused_messages().empty());
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(start_on("https://copy.example"), 403);
    disk_.clock.advance(10s);
    EXPECT_EQ(start_on("https://copy.example"), 403);
    const auto kept = refused_messages();
    ASSERT_EQ(kept.size(), 1U);
    EXPECT_EQ(kept[0].code, "tracking.start_not_allowed");
    EXPECT_EQ(kept[0].path, "https://copy.example");
    EXPECT_EQ(kept[0].message, "");
    EXPECT_EQ(kept[0].times, 4);
    EXPECT_EQ(counted(&traffic::Count::refused), 4);
    EXPECT_NE(text_of(kept[0].code, kept[0].path).in("en").find("https://copy.example"), std::string::npos);
    for (int i = 0; i < 100; ++i)
        EXPECT_EQ(start_on(fmt::format("https://{}.example", i)), 403);
    EXPECT_EQ(refused_messages().size(), whole_reasons_max);
}

TEST_P(DoorTest, ARequestThatIsRefusedAsAWholeIsToldOfItsSource) {
    const auto kept_after = [&](http::Incoming incoming, int status) {
        EXPECT_EQ(send(std::move(incoming)).get().status, status);
        const auto kept = refused_messages();
        EXPECT_FALSE(kept.empty());
        return kept.empty() ? RefusedMessage{} : kept.front();
    };
    http::Incoming broken = track("m");
    broken.body = R"({"userId":"小)" + std::string("\xff\0", 2) + R"(","writeKey":")" + key_ + R"(",)";
    auto kept = kept_after(broken, 400);
    EXPECT_EQ(kept.code, "tracking.no_json");
    EXPECT_EQ(kept.call, "track");
    EXPECT_EQ(kept.message, R"({"userId":"?????","writeKey":"…",)") << "no key, and nothing that is no text";
    kept = kept_after(by_body(R"("batch":{}})"), 400);
    EXPECT_EQ(kept.code, "tracking.not_a_batch");
    EXPECT_EQ(kept.message, R"({"writeKey":"…","batch":{}})");
    http::Incoming large = track("m");
    large.body = fmt::format(R"({{"userId":"u","event":"E","a":"{}"}})", std::string(33 << 10, 'x'));
    kept = kept_after(large, 400);
    EXPECT_EQ(kept.code, "tracking.body_too_large");
    EXPECT_EQ(kept.message.size(), excerpt_bytes_max);
    http::Incoming unread = track("m");
    unread.headers.emplace_back("content-length", "2000000");
    unread.body.clear();
    EXPECT_EQ(send(std::move(unread)).get().status, 413);
    EXPECT_EQ(refused_messages().size(), 3U) << "for the same reason in the same hour";
    EXPECT_EQ(counted(&traffic::Count::refused), 4);

    make_tracker({}, source::Consent::required);
    EXPECT_EQ(kept_after(by_body("{"), 400).message, "") << "without consent";
}

TEST_P(DoorTest, WithoutAKeyTheAnswerSaysSo) {
    http::Incoming nobody = track("m");
    nobody.headers.clear();
    EXPECT_NE(send(nobody).get().body.find("tracking.no_write_key"), std::string::npos);
    key_ = "other";
    EXPECT_NE(send(track("m")).get().body.find("tracking.unknown_write_key"), std::string::npos);
}

TEST_P(DoorTest, AnImageIsAnsweredWithAPictureWhateverIsBusyAndKeptAsRefused) {
    EXPECT_EQ(send(track("first of all")).get().status, 200);
    disk_.files.hold_syncs();
    auto waiting = send(track("waits"));
    disk_.files.wait_for_held_sync();
    disk_.clock.advance(1500ms);
    expect_picture(send(pixel("p-1")).get());
    expect_picture(send(pixel("p-2")).get());
    const auto kept = refused_messages();
    ASSERT_EQ(kept.size(), 2U);
    EXPECT_EQ(kept[0].code, "tracking.held_back");
    EXPECT_EQ(kept[0].path, "event_log.busy");
    EXPECT_NE(kept[0].message.find("p-2"), std::string::npos);
    EXPECT_EQ(kept[0].message.find(key_), std::string::npos);
    EXPECT_EQ(limited(), 0);

    disk_.files.release_syncs();
    EXPECT_EQ(waiting.get().status, 200);
    http::Incoming replay{
        .method = http::Method::post, .path = fmt::format("/api/v1/refused_messages/{}/replay", to_string(kept[0].id))};
    replay.headers = {{"content-type", "application/json"}, {"authorization", "Bearer admin"}};
    replay.body = "{}";
    EXPECT_EQ(send(std::move(replay)).get().status, 200);
    const auto frames = event_log::all_frames(*log_);
    ASSERT_EQ(frames.size(), 3U);
    EXPECT_NE(frames.back().payload.find("\"Opened\""), std::string::npos);
}

TEST_P(DoorTest, AnImageThatIsTurnedAwayUnreadIsAPictureAndCounted) {
    expect_picture(contract_.turn_away(pixel("p")));
    expect_picture(contract_.turn_away({.method = http::Method::get, .path = "/i", .query = "e=pv&aid=" + key_}));
    EXPECT_EQ(limited(), 2);
    expect_picture(contract_.turn_away({.method = http::Method::get, .path = "/v1/pixel/track", .query = "data=?"}));
    EXPECT_EQ(limited(), 2);
    EXPECT_TRUE(refused_messages().empty());
}

TEST_P(DoorTest, AnImageThatComesTooFastIsKeptAsFastAsItMight) {
    source_ = SourceId{};
    Caller caller;
    caller.principal = {Principal::Kind::local, 0, Role::admin};
    const auto made = sources_->create(caller, {"site", source::Kind::tracker, "", "", ""});
    ASSERT_TRUE(made) << made.error().message.in("en");
    source_ = made->source.id;
    key_ = made->write_key;
    for (int i = 0; i < 200; ++i)
        expect_picture(send(pixel(fmt::format("p-{}", i))).get());
    const auto taken = std::int64_t(event_log::all_frames(*log_).size());
    const auto kept = std::int64_t(refused_messages().size());
    EXPECT_GT(taken, 0);
    EXPECT_GT(kept, 0);
    EXPECT_GT(limited(), 0);
    EXPECT_EQ(taken + kept + limited(), 200);
    EXPECT_EQ(refused_messages().front().path, "tracking.too_fast");
}

} // namespace
} // namespace onefold::tracking
