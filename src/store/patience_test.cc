// A question that takes long is given up, and what follows it goes on.
#include "testing/databases.h"

#include <gtest/gtest.h>

namespace onefold::store {
namespace {

class Patience : public testing::OnBothDatabases {
  protected:
    void SetUp() override {
        database_ = open({{"patience", {{1, "0001_patience", "CREATE TABLE one (id BIGINT PRIMARY KEY);"}}}});
    }
    std::unique_ptr<Database> database_;
};
ON_BOTH_DATABASES(Patience);

TEST_P(Patience, ALongQuestionEndsAndTheSessionGoesOn) {
    const auto seen = database_->read([](Session& session) -> Result<std::vector<std::int64_t>> {
        std::vector<std::int64_t> all;
        const auto keep = [&](const Row& row) -> Result<> {
            all.push_back(row.integer(0));
            return {};
        };
        const bool was_whole = TRY(session.each_within(std::chrono::milliseconds{30},
            "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 500000000) SELECT COUNT(*) FROM "
            "n",
            {}, keep));
        EXPECT_FALSE(was_whole);
        EXPECT_TRUE(all.empty());
        const bool is_whole =
            TRY(session.each_within(std::chrono::seconds{60}, "SELECT 7 WHERE 1 = $1", {std::int64_t(1)}, keep));
        EXPECT_TRUE(is_whole);
        TRY(session.each("SELECT 8", {}, keep));
        return all;
    });
    ASSERT_TRUE(seen) << seen.error().message.in("en");
    EXPECT_EQ(*seen, (std::vector<std::int64_t>{7, 8}));
}

TEST_P(Patience, AWrongStatementIsStillItsError) {
    const auto asked = database_->read([](Session& session) {
        return session.each_within(
            std::chrono::seconds{60}, "SELECT nothing FROM nowhere", {}, [](const Row&) -> Result<> { return {}; });
    });
    ASSERT_FALSE(asked);
    EXPECT_EQ(asked.error().code, "store.failed");
}

} // namespace
} // namespace onefold::store
