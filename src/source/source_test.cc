#include "source/source.h"
#include "testing/databases.h"
#include "testing/outside.h"

namespace onefold::source {
namespace {

class SourceTest : public testing::OnBothDatabases {
  protected:
    void SetUp() override {
        database_ = open({change::schema(), company::schema(), schema()});
        keys_ = std::move(*access::Keys::open(outside_.all, folder_.path()));
        start();
    }
    void start() {
        sources_ = std::make_unique<Sources>(*database_, *keys_, outside_.all);
        ASSERT_TRUE(sources_->load());
    }
    Result<NewSource> create(const SourceDraft& draft) {
        Caller caller;
        caller.principal = {Principal::Kind::local, 0, Role::admin};
        return sources_->create(caller, draft);
    }

    testing::Folder folder_;
    testing::Outside outside_;
    std::unique_ptr<store::Database> database_;
    std::unique_ptr<access::Keys> keys_;
    std::unique_ptr<Sources> sources_;
};
ON_BOTH_DATABASES(SourceTest);

TEST_P(SourceTest, TakesZoneAndCurrencyOfTheCompanyWhereItNamesNone) {
    const auto plain = create({"shop", Kind::file, "", "", ""});
    ASSERT_TRUE(plain) << plain.error().message.in("en");
    EXPECT_EQ(plain->source.zone, "UTC");
    EXPECT_EQ(plain->source.currency, "CNY");
    EXPECT_EQ(plain->source.region, "CN");
    const auto own = create({"uk", Kind::file, "Europe/London", "GBP", "GB"});
    ASSERT_TRUE(own);
    EXPECT_EQ(own->source.zone, "Europe/London");
    EXPECT_EQ(own->source.currency, "GBP");
}

TEST_P(SourceTest, IsFoundByNameIdAndWriteKeyAlsoAfterARestart) {
    const auto made = create({" 官网 ", Kind::tracker, "", "", ""});
    ASSERT_TRUE(made);
    for (int i = 0; i < 2; ++i, start()) {
        EXPECT_EQ(sources_->find("官网")->id, made->source.id);
        EXPECT_EQ(sources_->get(made->source.id)->kind, Kind::tracker);
        EXPECT_EQ(sources_->find_by_write_key(made->write_key)->id, made->source.id);
        EXPECT_EQ(sources_->get(made->source.id)->write_key_hint, made->write_key.substr(made->write_key.size() - 4));
        EXPECT_FALSE(sources_->find_by_write_key("ofk_invented"));
        EXPECT_FALSE(sources_->find("app"));
        EXPECT_EQ(sources_->get(SourceId{999}).error().code, "source.no_such_source");
    }
}

TEST_P(SourceTest, ManualIsThereAndNotListed) {
    EXPECT_EQ(sources_->get(manual)->trust, 100);
    EXPECT_EQ(sources_->get(manual)->kind, Kind::manual);
    EXPECT_TRUE(sources_->list().empty());
    const auto made = create({"shop", Kind::file, "", "", ""});
    EXPECT_GT(made->source.id, manual);
    EXPECT_EQ(sources_->list().size(), 1u);
}

TEST_P(SourceTest, RefusesBadOrTakenNamesZonesAndCurrencies) {
    ASSERT_TRUE(create({"shop", Kind::file, "", "", ""}));
    EXPECT_EQ(create({"shop", Kind::api, "", "", ""}).error().code, "source.name_taken");
    for (const std::string name : {"", "a@b", "a:b", "a\nb"})
        EXPECT_EQ(create({name, Kind::file, "", "", ""}).error().code, "source.bad_name");
    EXPECT_EQ(create({"x", Kind::file, "Mars/Base", "", ""}).error().code, "time.unknown_zone");
    EXPECT_EQ(create({"x", Kind::file, "", "yuan", ""}).error().code, "company.bad_currency");
    EXPECT_EQ(kind_named("manual").error().code, "source.unknown_kind");
    EXPECT_EQ(sources_->list().size(), 1u);
}

TEST_P(SourceTest, TheWriteKeyIsNotInTheDatabase) {
    const auto made = create({"shop", Kind::file, "", "", ""});
    const auto digest = database_->read([](store::Session& session) {
        return session.find(
            "SELECT digest FROM write_key", {}, [](const store::Row& row) { return std::string(row.blob(0)); });
    });
    ASSERT_TRUE(digest && *digest);
    EXPECT_EQ(**digest, keys_->digest("write_key", made->write_key));
    const auto changes = database_->read([](store::Session& session) { return change::list_behind(session, 0, 10); });
    ASSERT_EQ(changes->size(), 1u);
    EXPECT_EQ(boost::json::serialize(*changes->at(0).entry.after).find(made->write_key), std::string::npos);
}

} // namespace
} // namespace onefold::source
