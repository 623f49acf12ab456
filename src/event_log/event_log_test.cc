#include "event_log/event_log.h"
#include "event_log/event_log_rig.h"
#include "event_log/spare.h"

#include <future>
#include <set>
#include <thread>

namespace onefold::event_log {
namespace {

using namespace std::chrono_literals;

constexpr Options small_segments{.segment_bytes = 4096};

TEST(EventLog, ReadsBackWhatWasAppended) {
    Rig rig;
    const auto log = rig.open();
    EXPECT_EQ(log->begin(), log->end());
    EXPECT_TRUE(all_frames(*log).empty());
    const auto appended = log->append_and_wait({draft_of("a"),
        {SourceId{8}, "b", FrameKind::claim, R"({"姓名":"王芳"})"}, {SourceId{8}, "", FrameKind::audit, ""}});
    ASSERT_TRUE(appended);
    ASSERT_EQ(appended->positions.size(), 3u);
    EXPECT_EQ(appended->positions[0], log->begin());
    EXPECT_EQ(appended->end, log->end());
    const auto frames = all_frames(*log);
    ASSERT_EQ(frames.size(), 3u);
    EXPECT_EQ(frames[0].message_id, "a");
    EXPECT_EQ(frames[1].source_id, SourceId{8});
    EXPECT_EQ(frames[1].kind, FrameKind::claim);
    EXPECT_EQ(frames[1].payload, R"({"姓名":"王芳"})");
    EXPECT_EQ(frames[1].received_at, rig.clock.now());
    EXPECT_EQ(frames[2].kind, FrameKind::audit);
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(frames[i].position, appended->positions[i]);
    EXPECT_EQ(frames[0].next, frames[1].position);
    EXPECT_EQ(frames[2].next, log->end());
    EXPECT_EQ(log->get(frames[1].position)->payload, frames[1].payload);
}

TEST(EventLog, KeepsPositionsOverRestartsAndManySmallSegments) {
    Rig rig;
    std::vector<Position> positions;
    for (int round = 0; round < 5; ++round) {
        const auto log = rig.open(small_segments);
        for (int i = 0; i < 40; ++i) {
            const std::string id = fmt::format("{}-{}", round, i);
            positions.push_back(log->append_and_wait({draft_of(id, std::string(300, 'x') + id)})->positions[0]);
        }
    }
    EXPECT_GT(rig.segment_count(), 15);
    const auto log = rig.open(small_segments);
    const auto frames = all_frames(*log);
    ASSERT_EQ(frames.size(), positions.size());
    for (std::size_t i = 0; i < frames.size(); ++i) {
        EXPECT_EQ(frames[i].position, positions[i]);
        EXPECT_EQ(log->get(positions[i])->message_id, fmt::format("{}-{}", i / 40, i % 40));
    }
    EXPECT_TRUE(log->verify()->damages.empty());
    EXPECT_EQ(log->verify()->frames, frames.size());
}

TEST(EventLog, GivesABatchLargerThanASegmentAFileOfItsOwn) {
    Rig rig;
    const auto log = rig.open(small_segments);
    EXPECT_TRUE(log->append_and_wait({draft_of("small")}));
    EXPECT_TRUE(log->append_and_wait({draft_of("large", std::string(1 << 20, 'x'))}));
    EXPECT_TRUE(log->append_and_wait({draft_of("small again")}));
    const auto frames = all_frames(*log);
    ASSERT_EQ(frames.size(), 3u);
    EXPECT_EQ(frames[1].payload.size(), 1u << 20);
    EXPECT_EQ(rig.segment_count(), 3);
}

TEST(EventLog, ReadsNoMoreThanItIsAskedFor) {
    Rig rig;
    const auto log = rig.open(small_segments);
    std::vector<Draft> drafts;
    for (int i = 0; i < 100; ++i)
        drafts.push_back(draft_of(std::to_string(i), std::string(100, 'x')));
    ASSERT_TRUE(log->append_and_wait(drafts));
    EXPECT_EQ(log->read({}, 7)->size(), 7u);
    EXPECT_EQ(log->read({}, 100, 1000)->size(), 10u);
    EXPECT_EQ(log->read({}, 100, 0)->size(), 1u);
    EXPECT_TRUE(log->read(log->end(), 10)->empty());
}

TEST(EventLog, NamesAPositionThatIsNone) {
    Rig rig;
    const auto log = rig.open();
    ASSERT_TRUE(log->append_and_wait({draft_of("a"), draft_of("b")}));
    for (const Position none : {Position{0}, Position{-5}, Position{2}, log->end(), Position{1'000'000}})
        EXPECT_EQ(log->get(none).error().code, "event_log.no_such_position") << none.value;
    EXPECT_EQ(log->read(Position{3}, 10).error().code, "event_log.no_such_position");
}

TEST(EventLog, RefusesWhatIsTooLongAndKeepsNothingOfIt) {
    Rig rig;
    const auto log = rig.open();
    EXPECT_EQ(log->append_and_wait({draft_of("a"), draft_of(std::string(401, 'x'))}).error().code,
        "event_log.message_id_too_long");
    EXPECT_EQ(log->append_and_wait({draft_of("a"), draft_of("b", std::string((1 << 20) + 1, 'x'))}).error().code,
        "event_log.event_too_large");
    EXPECT_EQ(log->begin(), log->end());
    const auto longest = draft_of(std::string(400, 'x'), std::string(1 << 20, 'x'));
    EXPECT_TRUE(log->append_and_wait({longest}));
    EXPECT_EQ(log->append_and_wait({longest})->positions[0], Position{}) << "known by all of its id";
    ASSERT_TRUE(log->redact(Position{1}));
    EXPECT_EQ(log->get(Position{1})->message_id, longest.message_id);
    EXPECT_TRUE(log->verify()->damages.empty());
    EXPECT_TRUE(log->append_and_wait({})->positions.empty());
}

TEST(EventLog, AppendsASourcesMessageOnceAlsoOverARestart) {
    Rig rig;
    {
        const auto log = rig.open();
        const auto first = log->append_and_wait({draft_of("a"), draft_of("a"), draft_of("b")});
        EXPECT_NE(first->positions[0], Position{});
        EXPECT_EQ(first->positions[1], Position{});
        EXPECT_NE(first->positions[2], Position{});
        const auto again = log->append_and_wait({draft_of("b", "other payload")});
        EXPECT_EQ(again->positions, std::vector<Position>{Position{}});
        EXPECT_EQ(again->end, log->end());
    }
    const auto log = rig.open();
    EXPECT_EQ(log->append_and_wait({draft_of("a")})->positions[0], Position{});
    EXPECT_NE(log->append_and_wait({{SourceId{9}, "a", FrameKind::event, "{}"}})->positions[0], Position{});
    EXPECT_EQ(all_frames(*log).size(), 3u);
}

TEST(EventLog, TellsWhichMessagesItKnowsAndChangesNothing) {
    Rig rig;
    const SourceId source = draft_of("a").source_id, other{source.value + 1};
    using Known = std::vector<bool>;
    {
        const auto log = rig.open();
        EXPECT_EQ(*log->are_known(source, {"a"}), Known{false}) << "also before the first of all";
        ASSERT_TRUE(log->append_and_wait({draft_of("a"), draft_of("b")}));
        const Position end = log->end();
        EXPECT_EQ(*log->are_known(source, {"a", "c", "b", "c", ""}), (Known{true, false, true, false, false}));
        EXPECT_EQ(*log->are_known(other, {"a"}), Known{false});
        EXPECT_EQ(log->end(), end);
        EXPECT_NE(log->append_and_wait({draft_of("c")})->positions[0], Position{});
    }
    const auto log = rig.open();
    EXPECT_EQ(*log->are_known(source, {"c", "d"}), (Known{true, false}));
}

TEST(EventLog, KeepsEveryMessageWhereItDoesNotDeduplicateOrThereIsNoId) {
    Rig rig;
    {
        const auto log = rig.open();
        EXPECT_TRUE(log->append_and_wait({draft_of(""), draft_of("")}));
        EXPECT_EQ(all_frames(*log).size(), 2u);
    }
    const auto log = rig.open({.is_deduplicating = false});
    EXPECT_TRUE(log->append_and_wait({draft_of("a"), draft_of("a")}));
    EXPECT_EQ(all_frames(*log).size(), 4u);
}

TEST(EventLog, AnswersADuplicateOnlyOnceTheFirstIsDurable) {
    Rig rig;
    const auto log = rig.open();
    ASSERT_TRUE(log->append_and_wait({draft_of("first of all")}));
    std::promise<Result<Appended>> first, second;
    rig.files.hold_syncs();
    log->append({draft_of("a")}, [&](auto result) { first.set_value(std::move(result)); });
    rig.files.wait_for_held_sync();
    const Position durable = log->end();
    log->append({draft_of("a")}, [&](auto result) { second.set_value(std::move(result)); });
    auto arrives = second.get_future();
    EXPECT_EQ(arrives.wait_for(50ms), std::future_status::timeout);
    EXPECT_EQ(all_frames(*log).size(), 1u) << "a reader saw what is not durable";
    EXPECT_FALSE(log->wait_beyond(durable, 1ms));
    rig.files.release_syncs();
    EXPECT_EQ(arrives.get()->positions[0], Position{});
    EXPECT_EQ(first.get_future().get()->positions[0], durable);
    EXPECT_EQ(all_frames(*log).size(), 2u);
}

TEST(EventLog, IsBusyWhenItIsASecondBehindOrTheQueueIsFull) {
    Rig rig;
    const auto log = rig.open({.queue_bytes_max = 10'000, .queue_events_max = 3});
    ASSERT_TRUE(log->append_and_wait({draft_of("first of all")}));
    std::promise<Result<Appended>> held;
    rig.files.hold_syncs();
    log->append({draft_of("held")}, [&](auto result) { held.set_value(std::move(result)); });
    rig.files.wait_for_held_sync();
    const auto too_much = log->append_and_wait({draft_of("large", std::string(10'000, 'x'))});
    ASSERT_FALSE(too_much);
    EXPECT_EQ(too_much.error().code, "event_log.busy");
    const auto too_many = log->append_and_wait({draft_of("1"), draft_of("2"), draft_of("3")});
    ASSERT_FALSE(too_many);
    EXPECT_EQ(too_many.error().code, "event_log.busy");
    EXPECT_TRUE(log->check_room());
    rig.clock.advance(1500ms);
    EXPECT_EQ(log->check_room().error().code, "event_log.busy");
    EXPECT_EQ(log->figures().waiting_events, 1U);
    EXPECT_EQ(log->figures().waiting_for, 1500ms);
    const auto late = log->append_and_wait({draft_of("late")});
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code, "event_log.busy");
    EXPECT_EQ(late.error().kind, ErrorKind::unavailable);
    EXPECT_EQ(late.error().retry_after_s, 2);
    EXPECT_EQ(log->figures().busy, 4U);
    rig.files.release_syncs();
    EXPECT_TRUE(held.get_future().get());
    EXPECT_NE(log->append_and_wait({draft_of("late")})->positions[0], Position{});
    EXPECT_TRUE(log->check_room());
    EXPECT_EQ(log->figures().waiting_events, 0U);
    EXPECT_TRUE(log->append_and_wait({draft_of("large", std::string(10'000, 'x'))}));
}

TEST(EventLog, TakesManyAppendersAtOnceWhileAReaderFollows) {
    Rig rig;
    constexpr int threads = 8, batches = 100;
    const auto log = rig.open({.segment_bytes = 64 << 10});
    std::atomic<bool> is_done = false;
    std::vector<std::string> followed;
    std::thread reader{[&] {
        Position from{};
        while (true) {
            const bool was_done = is_done;
            log->wait_beyond(from, 10ms);
            const auto frames = log->read(from, 50);
            ASSERT_TRUE(frames) << frames.error().message.in("en");
            for (const auto& frame : *frames)
                followed.push_back(frame.message_id);
            if (!frames->empty())
                from = frames->back().next;
            if (was_done && frames->empty())
                return;
        }
    }};
    std::vector<std::thread> appenders;
    for (int t = 0; t < threads; ++t)
        appenders.emplace_back([&, t] {
            for (int b = 0; b < batches; ++b) {
                std::vector<Draft> drafts;
                for (int i = 0; i <= b % 20; ++i)
                    drafts.push_back(draft_of(fmt::format("{}-{}-{}", t, b, i)));
                drafts.push_back(draft_of(fmt::format("shared-{}", b)));
                ASSERT_TRUE(log->append_and_wait(drafts));
            }
        });
    for (auto& appender : appenders)
        appender.join();
    is_done = true;
    reader.join();
    const std::set<std::string> distinct{followed.begin(), followed.end()};
    EXPECT_EQ(distinct.size(), followed.size());
    int expected = batches;
    for (int b = 0; b < batches; ++b)
        expected += threads * (b % 20 + 1);
    EXPECT_EQ(int(distinct.size()), expected);
    EXPECT_TRUE(log->verify()->damages.empty());
}

TEST(EventLog, FinishesWhatWaitsBeforeItCloses) {
    Rig rig;
    std::atomic<int> answered = 0;
    {
        const auto log = rig.open();
        for (int i = 0; i < 500; ++i)
            log->append({draft_of(std::to_string(i))}, [&](const auto& result) { answered += result.has_value(); });
    }
    EXPECT_EQ(answered, 500);
    EXPECT_EQ(all_frames(*rig.open()).size(), 500u);
}

TEST(EventLog, WaitsUntilSomethingIsBehindAPosition) {
    Rig rig;
    const auto log = rig.open();
    EXPECT_FALSE(log->wait_beyond({}, 1ms));
    auto waiting = std::async(std::launch::async, [&, end = log->end()] { return log->wait_beyond(end, 10s); });
    ASSERT_TRUE(log->append_and_wait({draft_of("a")}));
    EXPECT_TRUE(waiting.get());
    EXPECT_TRUE(log->wait_beyond({}, 0ms));
    EXPECT_FALSE(log->wait_beyond(log->end(), 1ms));
}

TEST(EventLog, RefusesAppendsOnAFullDiskReadsOnAndResumesByItself) {
    Rig rig;
    std::vector<Position> positions;
    {
        const auto log = rig.open({.segment_bytes = 8192});
        positions.push_back(log->append_and_wait({draft_of("before")})->positions[0]);
        rig.files.set(MoodyFiles::Mood::full);
        for (int i = 0; i < 40; ++i) {
            const auto refused =
                log->append_and_wait({draft_of("while full", std::string(500 + i, 'x')), draft_of("and this")});
            ASSERT_FALSE(refused);
            EXPECT_EQ(refused.error().code, "event_log.full");
            EXPECT_EQ(refused.error().kind, ErrorKind::storage_full);
        }
        const auto large = log->append_and_wait({draft_of("needs another segment", std::string(9000, 'x'))});
        EXPECT_EQ(large.error().code, "event_log.full");
        EXPECT_EQ(all_frames(*log).size(), 1u);
        EXPECT_EQ(log->append_and_wait({draft_of("before")})->positions[0], Position{}) << "a duplicate needs no space";
        rig.files.set(MoodyFiles::Mood::well);
        positions.push_back(log->append_and_wait({draft_of("while full")})->positions[0]);
        positions.push_back(
            log->append_and_wait({draft_of("needs another segment", std::string(9000, 'x'))})->positions[0]);
        EXPECT_NE(positions[1], Position{}) << "a refused message must not count as known";
    }
    const auto log = rig.open();
    const auto frames = all_frames(*log);
    ASSERT_EQ(frames.size(), 3u);
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(frames[i].position, positions[i]);
    EXPECT_TRUE(log->verify()->damages.empty());
}

TEST(EventLog, LeavesTheLastOfTheDiskToOthers) {
    Rig rig;
    rig.files.set({.bytes = 1 << 30, .free_bytes = 50 << 20}); // of so small a disk a tenth is spared
    const auto log = rig.open();
    EXPECT_EQ(log->append_and_wait({draft_of("a")}).error().code, "event_log.full");
    EXPECT_FALSE(log->condition().has_space);
    rig.files.set({.bytes = 1 << 30, .free_bytes = 150 << 20});
    EXPECT_TRUE(log->append_and_wait({draft_of("a")}));
    EXPECT_TRUE(log->condition().has_space);
}

TEST(EventLog, SparesHalfAGibibyteOrATwentiethOfTheDiskAndATenthOfASmallOne) {
    constexpr std::uint64_t mib = 1 << 20, gib = 1 << 30;
    EXPECT_EQ(spared_bytes(100 * gib), 5 * gib);
    EXPECT_EQ(spared_bytes(1000 * gib), 50 * gib);
    EXPECT_EQ(spared_bytes(10 * gib), 512 * mib) << "as much as 5 % of this one";
    EXPECT_EQ(spared_bytes(9 * gib), 512 * mib) << "more than 5 %";
    EXPECT_EQ(spared_bytes(5 * gib), 512 * mib) << "a tenth of this one";
    EXPECT_EQ(spared_bytes(1000 * mib), 100 * mib) << "a tenth, since 512 MiB were half of it";
    EXPECT_EQ(spared_bytes(0), 0u);
}

TEST(EventLog, SparesAsMuchOfALargeDiskAsTheRuleSays) {
    constexpr std::uint64_t gib = 1 << 30;
    Rig rig;
    rig.files.set({.bytes = 100 * gib, .free_bytes = 5 * gib - 1});
    const auto log = rig.open();
    EXPECT_EQ(log->append_and_wait({draft_of("a")}).error().code, "event_log.full");
    rig.files.set({.bytes = 100 * gib, .free_bytes = 5 * gib});
    EXPECT_TRUE(log->append_and_wait({draft_of("a")}));
}

// Of a process of its own, whose disk comes into this mood after the first event.
void append_in(MoodyFiles::Mood mood) {
    Rig rig;
    const auto log = rig.open();
    if (!log->append_and_wait({draft_of("before")}))
        ::_exit(1);
    rig.files.set(mood);
    (void)log->append_and_wait({draft_of("lost")});
    ::_exit(2);
}

TEST(EventLogDeathTest, EndsTheProcessWhenAWriteFails) {
    ::testing::FLAGS_gtest_death_test_style = "threadsafe";
    EXPECT_EXIT(append_in(MoodyFiles::Mood::broken), ::testing::ExitedWithCode(74), "the process ends");
}

TEST(EventLogDeathTest, EndsTheProcessWhenASyncFailsThoughOnlyForWantOfSpace) {
    ::testing::FLAGS_gtest_death_test_style = "threadsafe";
    EXPECT_EXIT(append_in(MoodyFiles::Mood::full_at_sync), ::testing::ExitedWithCode(74), "the process ends");
}

} // namespace
} // namespace onefold::event_log
