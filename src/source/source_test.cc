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
    Result<NewSource> create(const SourceDraft& draft) { return sources_->create(caller(), draft); }

    static Caller caller() {
        Caller caller;
        caller.principal = {Principal::Kind::local, 0, Role::admin};
        return caller;
    }
    std::vector<change::Change> changes() {
        return *database_->read([](store::Session& session) { return change::list_behind(session, 0, 100); });
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
        EXPECT_TRUE(std::ranges::all_of(made->write_key.substr(4), [](unsigned char c) { return std::isalnum(c); }));
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

TEST_P(SourceTest, SettingsChangeWithTheVersionThatWasSeenAndStayOverARestart) {
    const auto made = create({"web", Kind::tracker, "", "", ""});
    SourceEdit edit;
    edit.zone = "Asia/Shanghai";
    edit.trust = 80;
    edit.consent = Consent::required;
    edit.allowed_origins = {"HTTPS://Shop.Example:443/", "https://shop.example", "http://127.0.0.1:8000"};
    edit.order_scope = " 商城 ";
    const auto changed = sources_->update(caller(), made->source.id, 1, edit);
    ASSERT_TRUE(changed) << changed.error().message.in("en");
    EXPECT_EQ(changed->version, 2);
    EXPECT_EQ(sources_->update(caller(), made->source.id, 1, edit).error().code, "source.version_changed");
    for (int i = 0; i < 2; ++i, start()) {
        const auto source = sources_->find_by_write_key(made->write_key);
        EXPECT_EQ(source->zone, "Asia/Shanghai");
        EXPECT_EQ(source->currency, "CNY");
        EXPECT_EQ(source->trust, 80);
        EXPECT_EQ(source->consent, Consent::required);
        EXPECT_EQ(source->allowed_origins, (std::vector<std::string>{"https://shop.example", "http://127.0.0.1:8000"}));
        EXPECT_TRUE(source->is_active);
        EXPECT_EQ(source->order_scope, "商城");
        EXPECT_EQ(source->version, 2);
    }
    ASSERT_EQ(changes().size(), 2u);
    EXPECT_EQ(changes()[1].entry.before->at("trust"), 50);
    EXPECT_EQ(changes()[1].entry.after->at("trust"), 80);
}

TEST_P(SourceTest, OrderNumbersAreUniqueWithinItsNameUnlessItSharesAScope) {
    const auto made = create({"web", Kind::tracker, "", "", ""});
    EXPECT_EQ(order_scope_of(made->source), "web");
    SourceEdit edit;
    edit.order_scope = "shop";
    EXPECT_EQ(order_scope_of(*sources_->update(caller(), made->source.id, 1, edit)), "shop");
    edit.order_scope = "";
    EXPECT_EQ(order_scope_of(*sources_->update(caller(), made->source.id, 2, edit)), "web");
}

TEST_P(SourceTest, SettingsThatCannotBeAreRefusedAndChangeNothing) {
    const auto made = create({"web", Kind::tracker, "", "", ""});
    auto code = [&](auto set) {
        SourceEdit edit;
        set(edit);
        return sources_->update(caller(), made->source.id, 1, edit).error().code;
    };
    EXPECT_EQ(code([](SourceEdit& edit) { edit.zone = "Mars/Base"; }), "time.unknown_zone");
    EXPECT_EQ(code([](SourceEdit& edit) { edit.currency = "yuan"; }), "company.bad_currency");
    EXPECT_EQ(code([](SourceEdit& edit) { edit.region = "China"; }), "source.bad_region");
    EXPECT_EQ(
        code([](SourceEdit& edit) { edit.allowed_origins = {"https://good.example", "shop"}; }), "source.bad_origin");
    EXPECT_EQ(code([](SourceEdit& edit) { edit.order_scope = "a@b"; }), "source.bad_order_scope");
    EXPECT_EQ(sources_->update(caller(), manual, 1, {}).error().code, "source.no_such_source");
    EXPECT_EQ(sources_->update(caller(), SourceId{99}, 1, {}).error().code, "source.no_such_source");
    EXPECT_EQ(changes().size(), 1u);
    EXPECT_EQ(sources_->get(made->source.id)->version, 1);
}

TEST_P(SourceTest, AnOldKeyLivesBesideTheNewOneUntilItIsRevoked) {
    const auto made = create({"web", Kind::tracker, "", "", ""});
    const auto fresh = sources_->create_write_key(caller(), made->source.id);
    ASSERT_TRUE(fresh) << fresh.error().message.in("en");
    EXPECT_EQ(sources_->find_by_write_key(made->write_key)->id, made->source.id);
    EXPECT_EQ(sources_->find_by_write_key(fresh->secret)->id, made->source.id);
    EXPECT_EQ(sources_->get(made->source.id)->write_key_hint, fresh->write_key.hint);
    const auto keys = sources_->list_write_keys(made->source.id);
    ASSERT_EQ(keys->size(), 2u);
    const auto revoked = sources_->revoke_write_key(caller(), keys->back().id);
    ASSERT_TRUE(revoked && revoked->revoked_at);
    EXPECT_EQ(sources_->revoke_write_key(caller(), keys->back().id)->revoked_at, revoked->revoked_at);
    for (int i = 0; i < 2; ++i, start()) {
        EXPECT_FALSE(sources_->find_by_write_key(made->write_key));
        EXPECT_EQ(sources_->find_by_write_key(fresh->secret)->id, made->source.id);
        EXPECT_EQ(sources_->get(made->source.id)->version, 3);
    }
    EXPECT_EQ(sources_->revoke_write_key(caller(), WriteKeyId{99}).error().code, "source.no_such_key");
    EXPECT_EQ(changes().size(), 3u);
}

TEST_P(SourceTest, SaysWhenAKeyWasLastUsedAlsoAfterARestart) {
    const auto made = create({"web", Kind::tracker, "", "", ""});
    EXPECT_FALSE(sources_->list_write_keys(made->source.id)->front().last_used_at);
    outside_.clock.advance(std::chrono::hours(1));
    ASSERT_TRUE(sources_->find_by_write_key(made->write_key));
    const Instant used_at = outside_.clock.now();
    EXPECT_EQ(sources_->list_write_keys(made->source.id)->front().last_used_at, used_at);
    ASSERT_TRUE(sources_->keep_uses());
    start();
    EXPECT_EQ(sources_->list_write_keys(made->source.id)->front().last_used_at, used_at);
}

TEST_P(SourceTest, HasOnlySoManyValidKeys) {
    const auto made = create({"web", Kind::tracker, "", "", ""});
    for (std::size_t i = 1; i < write_keys_max; ++i)
        ASSERT_TRUE(sources_->create_write_key(caller(), made->source.id));
    EXPECT_EQ(sources_->create_write_key(caller(), made->source.id).error().code, "source.too_many_keys");
    ASSERT_TRUE(sources_->revoke_write_key(caller(), sources_->list_write_keys(made->source.id)->front().id));
    EXPECT_TRUE(sources_->create_write_key(caller(), made->source.id));
    EXPECT_EQ(sources_->create_write_key(caller(), manual).error().code, "source.no_such_source");
}

} // namespace
} // namespace onefold::source
