#include "testing/databases.h"
#include "timeline/timeline.h"

namespace onefold::timeline {
namespace {

class TimelineTest : public testing::OnBothDatabases {
  protected:
    void SetUp() override { database_ = open({schema()}); }
    void add(const std::vector<Entry>& entries) {
        ASSERT_TRUE(database_->write([&](store::Session& session) { return append(session, entries); }));
    }
    std::vector<std::int64_t> positions(const std::vector<NodeId>& nodes, Before before = {}, int limit = 100) {
        const auto entries =
            database_->read([&](store::Session& session) { return list_newest(session, nodes, before, limit); });
        VERIFY(entries);
        std::vector<std::int64_t> all;
        for (const Entry& entry : *entries)
            all.push_back(entry.position.value);
        return all;
    }
    std::unique_ptr<store::Database> database_;
};
ON_BOTH_DATABASES(TimelineTest);

constexpr NodeId ann{1}, bob{2};
Instant at(std::int64_t second) {
    return instant_of(second * 1'000'000);
}
using Positions = std::vector<std::int64_t>;

TEST_P(TimelineTest, IsByTheTimeItHappenedAndNotByArrival) {
    add({{ann, at(5), Position{100}}, {ann, at(9), Position{200}}, {ann, at(1), Position{300}}});
    EXPECT_EQ(positions({ann}), (Positions{200, 100, 300}));
}

TEST_P(TimelineTest, TheSameEventAgainStaysOne) {
    add({{ann, at(5), Position{100}}});
    add({{ann, at(5), Position{100}}, {ann, at(6), Position{200}}});
    EXPECT_EQ(positions({ann}), (Positions{200, 100}));
}

TEST_P(TimelineTest, SeveralNodesAreOneTimeline) {
    add({{ann, at(1), Position{100}}, {bob, at(2), Position{200}}, {ann, at(3), Position{300}},
        {NodeId{3}, at(4), Position{400}}});
    EXPECT_EQ(positions({ann, bob}), (Positions{300, 200, 100}));
    EXPECT_EQ(positions({ann, bob}, {}, 2), (Positions{300, 200}));
    EXPECT_TRUE(positions({}).empty());
}

TEST_P(TimelineTest, APageBeginsStrictlyBeforeItsPlaceAlsoWithinOneInstant) {
    add({{ann, at(1), Position{100}}, {ann, at(1), Position{200}}, {bob, at(1), Position{300}},
        {ann, at(0), Position{400}}});
    EXPECT_EQ(positions({ann, bob}), (Positions{300, 200, 100, 400}));
    EXPECT_EQ(positions({ann, bob}, {at(1), Position{200}}), (Positions{100, 400}));
    EXPECT_EQ(positions({ann, bob}, {at(1), Position{0}}), (Positions{400}));
}

} // namespace
} // namespace onefold::timeline
