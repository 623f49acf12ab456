#include "testing/databases.h"
#include "testing/outside.h"
#include "traffic/traffic.h"

namespace onefold::traffic {
namespace {

using namespace std::chrono_literals;

class TrafficTest : public testing::OnBothDatabases {
  protected:
    void SetUp() override {
        database_ = open({change::schema(), company::schema(), source::schema(), schema()});
        keys_ = std::move(*access::Keys::open(outside_.all, folder_.path()));
        sources_ = std::make_unique<source::Sources>(*database_, *keys_, outside_.all);
        ASSERT_TRUE(sources_->load());
        log_ = std::move(*event_log::EventLog::open(outside_.all, folder_.path() + "/log"));
        start();
    }
    void start() {
        traffic_ = std::make_unique<Traffic>(*database_, *log_, *sources_, outside_.all);
        ASSERT_TRUE(traffic_->start());
    }
    event_log::Appended append(
        SourceId source, std::string_view id, event_log::FrameKind kind = event_log::FrameKind::event) {
        return *log_->append_and_wait({{source, std::string(id), kind, "{}"}});
    }
    Count counted(SourceId source, Span span = Span::minute) {
        Count all;
        const auto counts = traffic_->counts(source, span, outside_.clock.now() - 24h);
        for (const auto& [at, count] : *counts)
            all += count;
        return all;
    }
    // The reader of what was not counted is another thread.
    Count counted_once(SourceId source, std::int64_t accepted) {
        for (int i = 0; i < 1000 && counted(source).accepted < accepted; ++i)
            std::this_thread::sleep_for(5ms);
        return counted(source);
    }

    const SourceId web_{7}, app_{8};
    testing::Folder folder_;
    testing::Outside outside_;
    std::unique_ptr<store::Database> database_;
    std::unique_ptr<access::Keys> keys_;
    std::unique_ptr<source::Sources> sources_;
    std::unique_ptr<event_log::EventLog> log_;
    std::unique_ptr<Traffic> traffic_;
};
ON_BOTH_DATABASES(TrafficTest);

TEST_P(TrafficTest, CountsWhatCameAndKeepsItOverARestart) {
    for (const char* id : {"a", "b", "a"})
        traffic_->note_appended(web_, append(web_, id));
    traffic_->note_refused(web_, 3);
    traffic_->note_limited(web_, 4);
    traffic_->note_refused(app_, 1);
    const Count all{.accepted = 2, .duplicates = 1, .refused = 3, .limited = 4};
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(counted(web_), all);
        EXPECT_EQ(counted(web_, Span::quarter), all);
        EXPECT_EQ(counted(app_), Count{.refused = 1});
        EXPECT_EQ(traffic_->newest(web_).size(), 2u);
        EXPECT_EQ(traffic_->last_event_at(web_), outside_.clock.now());
        EXPECT_FALSE(traffic_->last_event_at(app_));
        traffic_.reset();
        start();
    }
}

TEST_P(TrafficTest, CountsWhatWasAppendedAndNotKeptBeforeAKill) {
    traffic_->note_appended(web_, append(web_, "kept"));
    traffic_.reset();
    append(web_, "lost");
    append(web_, "claim", event_log::FrameKind::claim);
    append(app_, "other");
    for (int i = 0; i < 2; ++i) {
        start();
        EXPECT_EQ(counted_once(web_, 2).accepted, 2);
        EXPECT_EQ(counted_once(app_, 1).accepted, 1);
        traffic_.reset();
    }
    start();
    traffic_->note_appended(web_, append(web_, "new"));
    EXPECT_EQ(counted_once(web_, 3).accepted, 3);
    const auto newest = traffic_->newest(web_);
    ASSERT_EQ(newest.size(), 3u);
    EXPECT_EQ(log_->get(newest.front())->message_id, "new");
    EXPECT_EQ(log_->get(newest.back())->message_id, "kept");
}

TEST_P(TrafficTest, RemembersOnlyTheNewest) {
    for (std::size_t i = 0; i < newest_max + 5; ++i)
        traffic_->note_appended(web_, append(web_, std::to_string(i)));
    const auto newest = traffic_->newest(web_);
    ASSERT_EQ(newest.size(), newest_max);
    EXPECT_EQ(log_->get(newest.front())->message_id, std::to_string(newest_max + 4));
    EXPECT_TRUE(std::ranges::is_sorted(newest, std::greater()));
}

} // namespace
} // namespace onefold::traffic
