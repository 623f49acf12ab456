// The log as the files of another folder, while it is written to.
#include "event_log/event_log_rig.h"

#include <fstream>
#include <thread>

namespace onefold::event_log {
namespace {

using namespace std::chrono_literals;

constexpr Options small_segments{.segment_bytes = 4096};

class CopiedLog : public ::testing::Test {
  protected:
    void SetUp() override {
        log = rig.open(small_segments);
        for (int i = 0; i < 40; ++i) {
            ASSERT_TRUE(log->append_and_wait({draft_of(std::to_string(i), fmt::format("said {:0500}", i))}));
            rig.clock.advance(24h);
        }
    }
    EventLog::CopySink into(const std::string& folder) {
        std::filesystem::create_directories(folder);
        return [folder](std::string_view name, std::string_view bytes) -> Result<> {
            std::ofstream(folder + "/" + std::string(name), std::ios::binary) << bytes;
            return {};
        };
    }
    std::unique_ptr<EventLog> open_copy(const std::string& folder) {
        auto opened = EventLog::open({rig.clock, *rig.random, *files, *rig.network}, folder, small_segments);
        VERIFY(opened);
        return std::move(*opened);
    }

    Rig rig;
    std::unique_ptr<runtime::Files> files = runtime::make_system_files();
    std::unique_ptr<EventLog> log;
    const std::string target = rig.folder.file("copy");
};

TEST_F(CopiedLog, OpensAndHoldsTheSameFramesUpToWhereItWasAskedFor) {
    const auto frames = all_frames(*log);
    const auto copied = log->copy(frames[25].position, into(target));
    ASSERT_TRUE(copied);
    EXPECT_EQ(copied->frames, 25u);
    EXPECT_EQ(copied->end, frames[25].position);
    const auto verified = EventLog::verify(*files, target);
    ASSERT_TRUE(verified);
    EXPECT_TRUE(verified->damages.empty());
    EXPECT_EQ(verified->frames, 25u);
    const auto copy = open_copy(target);
    EXPECT_TRUE(copy->condition().is_appending);
    EXPECT_EQ(copy->end(), frames[25].position);
    EXPECT_EQ(copy->append_and_wait({draft_of("7")})->positions[0], Position{}) << "what it holds is known";
    EXPECT_TRUE(copy->append_and_wait({draft_of("25")})->positions[0]) << "what came later is not";
}

TEST_F(CopiedLog, IsWholeWhileEventsComeIn) {
    std::atomic<bool> is_over = false;
    std::thread sender([&] {
        for (int i = 0; !is_over; ++i)
            ASSERT_TRUE(log->append_and_wait({draft_of("more" + std::to_string(i), std::string(300, 'x'))}));
    });
    for (int round = 0; round < 20; ++round) {
        const std::string folder = fmt::format("{}{}", target, round);
        const Position to = log->end();
        const auto copied = log->copy(to, into(folder));
        ASSERT_TRUE(copied);
        EXPECT_EQ(copied->end, to);
        const auto verified = EventLog::verify(*files, folder);
        ASSERT_TRUE(verified);
        EXPECT_TRUE(verified->damages.empty());
        EXPECT_EQ(verified->frames, copied->frames);
    }
    is_over = true;
    sender.join();
}

TEST_F(CopiedLog, LosesNothingToExpiryWhileItIsHeldAndBeginsWhereTheLogBegins) {
    log->keep_from("reader", log->end());
    auto held = log->hold();
    EXPECT_EQ(log->expire(rig.clock.now()).value(), 0u);
    held.reset();
    ASSERT_GT(log->expire(rig.clock.now()).value(), 0u);
    const auto copied = log->copy(log->end(), into(target));
    ASSERT_TRUE(copied);
    EXPECT_EQ(copied->begin, log->begin());
    EXPECT_TRUE(EventLog::verify(*files, target)->damages.empty());
    EXPECT_EQ(open_copy(target)->begin(), log->begin());
}

TEST_F(CopiedLog, IsNotMadeOfADamagedOne) {
    const auto frames = all_frames(*log);
    const std::string file = rig.log_folder() + "/0000000000000001.log";
    std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(frames[2].position.value - 1 + 200);
    bytes.put('!');
    bytes.close();
    const auto copied = log->copy(log->end(), into(target));
    ASSERT_FALSE(copied);
    EXPECT_EQ(copied.error().code, "event_log.damaged");
    EXPECT_FALSE(log->copy(Position{frames[1].position.value + 1}, into(target))) << "nor in the middle of a frame";
}

TEST_F(CopiedLog, OfAnEmptyLogIsEmpty) {
    auto empty = open_copy(rig.folder.file("empty"));
    const auto copied = empty->copy(empty->end(), into(target));
    ASSERT_TRUE(copied);
    EXPECT_EQ(copied->frames, 0u);
    EXPECT_TRUE(std::filesystem::is_empty(target));
}

} // namespace
} // namespace onefold::event_log
