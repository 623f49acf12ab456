// What a start makes of a folder that a crash, or a failing disk, left behind.
#include "event_log/event_log_rig.h"
#include "event_log/segment.h"

#include <random>

namespace onefold::event_log {
namespace {

constexpr Options small_segments{.segment_bytes = 4096};

std::string field(const Error& error, std::string_view path) {
    for (const auto& field : error.fields)
        if (field.path == path)
            return std::string(field.message.in("en"));
    return {};
}

std::vector<std::string> log_files(const std::string& folder) {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator{folder})
        files.push_back(entry.path().string());
    std::ranges::sort(files);
    return files;
}

// Where the frame lies that holds byte `offset` of `path`.
std::uint64_t frame_offset_of(const std::vector<Frame>& frames, const std::string& path, std::uint64_t offset) {
    const auto base = base_from(std::filesystem::path{path}.filename().string());
    if (!base)
        return 0;
    for (const auto& frame : frames)
        if (*base + offset < std::uint64_t(frame.next.value))
            return std::uint64_t(frame.position.value) - *base;
    return 0;
}

TEST(Recovery, CutsATailThatIsTornAtAnyByte) {
    Rig rig;
    const std::string image = rig.folder.file("image");
    Position last{};
    {
        const auto log = rig.open(small_segments);
        ASSERT_TRUE(log->append_and_wait({draft_of("a"), draft_of("b")}));
        ASSERT_TRUE(log->append_and_wait({draft_of("c")}));
        last = log->append_and_wait({draft_of("d", std::string(200, 'd'))})->positions[0];
        rig.copy_log_to(image);
    }
    const std::string path = image + "/" + segment_name(1);
    const std::string mark = contents_of(image + "/hwm");
    const std::string whole = contents_of(path);
    const std::size_t begin = std::size_t(last.value) - 1, end = begin + frame_overhead_bytes + 1 + 200;
    for (std::size_t torn_at = begin; torn_at < end; ++torn_at)
        for (const bool is_preallocated : {false, true}) {
            auto torn = whole.substr(0, torn_at);
            if (is_preallocated)
                torn.resize(whole.size());
            put_contents(path, torn);
            put_contents(image + "/hwm", mark);
            {
                const auto log = EventLog::open(rig.outside(), image, small_segments);
                ASSERT_TRUE(log) << torn_at << " " << log.error().message.in("en");
                ASSERT_EQ((*log)->end(), last) << torn_at;
                ASSERT_EQ(all_frames(**log).size(), 3u);
                ASSERT_EQ((*log)->append_and_wait({draft_of("d")})->positions[0], last);
            }
            const auto log = EventLog::open(rig.outside(), image, small_segments);
            ASSERT_TRUE(log);
            ASSERT_EQ(all_frames(**log).size(), 4u);
            ASSERT_TRUE((*log)->verify()->damages.empty());
        }
}

TEST(Recovery, KeepsEverythingThatASyncedLogHoldsAfterACrash) {
    Rig rig;
    const std::string image = rig.folder.file("image");
    const auto log = rig.open(small_segments);
    for (int i = 0; i < 60; ++i) {
        ASSERT_TRUE(log->append_and_wait({draft_of(std::to_string(i), std::string(i * 10, 'x'))}));
        rig.copy_log_to(image);
        const auto after_crash = EventLog::open(rig.outside(), image, small_segments);
        ASSERT_TRUE(after_crash) << after_crash.error().message.in("en");
        ASSERT_EQ(int(all_frames(**after_crash).size()), i + 1);
        ASSERT_EQ((*after_crash)->end(), log->end());
    }
}

TEST(Recovery, CutsAGroupOfWhichTheBeginningWasNeverWritten) {
    Rig rig;
    const std::string image = rig.folder.file("image");
    Appended group;
    {
        const auto log = rig.open(small_segments);
        ASSERT_TRUE(log->append_and_wait({draft_of("a")}));
        group = *log->append_and_wait({draft_of("b"), draft_of("c"), draft_of("d")});
        rig.copy_log_to(image);
    }
    const std::string path = image + "/" + segment_name(1);
    auto bytes = contents_of(path);
    bytes.replace(std::size_t(group.positions[0].value) - 1, 50, std::string(50, '\0'));
    put_contents(path, bytes);
    const auto log = EventLog::open(rig.outside(), image, small_segments);
    ASSERT_TRUE(log) << log.error().message.in("en");
    EXPECT_EQ((*log)->end(), group.positions[0]);
    ASSERT_TRUE((*log)->append_and_wait({draft_of("b"), draft_of("e")}));
    EXPECT_TRUE((*log)->verify()->damages.empty());
}

TEST(Recovery, CallsItDamageWhenAGroupBeforeADurableOneIsBroken) {
    Rig rig;
    const std::string image = rig.folder.file("image");
    Position second{};
    {
        const auto log = rig.open();
        ASSERT_TRUE(log->append_and_wait({draft_of("a")}));
        second = log->append_and_wait({draft_of("b")})->positions[0];
        ASSERT_TRUE(log->append_and_wait({draft_of("c")}));
        rig.copy_log_to(image);
    }
    const std::string path = image + "/" + segment_name(1);
    auto bytes = contents_of(path);
    bytes[std::size_t(second.value) + 60] ^= 4;
    put_contents(path, bytes);
    const auto log = EventLog::open(rig.outside(), image);
    ASSERT_FALSE(log);
    EXPECT_EQ(log.error().code, "event_log.damaged");
    EXPECT_EQ(field(log.error(), "/offset"), std::to_string(second.value - 1));
    EXPECT_EQ(contents_of(path), bytes) << "a damaged log must be left as it is";
}

class ClosedLog : public ::testing::Test {
  protected:
    void SetUp() override {
        const auto log = rig.open(small_segments);
        for (int i = 0; i < 40; ++i)
            ASSERT_TRUE(log->append_and_wait(
                {draft_of(fmt::format("{}", i), std::string(100 + i * 7, 'x')), draft_of(fmt::format("{}b", i))}));
        frames = all_frames(*log);
    }

    Rig rig;
    std::vector<Frame> frames;
    std::mt19937 random{20260531};
};

TEST_F(ClosedLog, NamesFileAndOffsetOfEveryFlippedByteWhenItOpens) {
    const auto files = log_files(rig.log_folder());
    ASSERT_GT(files.size(), 4u);
    for (int trial = 0; trial < 500; ++trial) {
        const auto& path = files[random() % files.size()];
        const auto healthy = contents_of(path);
        const std::size_t offset = random() % healthy.size();
        auto flipped = healthy;
        flipped[offset] ^= char(1 + random() % 255);
        put_contents(path, flipped);
        const auto log = rig.try_open(small_segments);
        ASSERT_FALSE(log) << path << " " << offset;
        EXPECT_EQ(log.error().code, "event_log.damaged");
        EXPECT_EQ(field(log.error(), "/file"), path);
        EXPECT_EQ(field(log.error(), "/offset"), std::to_string(frame_offset_of(frames, path, offset)))
            << path << " " << offset;
        EXPECT_FALSE(log.error().message.in("zh-CN").empty());
        put_contents(path, healthy);
    }
    EXPECT_EQ(all_frames(*rig.open(small_segments)).size(), frames.size());
}

TEST_F(ClosedLog, VerifyNamesEveryFlippedByteAndGoesOnBehindIt) {
    const auto log = rig.open(small_segments);
    auto files = log_files(rig.log_folder());
    std::erase_if(files, [](const auto& path) { return path.ends_with("hwm"); });
    for (int trial = 0; trial < 500; ++trial) {
        const auto& path = files[random() % files.size()];
        const auto healthy = contents_of(path);
        const std::size_t offset = random() % healthy.size();
        auto flipped = healthy;
        flipped[offset] ^= char(1 + random() % 255);
        std::ofstream{path, std::ios::binary | std::ios::in} << flipped;
        const auto verified = log->verify();
        ASSERT_TRUE(verified);
        ASSERT_EQ(verified->damages.size(), 1u) << path << " " << offset;
        EXPECT_EQ(verified->damages[0].file, path);
        EXPECT_EQ(verified->damages[0].offset, frame_offset_of(frames, path, offset));
        EXPECT_EQ(verified->frames, frames.size() - 1);
        std::ofstream{path, std::ios::binary | std::ios::in} << healthy;
    }
    EXPECT_TRUE(log->verify()->damages.empty());
}

TEST_F(ClosedLog, GivesAnErrorAndNeverWrongBytesToReadersOfADamagedFrame) {
    const auto log = rig.open(small_segments);
    const auto& victim = frames[frames.size() / 2];
    const auto files = log_files(rig.log_folder());
    for (const auto& path : files) {
        const auto base = base_from(std::filesystem::path{path}.filename().string());
        auto bytes = contents_of(path);
        if (!base || std::uint64_t(victim.position.value) - *base + 120 >= bytes.size())
            continue;
        bytes[std::uint64_t(victim.position.value) - *base + 120] ^= 1;
        std::ofstream{path, std::ios::binary | std::ios::in} << bytes;
        break;
    }
    EXPECT_EQ(log->get(victim.position).error().code, "event_log.damaged");
    EXPECT_EQ(log->read({}, 1000).error().code, "event_log.damaged");
    EXPECT_EQ(log->get(victim.next)->message_id, frames[frames.size() / 2 + 1].message_id);
}

TEST_F(ClosedLog, MissesWhatIsGone) {
    const auto files = log_files(rig.log_folder());
    const std::string kept = rig.folder.file("kept");
    rig.copy_log_to(kept);
    auto restore = [&] {
        std::filesystem::remove_all(rig.log_folder());
        std::filesystem::copy(kept, rig.log_folder());
    };
    for (const auto& path : files) {
        std::filesystem::remove(path);
        const auto log = rig.try_open(small_segments);
        ASSERT_FALSE(log) << path;
        EXPECT_EQ(log.error().code, "event_log.damaged");
        restore();
        const auto size = std::filesystem::file_size(path);
        std::filesystem::resize_file(path, size - 1);
        const auto cut = rig.try_open(small_segments);
        ASSERT_FALSE(cut) << path;
        EXPECT_EQ(cut.error().code, "event_log.damaged");
        restore();
    }
    EXPECT_EQ(all_frames(*rig.open(small_segments)).size(), frames.size());
}

TEST_F(ClosedLog, IsNotTakenForAnotherLogOfTheSameShape) {
    Rig other;
    {
        const auto log = other.open(small_segments);
        for (int i = 0; i < 40; ++i)
            ASSERT_TRUE(log->append_and_wait(
                {draft_of(fmt::format("{}", i), std::string(100 + i * 7, 'x')), draft_of(fmt::format("{}b", i))}));
    }
    std::filesystem::copy_file(
        other.log_folder() + "/hwm", rig.log_folder() + "/hwm", std::filesystem::copy_options::overwrite_existing);
    EXPECT_EQ(rig.try_open(small_segments).error().code, "event_log.damaged");
}

} // namespace
} // namespace onefold::event_log
