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

// What the log cannot do without: segments and the high-water mark.
std::vector<std::string> log_files(const std::string& folder) {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator{folder})
        if (entry.path().extension() == ".log" || entry.path().filename() == "hwm")
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
    ASSERT_TRUE(log);
    const auto condition = (*log)->condition();
    EXPECT_FALSE(condition.is_appending);
    ASSERT_TRUE(condition.damage);
    EXPECT_EQ(condition.damage->offset, std::uint64_t(second.value - 1));
    const auto refused = (*log)->append_and_wait({draft_of("d")});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "event_log.recovery_needed");
    EXPECT_EQ(field(refused.error(), "/file"), path);
    EXPECT_EQ(field(refused.error(), "/offset"), std::to_string(second.value - 1));
    EXPECT_EQ((*log)->end(), second) << "what lies before the damage is served";
    EXPECT_EQ(all_frames(**log).size(), 1u);
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

    std::ptrdiff_t index_of(Position position) const {
        return std::ranges::find(frames, position, &Frame::position) - frames.begin();
    }
    static std::vector<Frame> all_frames_before_damage(const EventLog& log) {
        std::vector<Frame> all;
        Position from{};
        while (auto some = log.read(from, 1000)) {
            if (some->empty())
                break;
            from = some->back().next;
            std::ranges::move(*some, std::back_inserter(all));
        }
        return all;
    }

    Rig rig;
    std::vector<Frame> frames;
    std::mt19937 random{20260531};
};

// How many flips; more for a long run.
int flips() {
    const char* given = std::getenv("ONEFOLD_FLIPS");
    return given ? std::atoi(given) : 500;
}

TEST_F(ClosedLog, VerifyNamesEveryFlippedByteAndGoesOnBehindIt) {
    const auto files = log_files(rig.log_folder());
    ASSERT_GT(files.size(), 4u);
    int noticed_by_start = 0;
    for (int trial = 0; trial < flips(); ++trial) {
        const auto& path = files[random() % files.size()];
        const auto healthy = contents_of(path);
        const std::size_t offset = random() % healthy.size();
        auto flipped = healthy;
        flipped[offset] ^= char(1 + random() % 255);
        put_contents(path, flipped);
        const auto verified = EventLog::verify(rig.files, rig.log_folder());
        ASSERT_TRUE(verified);
        ASSERT_EQ(verified->damages.size(), 1u) << path << " " << offset;
        EXPECT_EQ(verified->damages[0].file, path);
        EXPECT_EQ(verified->damages[0].offset, frame_offset_of(frames, path, offset));
        EXPECT_EQ(verified->frames, path.ends_with("hwm") ? frames.size() : frames.size() - 1);
        {
            const auto log = rig.open(small_segments);
            const auto condition = log->condition();
            noticed_by_start += condition.is_appending ? 0 : 1;
            for (const auto& frame : all_frames_before_damage(*log))
                ASSERT_EQ(frame.payload, frames[std::size_t(index_of(frame.position))].payload);
        }
        ASSERT_EQ(contents_of(path), flipped) << "a damaged file must be left as it is";
        put_contents(path, healthy);
    }
    fmt::print(
        "{} flips, all found by verify; {} noticed already when the log was opened\n", flips(), noticed_by_start);
    EXPECT_TRUE(EventLog::verify(rig.files, rig.log_folder())->damages.empty());
    EXPECT_EQ(all_frames(*rig.open(small_segments)).size(), frames.size());
}

TEST_F(ClosedLog, VerifyChangesNothingAndNeedsNoLogThatIsOpen) {
    const std::string kept = rig.folder.file("kept");
    rig.copy_log_to(kept);
    EXPECT_EQ(EventLog::verify(rig.files, rig.log_folder())->frames, frames.size());
    for (const auto& entry : std::filesystem::directory_iterator{kept})
        EXPECT_EQ(
            contents_of(entry.path().string()), contents_of(rig.log_folder() + "/" + entry.path().filename().string()));
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
    const auto before = log->read({}, 1000);
    ASSERT_TRUE(before);
    EXPECT_EQ(before->back().next, victim.position);
    EXPECT_EQ(log->read(before->back().next, 1000).error().code, "event_log.damaged");
    ASSERT_TRUE(log->condition().damage);
    EXPECT_EQ(log->condition().damage->position, std::uint64_t(victim.position.value));
    EXPECT_TRUE(log->condition().is_appending);
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
    auto expect_recovery_needed = [&](const std::string& path) {
        EXPECT_FALSE(EventLog::verify(rig.files, rig.log_folder())->damages.empty()) << path;
        const auto log = rig.open(small_segments);
        EXPECT_TRUE(log->condition().damage) << path;
        EXPECT_EQ(log->append_and_wait({draft_of("new")}).error().code, "event_log.recovery_needed");
        const auto served = all_frames(*log);
        for (std::size_t i = 0; i < served.size(); ++i)
            EXPECT_EQ(served[i].message_id, frames[i].message_id);
    };
    for (const auto& path : files) {
        std::filesystem::remove(path);
        expect_recovery_needed(path);
        restore();
        std::filesystem::resize_file(path, std::filesystem::file_size(path) - 1);
        expect_recovery_needed(path);
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
    EXPECT_TRUE(rig.open(small_segments)->condition().damage);
    EXPECT_FALSE(EventLog::verify(rig.files, rig.log_folder())->damages.empty());
}

} // namespace
} // namespace onefold::event_log
