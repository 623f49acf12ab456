#include "company/company.h"
#include "testing/databases.h"
#include "testing/outside.h"

namespace onefold::company {
namespace {

class CompanyTest : public testing::OnBothDatabases {
  protected:
    void SetUp() override { database_ = open({change::schema(), schema()}); }

    template <class Work>
    auto write(Work work) {
        return database_->write(work);
    }
    change::Author author() const {
        return {{Principal::Kind::user, 1, Role::admin}, outside_.clock.now(), "request", "r"};
    }
    std::vector<change::Change> changes() {
        auto all = database_->read([](store::Session& session) { return change::list_behind(session, 0, 100); });
        VERIFY(all);
        return std::move(*all);
    }

    testing::Outside outside_;
    std::unique_ptr<store::Database> database_;
};
ON_BOTH_DATABASES(CompanyTest);

TEST_P(CompanyTest, AFreshOneIsUtcAndCny) {
    const auto company = database_->read([](store::Session& session) { return get_company(session); });
    ASSERT_TRUE(company);
    EXPECT_EQ(company->zone, "UTC");
    EXPECT_EQ(company->currency, "CNY");
    EXPECT_EQ(company->version, 1);
}

TEST_P(CompanyTest, AnUpdateNeedsThePresentVersionAndWritesWhatChanged) {
    const auto updated = write([&](store::Session& session) {
        return update_company(session, author(), 1, {" 归一 ", "Asia/Shanghai", "USD", "en"});
    });
    ASSERT_TRUE(updated);
    EXPECT_EQ(updated->name, "归一");
    EXPECT_EQ(updated->version, 2);
    const auto late =
        write([&](store::Session& session) { return update_company(session, author(), 1, {"x", {}, {}, {}}); });
    EXPECT_EQ(late.error().code, "company.version_changed");
    EXPECT_EQ(late.error().kind, ErrorKind::precondition_failed);
    ASSERT_EQ(changes().size(), 1u);
    EXPECT_EQ(changes()[0].entry.before->at("currency"), "CNY");
    EXPECT_EQ(changes()[0].entry.after->at("currency"), "USD");
    EXPECT_EQ(changes()[0].principal, "user:1");
}

TEST_P(CompanyTest, KeepsEventsForEverOrForAMonthAtLeast) {
    EXPECT_EQ(database_->read([](store::Session& session) { return get_company(session); })->event_retention_days, 0);
    auto keep = [&](std::int64_t version, std::int64_t days) {
        return write([&](store::Session& session) {
            return update_company(session, author(), version, {.event_retention_days = days});
        });
    };
    EXPECT_EQ(keep(1, 400)->event_retention_days, 400);
    EXPECT_EQ(changes().back().entry.after->at("event_retention_days"), 400);
    for (const std::int64_t days : {-1, 1, 29, 36'501})
        EXPECT_EQ(keep(2, days).error().code, "company.bad_event_retention");
    EXPECT_EQ(keep(2, 0)->event_retention_days, 0);
}

TEST_P(CompanyTest, RefusesZonesCurrenciesAndLanguagesThatAreNone) {
    const auto code_of = [&](CompanyEdit edit) {
        const auto updated = write([&](store::Session& session) { return update_company(session, author(), 1, edit); });
        return updated ? "" : updated.error().code;
    };
    EXPECT_EQ(code_of({{}, "Mars/Base", {}, {}}), "time.unknown_zone");
    EXPECT_EQ(code_of({{}, {}, "yuan", {}}), "company.bad_currency");
    EXPECT_EQ(code_of({{}, {}, {}, "fr"}), "company.bad_locale");
    EXPECT_TRUE(changes().empty());
}

TEST_P(CompanyTest, AnEmailIsOneUserHoweverItIsWritten) {
    const auto ann = write([&](store::Session& session) {
        return create_user(session, author(), {" Ann@Example.cn", "", Role::viewer, ""});
    });
    ASSERT_TRUE(ann);
    EXPECT_EQ(ann->email, "Ann@Example.cn");
    EXPECT_EQ(ann->name, "Ann");
    EXPECT_EQ(ann->locale, "zh-CN") << "the company's";
    const auto again = write([&](store::Session& session) {
        return create_user(session, author(), {"ANN@example.CN", "", Role::viewer, ""});
    });
    EXPECT_EQ(again.error().code, "company.email_taken");
    const auto found = database_->read([](store::Session& session) { return find_user(session, "ann@EXAMPLE.cn "); });
    ASSERT_TRUE(found && *found);
    EXPECT_EQ((*found)->id, ann->id);
}

TEST_P(CompanyTest, RefusesWhatIsNoEmail) {
    for (const std::string email : {"", "ann", "@example.cn", "ann@", "ann b@example.cn"}) {
        const auto user = write(
            [&](store::Session& session) { return create_user(session, author(), {email, "", Role::viewer, ""}); });
        EXPECT_EQ(user.error().code, "company.bad_email") << email;
    }
}

TEST_P(CompanyTest, TheLastActiveAdministratorStaysOne) {
    const auto create = [&](const std::string& email) {
        return write(
            [&](store::Session& session) { return create_user(session, author(), {email, "", Role::admin, "en"}); });
    };
    const auto demote = [&](UserId id) {
        return write(
            [&](store::Session& session) { return update_user(session, author(), id, 1, {{}, {}, Role::editor, {}}); });
    };
    const auto ann = create("ann@example.cn");
    EXPECT_EQ(demote(ann->id).error().code, "company.last_admin");
    const auto bob = create("bob@example.cn");
    EXPECT_TRUE(demote(ann->id));
    EXPECT_EQ(demote(bob->id).error().code, "company.last_admin");
}

} // namespace
} // namespace onefold::company
