// The timeline beside a naive one, through appends, replays, restarts, kills and damage.
#include "timeline/timeline_rig.h"

#include <fstream>
#include <random>
#include <set>

namespace onefold::timeline {
namespace {

namespace fs = std::filesystem;
using Positions = std::vector<std::int64_t>;

class ModelTest : public TimelineRig {
  protected:
    int below(int limit) { return int(random_() % unsigned(limit)); }
    Event some_event() {
        static const char* const kinds[] = {"track", "page", "identify"};
        const int node = below(4) == 0 ? 1 : 1 + below(40); // one has many
        return {NodeId{node}, instant_of(below(500)), {}, kinds[below(3)], fmt::format("n{}", below(4))};
    }
    std::vector<std::optional<Event>> some_frames(int count) {
        std::vector<std::optional<Event>> frames;
        for (int i = 0; i < count; ++i)
            frames.push_back(below(6) == 0 ? std::nullopt : std::optional(some_event()));
        return frames;
    }
    void append(Timeline& timeline, int count) {
        const Interval interval = log_.add(some_frames(count));
        timeline.append(interval, log_.events_in(interval));
    }
    void append_again(Timeline& timeline) {
        const Position from = log_.position_of(std::size_t(below(int(log_.frames.size()))));
        timeline.append({from, log_.end()}, log_.events_in({from, log_.end()}));
    }
    // Some of one stretch, as the roll-back of an import does it. False where the disk did not take it.
    bool retract(Timeline& timeline) {
        for (int i = 0; i < 20; ++i) {
            const auto at = std::size_t(below(int(log_.frames.size())));
            if (log_.frames[at])
                retracted_.push_back(log_.position_of(at));
            log_.frames[at].reset();
        }
        return retract_again(timeline);
    }
    bool retract_again(Timeline& timeline) {
        const bool is_done = timeline.retract(retracted_).has_value();
        if (is_done)
            retracted_.clear();
        return is_done;
    }
    Positions naive(const std::vector<NodeId>& nodes, const Filter& filter, Before before, std::size_t limit) {
        std::vector<Entry> entries;
        for (const auto& event : log_.frames) {
            if (!event || event->position < log_.begin.load() || std::ranges::find(nodes, event->node) == nodes.end())
                continue;
            const bool is_of_kind =
                filter.kinds.empty() || std::ranges::find(filter.kinds, event->kind) != filter.kinds.end();
            const bool is_in_time =
                (!filter.from || event->at >= *filter.from) && (!filter.to || event->at < *filter.to);
            const bool is_named = !filter.name || event->name == *filter.name;
            if (is_of_kind && is_in_time && is_named &&
                std::tie(event->at, event->position) < std::tie(before.at, before.position))
                entries.push_back({event->node, event->at, event->position, {}});
        }
        std::ranges::sort(entries, is_newer);
        if (entries.size() > limit)
            entries.resize(limit);
        return positions({entries, true});
    }
    void compare(const Timeline& timeline, int questions = 12) {
        for (int i = 0; i < questions; ++i) {
            std::set<NodeId> nodes;
            for (int n = below(4); n >= 0; --n)
                nodes.insert(NodeId{1 + below(45)});
            Filter filter;
            if (below(2) == 0)
                filter.kinds = {"track", below(2) == 0 ? "page" : "none"};
            if (below(3) == 0)
                filter.name = fmt::format("n{}", below(5));
            if (below(3) == 0)
                filter.from = instant_of(below(500));
            if (below(3) == 0)
                filter.to = instant_of(below(500));
            const Before before =
                below(2) == 0 ? Before{} : Before{instant_of(below(500)), log_.position_of(std::size_t(below(2000)))};
            const std::size_t limit = std::size_t(1 + below(60));
            const std::vector<NodeId> list(nodes.begin(), nodes.end());
            const Page page = timeline.list_newest(list, filter, before, limit);
            ASSERT_TRUE(page.is_complete);
            ASSERT_EQ(positions(page), naive(list, filter, before, limit));
        }
        compare_scan(timeline);
    }
    void compare_scan(const Timeline& timeline) {
        std::vector<Entry> expected, scanned;
        for (const auto& event : log_.frames)
            if (event && event->node >= NodeId{3} && event->node < NodeId{30} && event->position >= log_.begin.load())
                expected.push_back({event->node, event->at, event->position, {}});
        std::ranges::sort(expected, is_before);
        ASSERT_TRUE(timeline.scan(NodeId{3}, NodeId{30}, [&](const Entry& entry) -> Result<> {
            scanned.push_back({entry.node, entry.at, entry.position, {}});
            return {};
        }));
        ASSERT_EQ(scanned, expected);
    }
    std::mt19937 random_{20261127};
    std::vector<Position> retracted_; // in the log, and the timeline has not said yes
};

TEST_F(ModelTest, AnswersAsTheNaiveOneThroughAppendsReplaysRestartsAndExpiry) {
    auto timeline = open();
    for (int step = 0; step < 400; ++step) {
        append(*timeline, below(30));
        if (below(5) == 0)
            append_again(*timeline);
        if (below(25) == 0) {
            timeline.reset();
            timeline = open();
        }
        if (below(40) == 0)
            log_.begin = std::max(log_.begin.load(), log_.position_of(std::size_t(below(int(log_.frames.size())))));
        if (below(12) == 0)
            ASSERT_TRUE(retract(*timeline));
        if (below(8) == 0)
            timeline->rest();
        if (step % 5 == 0)
            compare(*timeline);
        if (HasFatalFailure())
            return;
    }
    EXPECT_GT(timeline->figures().runs_entries, 500u);
    timeline->rest();
    EXPECT_LT(timeline->figures().runs, 20u) << "merged";
}

TEST_F(ModelTest, AKillAtAnyChangeOfTheDiskLosesNothing) {
    auto timeline = open(16);
    for (int i = 0; i < 30; ++i)
        append(*timeline, 20);
    timeline->rest();
    for (int changes = 0; changes < 80; ++changes) {
        files_.left = changes; // the rest of this process's work is not done
        for (int i = 0; i < 6; ++i)
            append(*timeline, 20);
        retract(*timeline);
        timeline->rest();
        const bool has_died = files_.is_dead();
        timeline.reset();
        files_.left = INT_MAX;
        timeline = open(16);
        ASSERT_TRUE(retract_again(*timeline));
        compare(*timeline, 4);
        if (HasFatalFailure())
            return;
        if (changes > 40 && !has_died)
            break;
    }
    timeline->rest();
    compare(*timeline);
    for (const auto& file : fs::directory_iterator(path()))
        EXPECT_NE(file.path().extension(), ".new");
}

TEST_F(ModelTest, AFlippedByteAnywhereIsFoundAndMadeGood) {
    auto timeline = open(128);
    for (int i = 0; i < 60; ++i)
        append(*timeline, 20);
    timeline.reset();
    for (int round = 0; round < 60; ++round) {
        auto files = run_files();
        files.push_back(path() + "/manifest");
        ASSERT_GT(files.size(), 1u);
        const auto file = files[std::size_t(below(int(files.size())))];
        const auto offset = std::streamoff(below(int(fs::file_size(file))));
        const bool is_while_open = below(2) == 0 && file.extension() == ".run";
        auto flip = [&] {
            std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
            bytes.seekg(offset);
            const char old = char(bytes.get());
            bytes.seekp(offset);
            bytes.put(char(old ^ 0x10));
        };
        if (!is_while_open)
            flip();
        timeline = open(128);
        if (is_while_open)
            flip();
        const auto found = timeline->verify();
        timeline->rest();
        EXPECT_TRUE(timeline->verify().damages.empty());
        compare(*timeline, 6);
        if (HasFatalFailure())
            return;
        timeline.reset();
    }
}

TEST_F(ModelTest, DamageThatAReaderMeetsIsNeverAnswered) {
    auto timeline = open(128);
    for (int i = 0; i < 60; ++i)
        append(*timeline, 20);
    timeline->rest();
    std::vector<NodeId> everybody;
    for (int node = 1; node < 50; ++node)
        everybody.push_back(NodeId{node});
    const auto before = positions(timeline->list_newest(everybody, {}, {}, 5000));
    const auto files = run_files();
    ASSERT_GT(files.size(), 0u);
    for (const auto& file : files) {
        std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
        bytes.seekp(100);
        bytes.put('!');
    }
    const Page meanwhile = timeline->list_newest(everybody, {}, {}, 5000);
    EXPECT_TRUE(positions(meanwhile) == before || !meanwhile.is_complete);
    timeline->rest();
    const Page after = timeline->list_newest(everybody, {}, {}, 5000);
    EXPECT_TRUE(after.is_complete);
    EXPECT_EQ(positions(after), before);
    std::size_t aside = 0;
    for (const auto& file : fs::directory_iterator(path()))
        aside += file.path().extension() == ".damaged";
    EXPECT_EQ(aside, files.size());
}

TEST_F(ModelTest, MissingAndForeignRunsAreMadeGood) {
    auto timeline = open(64);
    for (int i = 0; i < 60; ++i)
        append(*timeline, 20);
    timeline.reset();
    const auto files = run_files();
    ASSERT_GT(files.size(), 1u);
    fs::remove(files.front());
    timeline = open(64);
    compare(*timeline);
    timeline.reset();
    const auto again = run_files();
    fs::copy_file(again.back(), again.front(), fs::copy_options::overwrite_existing);
    timeline = open(64);
    compare(*timeline);
}

} // namespace
} // namespace onefold::timeline
