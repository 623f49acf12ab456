#include "testing/databases.h"
#include "timeline/timeline_rig.h"

#include <fstream>
#include <random>
#include <set>

namespace onefold::timeline {
namespace {

constexpr NodeId ann{1}, bob{2};
Instant at(std::int64_t second) {
    return instant_of(second * 1'000'000);
}
Event event(NodeId node, std::int64_t second, std::string kind = "track", std::string name = "Viewed") {
    return {node, at(second), {}, std::move(kind), std::move(name)};
}
using Positions = std::vector<std::int64_t>;

class TimelineTest : public TimelineRig {
  protected:
    void SetUp() override { timeline_ = open(); }
    void TearDown() override { timeline_.reset(); }
    void add(std::vector<std::optional<Event>> events) {
        const Interval interval = log_.add(std::move(events));
        timeline_->append(interval, log_.events_in(interval));
    }
    Positions newest(
        const std::vector<NodeId>& nodes, const Filter& filter = {}, Before before = {}, std::size_t limit = 100) {
        const Page page = timeline_->list_newest(nodes, filter, before, limit);
        EXPECT_TRUE(page.is_complete);
        return positions(page);
    }
    // As the log does it: redacted there first.
    void retract(const Positions& positions) {
        std::vector<Position> list;
        for (const std::int64_t position : positions) {
            log_.frames[std::size_t(position / 10)].reset();
            list.push_back(Position{position});
        }
        EXPECT_TRUE(timeline_->retract(list));
    }
    void reopen() {
        timeline_.reset();
        timeline_ = open();
    }
    std::unique_ptr<Timeline> timeline_;
};

TEST_F(TimelineTest, IsByTheTimeItHappenedAndNotByArrival) {
    add({event(ann, 5), event(ann, 9), event(ann, 1)});
    EXPECT_EQ(newest({ann}), (Positions{11, 1, 21}));
    reopen();
    EXPECT_EQ(newest({ann}), (Positions{11, 1, 21})) << "out of a run";
}

TEST_F(TimelineTest, TheSameStretchAgainStaysOnce) {
    add({event(ann, 5), event(ann, 6)});
    timeline_->append({Position{1}, Position{21}}, log_.events_in({Position{1}, Position{21}}));
    EXPECT_EQ(newest({ann}), (Positions{11, 1}));
    add({event(ann, 7)});
    timeline_->append({Position{11}, Position{31}}, log_.events_in({Position{11}, Position{31}}));
    EXPECT_EQ(newest({ann}), (Positions{21, 11, 1}));
}

TEST_F(TimelineTest, SeveralNodesAreOneTimeline) {
    add({event(ann, 1), event(bob, 2), event(ann, 3), event(NodeId{3}, 4)});
    EXPECT_EQ(newest({bob, ann}), (Positions{21, 11, 1}));
    EXPECT_EQ(newest({ann, bob}, {}, {}, 2), (Positions{21, 11}));
    EXPECT_TRUE(newest({}).empty());
}

TEST_F(TimelineTest, APageBeginsStrictlyBeforeItsPlaceAlsoWithinOneInstant) {
    add({event(ann, 1), event(ann, 1), event(bob, 1), event(ann, 0)});
    for (int opened = 0; opened < 2; ++opened, reopen()) {
        EXPECT_EQ(newest({ann, bob}), (Positions{21, 11, 1, 31}));
        EXPECT_EQ(newest({ann, bob}, {}, {at(1), Position{11}}), (Positions{1, 31}));
        EXPECT_EQ(newest({ann, bob}, {}, {at(1), Position{0}}), (Positions{31}));
    }
}

TEST_F(TimelineTest, AFilterTakesKindsANameAndATime) {
    add({event(ann, 1, "page", "Home"), event(ann, 2, "track", "Home"), event(ann, 3, "track", "Bought"),
        event(ann, 4, "identify", "")});
    for (int opened = 0; opened < 2; ++opened, reopen()) {
        EXPECT_EQ(newest({ann}, {.kinds = {"track"}}), (Positions{21, 11}));
        EXPECT_EQ(newest({ann}, {.kinds = {"identify", "page"}}), (Positions{31, 1}));
        EXPECT_EQ(newest({ann}, {.name = "Home"}), (Positions{11, 1}));
        EXPECT_EQ(newest({ann}, {.kinds = {"page"}, .name = "Home"}), (Positions{1}));
        EXPECT_TRUE(newest({ann}, {.name = "Nothing of that name"}).empty());
        EXPECT_EQ(newest({ann}, {.from = at(2), .to = at(4)}), (Positions{21, 11})) << "from is in it, to is not";
    }
    EXPECT_EQ(timeline_->kinds(), (std::vector<std::string>{"identify", "page", "track"}));
}

TEST_F(TimelineTest, NamesBeyondTheLimitsAreFoundUnderTheirKind) {
    const std::string long_name(Names::bytes_max + 1, 'x');
    add({event(ann, 1, "track", long_name), event(ann, 2, "track", "short"), event(ann, 3, "page", "short")});
    EXPECT_EQ(newest({ann}, {.kinds = {"track"}}), (Positions{11, 1}));
    EXPECT_EQ(newest({ann}, {.name = long_name}), (Positions{1}));
    const auto page = timeline_->list_newest({ann}, {.kinds = {"track"}}, {}, 9);
    EXPECT_EQ(timeline_->name_of(page.entries[1].name), (Name{"track", std::nullopt}));
}

TEST_F(TimelineTest, TalliesByNodeAndName) {
    add({event(ann, 1, "page", "Home"), event(ann, 2, "page", "Home"), event(bob, 3, "page", "Home"),
        event(ann, 4, "track", "Bought")});
    reopen();
    add({event(ann, 5, "page", "Home")});
    std::map<std::tuple<NodeId, std::string, std::string>, std::int64_t> counts;
    for (const Tally& tally : timeline_->tally({ann, bob}))
        counts[{tally.node, tally.name.kind, *tally.name.name}] = tally.count;
    EXPECT_EQ(counts,
        (decltype(counts){{{ann, "page", "Home"}, 3}, {{ann, "track", "Bought"}, 1}, {{bob, "page", "Home"}, 1}}));
}

TEST_F(TimelineTest, WhatIsRetractedIsInNoAnswerAnyMore) {
    add({event(ann, 1, "track", "Bought"), event(ann, 2, "track", "Bought"), event(bob, 3), event(ann, 4)});
    reopen(); // they are in a run now
    add({event(ann, 5, "track", "Bought"), event(ann, 6)});
    retract({11, 31, 41});
    const auto check = [&](const char* when) {
        EXPECT_EQ(newest({ann, bob}), (Positions{51, 21, 1})) << when;
        EXPECT_EQ(newest({ann}, {.name = "Bought"}), (Positions{1})) << when;
        std::int64_t counted = 0;
        for (const Tally& tally : timeline_->tally({ann, bob}))
            counted += tally.count;
        EXPECT_EQ(counted, 3) << when;
        Positions scanned;
        EXPECT_TRUE(timeline_->scan(NodeId{0}, NodeId{9}, [&](const Entry& entry) -> Result<> {
            scanned.push_back(entry.position.value);
            return {};
        }));
        EXPECT_EQ(scanned, (Positions{51, 1, 21})) << when;
    };
    check("at once");
    EXPECT_EQ(timeline_->figures().retracted, 3u);
    timeline_->rest();
    check("when its runs are made anew");
    EXPECT_EQ(timeline_->figures().retracted, 0u);
    EXPECT_EQ(timeline_->figures().runs_entries + timeline_->figures().recent_entries, 3u);
    EXPECT_TRUE(timeline_->missing().empty());
    EXPECT_FALSE(std::filesystem::exists(path() + "/retracted"));
    reopen();
    check("after a start");
}

TEST_F(TimelineTest, WhatIsRetractedStaysSoThroughAKill) {
    add({event(ann, 1), event(ann, 2), event(ann, 3)});
    reopen();
    files_.left = 3; // the part of the file `retracted`, and no run after it
    retract({1, 21});
    timeline_->rest();
    timeline_.reset();
    files_.left = INT_MAX;
    timeline_ = open();
    EXPECT_EQ(newest({ann}), (Positions{11}));
    std::ofstream(path() + "/retracted", std::ios::app | std::ios::binary) << "half a par";
    reopen();
    EXPECT_EQ(newest({ann}), (Positions{11})) << "behind it, what a kill cut off";
    retract({11});
    EXPECT_TRUE(newest({ann}).empty());
    reopen();
    EXPECT_TRUE(newest({ann}).empty());
}

TEST_F(TimelineTest, DamageAmongWhatIsRetractedMakesAllOfItAnew) {
    add({event(ann, 1), event(ann, 2), event(ann, 3)});
    reopen();
    files_.left = 6; // two parts of the file `retracted`, and no run after them
    retract({1});
    retract({21});
    timeline_.reset();
    files_.left = INT_MAX;
    const std::string file = path() + "/retracted";
    ASSERT_EQ(std::filesystem::file_size(file), 32u);
    std::fstream(file, std::ios::in | std::ios::out | std::ios::binary).seekp(12).put('\x5a');
    timeline_ = open();
    timeline_->rest();
    EXPECT_EQ(newest({ann}), (Positions{11})) << "out of the log, which no longer tells the others";
    EXPECT_FALSE(std::filesystem::exists(file));
}

TEST_F(TimelineTest, APositionThatIsTakenUpAnewIsNotRetracted) {
    add({event(ann, 1), event(ann, 2)});
    reopen();
    files_.left = 3;
    retract({11});
    timeline_.reset();
    files_.left = INT_MAX;
    log_.frames.resize(1); // an older copy of the log, and of the database
    timeline_ = open();
    add({event(bob, 7)});
    EXPECT_EQ(newest({ann, bob}), (Positions{11, 1}));
}

TEST(PositionSet, HoldsWhatWasAddedInAnyOrder) {
    std::mt19937 random{7};
    std::set<Position> model;
    PositionSet set;
    for (int round = 0; round < 200; ++round) {
        std::vector<Position> some;
        for (int i = int(random() % 40); i > 0; --i)
            some.push_back(Position{std::int64_t(random() % 20'000)});
        model.insert(some.begin(), some.end());
        set.add(some);
    }
    EXPECT_EQ(set.list(), (std::vector<Position>{model.begin(), model.end()}));
    for (std::int64_t at = -1; at < 20'001; ++at) {
        ASSERT_EQ(set.has(Position{at}), model.contains(Position{at})) << at;
        const auto next = model.lower_bound(Position{at});
        ASSERT_EQ(set.has_any({Position{at}, Position{at + 3}}), next != model.end() && *next < Position{at + 3}) << at;
    }
}

TEST_F(TimelineTest, WhatExpiredIsNotAnsweredAndGoesAtTheNextMerge) {
    for (std::int64_t i = 0; i < 640; ++i)
        add({event(ann, i)});
    timeline_->rest();
    EXPECT_EQ(newest({ann}, {}, {}, 1000).size(), 640u);
    log_.begin = log_.position_of(600);
    EXPECT_EQ(newest({ann}, {}, {}, 1000).size(), 40u);
    EXPECT_EQ(timeline_->tally({ann}).front().count, 40);
    std::size_t scanned = 0;
    ASSERT_TRUE(timeline_->scan(ann, bob, [&](const Entry&) -> Result<> {
        ++scanned;
        return {};
    }));
    EXPECT_EQ(scanned, 40u);
    timeline_->rest();
    EXPECT_LT(timeline_->figures().runs_entries, 640u) << "runs of which nothing is left are gone";
    EXPECT_GE(timeline_->checkpoint(), log_.begin.load());
}

TEST_F(TimelineTest, TheLogMayGoUpToTheCheckpoint) {
    EXPECT_EQ(timeline_->checkpoint(), Position{1});
    add({event(ann, 1), std::nullopt, event(ann, 2)});
    EXPECT_EQ(timeline_->checkpoint(), Position{1}) << "in memory only";
    reopen();
    EXPECT_EQ(timeline_->checkpoint(), log_.end());
    std::vector<std::optional<Event>> many(200, event(bob, 7));
    add(std::move(many));
    timeline_->rest();
    EXPECT_GT(timeline_->checkpoint(), log_.position_of(3));
    EXPECT_LE(timeline_->checkpoint(), log_.end());
}

TEST_F(TimelineTest, AGapInWhatIsAppendedIsReadFromTheLog) {
    log_.add({event(ann, 1), event(bob, 2)}); // committed, and its answer lost
    add({event(ann, 3)});
    timeline_->rest();
    EXPECT_TRUE(timeline_->missing().empty());
    EXPECT_EQ(newest({ann, bob}), (Positions{21, 11, 1}));
}

TEST_F(TimelineTest, WhileSomethingIsMissingItSaysSo) {
    for (std::int64_t i = 0; i < 100; ++i)
        add({event(ann, i)});
    timeline_.reset();
    std::filesystem::remove_all(path());
    auto timeline = Timeline::open(outside_.all, path(), {"origin", [this] { return log_.begin.load(); }, 64, 0});
    std::atomic<bool> may_read = false;
    const auto reader = log_.reader();
    ASSERT_TRUE((*timeline)->start(log_.end(), [&](Interval missing) -> Result<Timeline::Reread> {
        if (!may_read)
            return fail(ErrorKind::unavailable, "test.not_yet", {"not yet", "not yet"});
        return reader(missing);
    }));
    EXPECT_FALSE((*timeline)->list_newest({ann}, {}, {}, 10).is_complete);
    (*timeline)->rest();
    EXPECT_EQ((*timeline)->trouble()->code, "test.not_yet");
    EXPECT_EQ((*timeline)->missing(), (Intervals{{Position{1}, log_.end()}}));
    may_read = true;
    while ((*timeline)->trouble())
        (*timeline)->rest();
    (*timeline)->rest();
    const Page page = (*timeline)->list_newest({ann}, {}, {}, 1000);
    EXPECT_TRUE(page.is_complete);
    EXPECT_EQ(page.entries.size(), 100u);
}

TEST_F(TimelineTest, RunsOfAnotherDatabaseAreNotUsed) {
    add({event(ann, 1)});
    timeline_.reset();
    log_.frames[0]->node = bob; // that database gave other numbers
    timeline_ = open(64, INT64_MAX, "another origin");
    EXPECT_TRUE(newest({ann}).empty());
    EXPECT_EQ(newest({bob}), (Positions{1}));
}

TEST_F(TimelineTest, RunsBeyondTheCursorAreNotUsed) {
    add({event(ann, 1), event(ann, 2)});
    timeline_.reset();
    log_.frames.pop_back(); // an older backup of the database and its log
    timeline_ = open();
    EXPECT_EQ(newest({ann}), (Positions{1}));
    add({event(bob, 3)});
    EXPECT_EQ(newest({ann, bob}), (Positions{11, 1}));
}

class OriginTest : public testing::OnBothDatabases {};
ON_BOTH_DATABASES(OriginTest);

TEST_P(OriginTest, StaysWithTheDatabase) {
    onefold::testing::Outside outside;
    auto database = open({schema()});
    const auto origin = get_origin(*database, *outside.random);
    ASSERT_TRUE(origin);
    EXPECT_GE(origin->size(), 20u);
    database.reset();
    database = open({schema()});
    EXPECT_EQ(*get_origin(*database, *outside.random), *origin);
}

} // namespace
} // namespace onefold::timeline
