#include "change/change.h"
#include "company/company.h"
#include "house/expiry.h"
#include "testing/databases.h"
#include "testing/folder.h"
#include "testing/outside.h"

namespace onefold::house {
namespace {

using namespace std::chrono_literals;

class ExpiryTest : public testing::OnBothDatabases {
  protected:
    void SetUp() override {
        database_ = open({change::schema(), company::schema()});
        log_ = std::move(*event_log::EventLog::open(outside_.all, folder_.file("log"), {.segment_bytes = 4096}));
        for (int day = 0; day < 100; ++day) {
            ASSERT_TRUE(log_->append_and_wait(
                {{SourceId{1}, std::to_string(day), event_log::FrameKind::event, std::string(1000, 'x')}}));
            outside_.clock.advance(24h);
        }
        expiry_.emplace(*database_, *log_, outside_.clock);
        expiry_->wait_for("customer", [this] { return passed_; });
    }
    void keep(std::int64_t days) {
        const auto kept = database_->write([&](store::Session& session) -> Result<company::Company> {
            const auto present = TRY(company::get_company(session));
            return company::update_company(session,
                {{Principal::Kind::user, 1, Role::admin}, outside_.clock.now(), "test", ""}, present.version,
                {.event_retention_days = days});
        });
        ASSERT_TRUE(kept);
    }
    std::int64_t oldest_day() const { return std::stoll(log_->read({}, 1)->at(0).message_id); }

    testing::Outside outside_;
    testing::Folder folder_;
    std::unique_ptr<store::Database> database_;
    std::unique_ptr<event_log::EventLog> log_;
    std::optional<Expiry> expiry_;
    Position passed_;
};
ON_BOTH_DATABASES(ExpiryTest);

TEST_P(ExpiryTest, KeepsEverythingWhereTheCompanySaysNothing) {
    passed_ = log_->end();
    ASSERT_TRUE(expiry_->check());
    EXPECT_EQ(oldest_day(), 0);
}

TEST_P(ExpiryTest, DeletesWhatIsOlderOnceEveryReaderHasPassedIt) {
    keep(40);
    ASSERT_TRUE(expiry_->check());
    EXPECT_EQ(oldest_day(), 0) << "the reader has passed nothing";
    passed_ = log_->read({}, 21)->back().position;
    ASSERT_TRUE(expiry_->check());
    EXPECT_GT(oldest_day(), 10);
    EXPECT_LE(oldest_day(), 20);
    passed_ = log_->end();
    ASSERT_TRUE(expiry_->check());
    EXPECT_GT(oldest_day(), 50);
    EXPECT_LE(oldest_day(), 60);
    keep(0);
    outside_.clock.advance(24h * 400);
    ASSERT_TRUE(expiry_->check());
    EXPECT_LE(oldest_day(), 60);
}

} // namespace
} // namespace onefold::house
