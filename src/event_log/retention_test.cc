// Events that go: redacted one by one, or expired with their segment. And messages that are known over all of it.
#include "event_log/event_log_rig.h"
#include "event_log/redaction.h"

#include <future>
#include <random>
#include <set>
#include <thread>

namespace onefold::event_log {
namespace {

using namespace std::chrono_literals;

constexpr Options small_segments{.segment_bytes = 4096};

class FilledLog : public ::testing::Test {
  protected:
    // An event a day.
    void SetUp() override {
        log = rig.open(small_segments);
        for (int i = 0; i < 60; ++i) {
            ASSERT_TRUE(log->append_and_wait({draft_of(std::to_string(i), fmt::format("secret {:0500}", i))}));
            rig.clock.advance(24h);
        }
        frames = all_frames(*log);
    }
    void expect_whole() {
        const auto verified = log->verify();
        ASSERT_TRUE(verified);
        for (const Damage& damage : verified->damages)
            ADD_FAILURE() << damage.file << " " << damage.offset << " " << damage.cause.in("en");
    }
    std::string all_bytes() const {
        std::string all;
        for (const auto& entry : std::filesystem::directory_iterator{rig.log_folder()})
            all += contents_of(entry.path().string());
        return all;
    }

    Rig rig;
    std::unique_ptr<EventLog> log;
    std::vector<Frame> frames;
};

TEST_F(FilledLog, ErasesWhatAnEventSaysAndKeepsItsPlaceAndTheChain) {
    const std::string said = frames[20].payload;
    ASSERT_NE(all_bytes().find(said), std::string::npos);
    for (const std::size_t i : {0u, 20u, 59u})
        ASSERT_TRUE(log->redact(frames[i].position));
    ASSERT_TRUE(log->redact(frames[20].position)) << "it may be repeated";
    EXPECT_EQ(all_bytes().find(said), std::string::npos) << "no file still says it";
    for (int round = 0; round < 2; ++round) {
        const auto after = all_frames(*log);
        ASSERT_EQ(after.size(), frames.size());
        for (std::size_t i = 0; i < after.size(); ++i) {
            const bool is_redacted = i == 0 || i == 20 || i == 59;
            EXPECT_EQ(after[i].is_redacted, is_redacted);
            EXPECT_EQ(after[i].payload, is_redacted ? "" : frames[i].payload);
            EXPECT_EQ(after[i].position, frames[i].position);
            EXPECT_EQ(after[i].message_id, frames[i].message_id);
        }
        EXPECT_EQ(log->verify()->redacted, 3u);
        expect_whole();
        EXPECT_EQ(log->append_and_wait({draft_of("20")})->positions[0], Position{}) << "it is still known";
        log.reset();
        log = rig.open(small_segments);
    }
    EXPECT_EQ(log->redact(Position{2}).error().code, "event_log.no_such_position");
    EXPECT_EQ(log->redact(log->end()).error().code, "event_log.no_such_position");
    ASSERT_TRUE(log->append_and_wait({draft_of("after")}));
    expect_whole();
}

TEST_F(FilledLog, RedactsManyAtOnceAndEndsItAfterACut) {
    std::vector<Position> victims;
    std::vector<std::uint64_t> places;
    for (const std::size_t i : {3, 20, 21, 59})
        victims.push_back(frames[i].position), places.push_back(std::uint64_t(frames[i].position.value));
    log.reset();
    const std::string image = rig.folder.file("image");
    rig.copy_log_to(image);
    ASSERT_TRUE(write_redactions(rig.files, image, places));
    const auto opened = EventLog::open(rig.outside(), image, small_segments);
    ASSERT_TRUE(opened);
    ASSERT_FALSE((*opened)->condition().damage);
    EXPECT_FALSE(std::filesystem::exists(image + "/redactions"));

    log = rig.open(small_segments);
    ASSERT_TRUE(log->redact(victims));
    ASSERT_TRUE(log->redact(victims)) << "it may be repeated";
    for (const auto* each : {log.get(), opened->get()}) {
        EXPECT_EQ(each->verify()->redacted, 4u);
        EXPECT_TRUE(each->verify()->damages.empty());
        for (const Position victim : victims)
            EXPECT_TRUE(each->get(victim)->is_redacted);
        EXPECT_FALSE(each->get(frames[22].position)->is_redacted);
    }
    EXPECT_EQ(log->redact(std::vector{log->end()}).error().code, "event_log.no_such_position");
}

TEST_F(FilledLog, EndsARedactionThatWasCutShortAtAnyByte) {
    const Frame victim = frames[20];
    const std::string image = rig.folder.file("image");
    log.reset();
    const std::string before = rig.folder.file("before");
    rig.copy_log_to(before);
    log = rig.open(small_segments);
    ASSERT_TRUE(log->redact(victim.position));
    log.reset();
    for (const auto& entry : std::filesystem::directory_iterator{before}) {
        const std::string name = entry.path().filename().string();
        const std::string whole = contents_of(entry.path().string());
        const std::string redacted = contents_of(rig.log_folder() + "/" + name);
        if (whole == redacted || entry.path().extension() != ".log")
            continue;
        for (std::size_t done = 0; done < whole.size(); done += 131) {
            std::filesystem::remove_all(image);
            std::filesystem::copy(before, image);
            put_contents(image + "/" + name, redacted.substr(0, done) + whole.substr(done));
            ASSERT_TRUE(write_mark(rig.files, image, redaction_file, {std::uint64_t(victim.position.value), {}}));
            const auto opened = EventLog::open(rig.outside(), image, small_segments);
            ASSERT_TRUE(opened);
            ASSERT_FALSE((*opened)->condition().damage);
            ASSERT_TRUE((*opened)->get(victim.position)->is_redacted);
            ASSERT_TRUE((*opened)->verify()->damages.empty());
            ASSERT_FALSE(std::filesystem::exists(image + "/redaction"));
        }
    }
    log = rig.open(small_segments);
}

TEST_F(FilledLog, ForgetsOnlyWhatEveryReaderHasPassed) {
    const Instant before = rig.clock.now() - 30 * 24h;
    EXPECT_EQ(log->expire(before), 0u) << "no reader has said anything";
    log->keep_from("customer", frames[25].position);
    log->keep_from("timeline", frames[10].position);
    const auto segments = rig.segment_count();
    const auto gone = log->expire(before);
    ASSERT_TRUE(gone);
    EXPECT_GT(*gone, 0u);
    EXPECT_EQ(rig.segment_count(), segments - std::ptrdiff_t(*gone));
    EXPECT_GT(log->begin(), Position{1});
    EXPECT_LE(log->begin(), frames[10].position);
    log->keep_from("timeline", log->end());
    log->keep_from("customer", log->end());
    ASSERT_TRUE(log->expire(before));
    EXPECT_GT(log->begin(), frames[15].position);
    EXPECT_LE(log->begin(), frames[30].position) << "what is younger stays";
    const Position begin = log->begin();
    for (int round = 0; round < 2; ++round) {
        expect_whole();
        EXPECT_EQ(log->begin(), begin);
        const auto left = all_frames(*log);
        ASSERT_FALSE(left.empty());
        EXPECT_EQ(left.front().position, begin);
        for (const Frame& frame : left)
            EXPECT_EQ(log->get(frame.position)->message_id, frame.message_id);
        EXPECT_EQ(log->get(frames[0].position).error().code, "event_log.no_such_position");
        EXPECT_EQ(log->append_and_wait({draft_of("59")})->positions[0], Position{});
        log.reset();
        log = rig.open(small_segments);
    }
    log->keep_from("customer", log->end());
    EXPECT_EQ(log->expire(before), 0u);
    EXPECT_GT(*log->expire(rig.clock.now() + 24h), 0u);
    EXPECT_EQ(rig.segment_count(), 1) << "the segment that is being written stays";
    ASSERT_TRUE(log->append_and_wait({draft_of("new")}));
    EXPECT_EQ(all_frames(*log).back().message_id, "new");
    expect_whole();
}

TEST_F(FilledLog, EndsAnExpiryThatWasCutShort) {
    log->keep_from("customer", log->end());
    const std::string kept = rig.folder.file("kept");
    rig.copy_log_to(kept);
    ASSERT_GT(*log->expire(rig.clock.now() - 30 * 24h), 2u);
    const Position begin = log->begin();
    log.reset();
    int restored = 0; // the begin is written, and some segments are not deleted as yet
    for (const auto& entry : std::filesystem::directory_iterator{kept}) {
        const std::string to = rig.log_folder() + "/" + entry.path().filename().string();
        if (entry.path().extension() != ".log" || std::filesystem::exists(to) || restored++ == 0)
            continue;
        std::filesystem::copy(entry.path(), to);
    }
    ASSERT_GT(restored, 1);
    log = rig.open(small_segments);
    EXPECT_FALSE(log->condition().damage);
    EXPECT_EQ(log->begin(), begin);
    EXPECT_EQ(all_frames(*log).front().position, begin);
    expect_whole();
    log.reset();
    std::filesystem::remove(rig.log_folder() + "/begin");
    EXPECT_TRUE(rig.open(small_segments)->condition().damage) << "missing segments are no expiry";
}

TEST_F(FilledLog, ReadsAndAppendsWhileItForgetsAndRedacts) {
    log->keep_from("customer", log->end());
    std::atomic<bool> is_over = false;
    std::thread reader{[&] {
        for (Position from{}; !is_over;) {
            const auto some = log->read(from, 7);
            if (!some)
                ADD_FAILURE() << some.error().message.in("en");
            from = !some || some->empty() ? Position{} : some->back().next;
        }
    }};
    for (std::size_t i = 40; i < 60; ++i)
        ASSERT_TRUE(log->redact(frames[i].position));
    for (int day = 59; day > 20; --day)
        ASSERT_TRUE(log->expire(rig.clock.now() - day * 24h));
    ASSERT_TRUE(log->append_and_wait({draft_of("new")}));
    is_over = true;
    reader.join();
    EXPECT_FALSE(log->condition().damage) << "a reader met a frame half redacted";
    expect_whole();
}

TEST(KnownMessages, AreAppendedOnceThroughBatchesRotationsRestartsAndCrashes) {
    Rig rig;
    std::mt19937 random{20260531};
    const std::string image = rig.folder.file("image");
    std::set<std::string> model;
    int in_batch = 0, in_flight = 0, earlier = 0;
    auto log = rig.open(small_segments);
    for (int round = 0; round < 40; ++round) {
        for (int b = 0; b < 20; ++b) {
            std::vector<std::vector<std::string>> batches(1 + random() % 3);
            std::set<std::string> sent;
            std::vector<std::future<Result<Appended>>> answers;
            if (random() % 4 == 0)
                rig.files.hold_syncs(); // so that the batches are on their way together
            for (auto& ids : batches) {
                std::vector<Draft> drafts;
                std::set<std::string> own;
                for (int i = int(random() % 12); i >= 0; --i) {
                    const auto recent = unsigned(round * 20 + b) * 6 + random() % 30;
                    ids.push_back(std::to_string(random() % 2 == 0 ? recent : random() % (recent + 1)));
                    in_batch += own.insert(ids.back()).second ? 0 : 1;
                    drafts.push_back(draft_of(ids.back(), std::string(random() % 200, 'x')));
                }
                for (const auto& id : own)
                    (model.contains(id) ? earlier : in_flight) += model.contains(id) || sent.contains(id) ? 1 : 0;
                sent.insert(own.begin(), own.end());
                auto answer = std::make_shared<std::promise<Result<Appended>>>();
                answers.push_back(answer->get_future());
                log->append(std::move(drafts), [answer](auto result) { answer->set_value(std::move(result)); });
            }
            rig.files.release_syncs();
            for (std::size_t i = 0; i < batches.size(); ++i) {
                const auto answer = answers[i].get();
                ASSERT_TRUE(answer);
                for (std::size_t k = 0; k < batches[i].size(); ++k)
                    ASSERT_EQ(answer->positions[k] != Position{}, model.insert(batches[i][k]).second);
            }
        }
        if (random() % 2 == 0) { // a crash: the folder as it is now, runs half written or not yet merged
            rig.copy_log_to(image);
            log.reset();
            std::filesystem::remove_all(rig.log_folder());
            std::filesystem::rename(image, rig.log_folder());
        }
        log.reset();
        log = rig.open(small_segments);
    }
    fmt::print("{} messages; duplicates: {} in a batch, {} of one on its way, {} of earlier ones; {} segments\n",
        model.size(), in_batch, in_flight, earlier, rig.segment_count());
    EXPECT_GT(in_batch, 10);
    EXPECT_GT(in_flight, 10);
    EXPECT_GT(earlier, 1000);
    const auto frames = all_frames(*log);
    EXPECT_EQ(frames.size(), model.size());
    EXPECT_TRUE(log->verify()->damages.empty());
}

} // namespace
} // namespace onefold::event_log
