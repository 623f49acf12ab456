#include "change/change.h"
#include "testing/databases.h"

namespace onefold::change {
namespace {

class ChangeTest : public testing::OnBothDatabases {
  protected:
    void SetUp() override { database_ = open({schema()}); }
    Result<> add(const std::vector<Entry>& entries) {
        const Author author{{Principal::Kind::token, 7, Role::admin}, instant_of(1'000'000), "request", "r1"};
        return database_->write([&](store::Session& session) { return append(session, author, entries); });
    }
    std::vector<Change> behind(std::int64_t seq, int limit = 100) {
        auto all = database_->read([&](store::Session& session) { return list_behind(session, seq, limit); });
        VERIFY(all);
        return std::move(*all);
    }
    std::unique_ptr<store::Database> database_;
};
ON_BOTH_DATABASES(ChangeTest);

TEST_P(ChangeTest, KeepsWhoWhenWhyAndWhat) {
    ASSERT_TRUE(add({{object_ids::user, 3, 2, Op::update, boost::json::object{{"name", "王芳"}},
        boost::json::object{{"name", "安"}}}}));
    const auto all = behind(0);
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].principal, "token:7");
    EXPECT_EQ(all[0].at, instant_of(1'000'000));
    EXPECT_EQ(all[0].cause_kind, "request");
    EXPECT_EQ(all[0].cause_id, "r1");
    EXPECT_EQ(all[0].entry.object, object_ids::user);
    EXPECT_EQ(all[0].entry.record, 3);
    EXPECT_EQ(all[0].entry.version, 2);
    EXPECT_EQ(all[0].entry.op, Op::update);
    EXPECT_EQ(all[0].entry.before->at("name"), "王芳");
    EXPECT_EQ(all[0].entry.after->at("name"), "安");
}

TEST_P(ChangeTest, IsReadBehindACursorOldestFirst) {
    for (int i = 1; i <= 5; ++i)
        ASSERT_TRUE(add({{object_ids::order, i}}));
    std::vector<std::int64_t> records;
    std::int64_t cursor = 0;
    while (true) {
        const auto some = behind(cursor, 2);
        if (some.empty())
            break;
        for (const Change& change : some)
            records.push_back(change.entry.record);
        cursor = some.back().seq;
    }
    EXPECT_EQ(records, (std::vector<std::int64_t>{1, 2, 3, 4, 5}));
    EXPECT_FALSE(behind(cursor - 1).at(0).entry.before);
}

TEST_P(ChangeTest, EntriesOfOneCallShareATransactionAndOthersDoNot) {
    ASSERT_TRUE(add({{object_ids::order, 1}, {object_ids::order, 2}}));
    ASSERT_TRUE(add({{object_ids::order, 3}}));
    ASSERT_TRUE(add({}));
    const auto groups = database_->read(
        [](store::Session& session) { return session.find_integer("SELECT COUNT(DISTINCT tx) FROM change"); });
    EXPECT_EQ(**groups, 2);
    EXPECT_EQ(behind(0).size(), 3u);
}

TEST_P(ChangeTest, GoesWithTheTransactionThatItBelongsTo) {
    const auto failed = database_->write([&](store::Session& session) -> Result<> {
        TRY(append(session, {{Principal::Kind::local}, instant_of(0), "request", ""}, {{object_ids::order, 1}}));
        return fail(ErrorKind::invalid, "test.no", {"no", "否"});
    });
    EXPECT_FALSE(failed);
    EXPECT_TRUE(behind(0).empty());
}

} // namespace
} // namespace onefold::change
