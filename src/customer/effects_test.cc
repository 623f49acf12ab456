#include "customer/customer_rig.h"
#include "object/order_statement_store.h"

#include <random>

namespace onefold::customer {
namespace {

class EffectsTest : public CustomerRig {
  protected:
    std::string spend(const std::string& identifier) {
        const auto computed = get(identifier).computed;
        return computed.total_spend + " " + computed.currency;
    }
    std::int64_t ask(std::string_view sql) {
        const auto found = database_->read([&](store::Session& session) { return session.find_integer(sql); });
        VERIFY(found);
        return found->value_or(0);
    }
    std::vector<Membership> memberships(CustomerId id) {
        auto page = customers_->memberships(id, 200, "");
        VERIFY(page);
        return std::move(page->items);
    }
    void set_scope(SourceId source, std::string scope, int trust) {
        source::SourceEdit edit;
        edit.order_scope = std::move(scope);
        edit.trust = trust;
        Caller caller;
        caller.principal = {Principal::Kind::local, 0, Role::admin};
        VERIFY(sources_->update(caller, source, sources_->get(source)->version, edit));
    }
    // As the import does.
    void import_order(std::string_view amount, NodeId buyer) {
        VERIFY(database_->write([&](store::Session& session) -> Result<> {
            const change::Author author{{Principal::Kind::local, 0, Role::admin}, outside_.clock.now(), "import", "1"};
            const auto saved =
                TRY(object::import_orders(session, author, {order("A1", buyer, "2025-05-01T00:00:00Z", amount)},
                    [this](SourceId id) { return sources_->get(id)->trust; }));
            return customers_->refresh_activity_of(session, saved.nodes);
        }));
    }
};
ON_BOTH_DATABASES(EffectsTest);

constexpr const char* completed =
    R"({"type":"track","userId":"u1","event":"Order Completed","timestamp":"2025-05-01T00:00:00Z",
       "properties":{"order_id":"A1","total":27.5,"products":[{"sku":"x","price":12.5,"quantity":2}]}})";
constexpr const char* refunded =
    R"({"type":"track","userId":"u1","event":"Order Refunded","timestamp":"2025-05-03T00:00:00Z",
       "properties":{"order_id":"A1","total":7.5}})";
constexpr const char* cancelled =
    R"({"type":"track","userId":"u1","event":"Order Cancelled","timestamp":"2025-05-04T00:00:00Z",
       "properties":{"order_id":"A1"}})";

TEST_P(EffectsTest, AnOrderEventMakesOneOrderAndStaysOnTheTimeline) {
    append({completed, completed}); // two messages of the same order
    take_in();
    const auto customer = get("user_id:u1");
    EXPECT_EQ(customer.computed.order_count, 1);
    EXPECT_EQ(customer.computed.event_count, 2);
    EXPECT_EQ(spend("user_id:u1"), "27.5 CNY");
    EXPECT_EQ(to_rfc3339(*customer.computed.last_purchase_at), "2025-05-01T00:00:00Z");
    const auto items = timeline_of(customer.id);
    EXPECT_EQ(std::ranges::count(items, "Order Completed", &TimelineItem::name), 2);
    EXPECT_EQ(std::ranges::count(items, "order", &TimelineItem::kind), 1);
    EXPECT_EQ(ask("SELECT COUNT(*) FROM change WHERE cause_kind = 'event'"), 1);
}

TEST_P(EffectsTest, RefundsReduceSpendOnceAndACancelledOrderCountsNone) {
    append({completed});
    take_in();
    append({refunded});
    take_in();
    EXPECT_EQ(spend("user_id:u1"), "20 CNY");
    append({cancelled});
    take_in();
    EXPECT_EQ(spend("user_id:u1"), "0 CNY");
    EXPECT_FALSE(get("user_id:u1").computed.last_purchase_at);
    EXPECT_EQ(get("user_id:u1").computed.event_count, 3) << "counted once, though figures were summed anew";
}

TEST_P(EffectsTest, TheErpAndTheTrackerAreOneOrderWhereTheyShareAScope) {
    set_scope(web_, "shop", 50);
    set_scope(shop_, "", 80);
    append({R"({"type":"identify","userId":"u1","timestamp":"2025-01-01T00:00:00Z"})"});
    take_in();
    const NodeId buyer = node_of(find("user_id:u1"));
    import_order("25", buyer);
    append({completed, refunded});
    take_in();
    EXPECT_EQ(get("user_id:u1").computed.order_count, 1);
    EXPECT_EQ(spend("user_id:u1"), "17.5 CNY") << "the ERP's 25, less what only the tracker knows of";
    import_order("25", buyer);
    EXPECT_EQ(spend("user_id:u1"), "17.5 CNY");
    EXPECT_EQ(ask("SELECT COUNT(*) FROM record_order"), 1);
}

TEST_P(EffectsTest, WithoutASharedScopeTheyAreTwo) {
    append({completed});
    take_in();
    import_order("25", node_of(find("user_id:u1")));
    EXPECT_EQ(get("user_id:u1").computed.order_count, 2);
}

TEST_P(EffectsTest, AMalformedOrderIsAProblemThatIsToldAndStopsNothing) {
    append({R"({"type":"track","userId":"u1","event":"Order Completed","properties":{"total":5}})",
        R"({"type":"track","userId":"u1","event":"Order Completed","properties":{"order_id":"A1","total":"lots"}})",
        R"({"type":"track","userId":"u1","event":"Order Completed","properties":{"order_id":"A2","total":5}})"});
    take_in();
    EXPECT_EQ(get("user_id:u1").computed.event_count, 3);
    EXPECT_EQ(get("user_id:u1").computed.order_count, 1);
    EXPECT_EQ(ask(fmt::format("SELECT COUNT(*) FROM message_problem WHERE source_id = {}", web_.value)), 2);
}

TEST_P(EffectsTest, AnOrderOfNobodyIsKept) {
    append(
        {R"({"type":"track","anonymousId":"null","event":"Order Completed","properties":{"order_id":"A9","total":5}})"});
    take_in();
    EXPECT_EQ(ask("SELECT COUNT(*) FROM record_order WHERE node_id IS NULL"), 1);
}

TEST_P(EffectsTest, AGroupCallMakesAnOrganisationAndItsMember) {
    append({R"({"type":"group","userId":"u1","groupId":"acme","timestamp":"2025-05-02T00:00:00Z","traits":{"name":"Acme",
        "website":"https://acme.example","phone":"13912345678","industry":"Tools","role":"buyer"}})",
        R"({"type":"group","userId":"u2","groupId":"acme","timestamp":"2025-05-03T00:00:00Z"})",
        R"({"type":"track","userId":"u1","event":"Signed In","timestamp":"2025-05-01T00:00:00Z","context":{"groupId":"acme"}})",
        R"({"type":"identify","userId":"u3","traits":{"phone":"13912345678"}})"});
    take_in();
    const auto acme = get("group_id:acme");
    EXPECT_EQ(acme.kind, "organisation");
    EXPECT_EQ(acme.fields.at("name"), "Acme");
    EXPECT_EQ(acme.fields.at("industry"), "Tools");
    EXPECT_EQ(get("web_domain:acme.example").id, acme.id);
    EXPECT_NE(get("user_id:u3").id, acme.id) << "a switchboard's number joins nobody";
    EXPECT_EQ(acme.computed.event_count, 0) << "each event is of one subject: the person";
    const auto members = memberships(acme.id);
    ASSERT_EQ(members.size(), 2u);
    EXPECT_EQ(members[0].customer, find("user_id:u1"));
    EXPECT_EQ(members[0].words.role, "buyer");
    EXPECT_EQ(to_rfc3339(*members[0].known_since), "2025-05-01T00:00:00Z") << "the earliest that is known";
    const auto organisations = memberships(find("user_id:u2"));
    ASSERT_EQ(organisations.size(), 1u);
    EXPECT_EQ(organisations[0].customer, acme.id);
    EXPECT_EQ(organisations[0].name, "Acme");
    EXPECT_EQ(organisations[0].source, "web");
    append({R"({"type":"group","userId":"u2","groupId":"acme","timestamp":"2025-06-03T00:00:00Z"})"});
    take_in();
    EXPECT_EQ(memberships(acme.id).size(), 2u);
    EXPECT_EQ(ask("SELECT COUNT(*) FROM membership"), 2);
}

TEST_P(EffectsTest, MembershipsComeInPages) {
    for (int user = 0; user < 5; ++user)
        append({fmt::format(R"({{"type":"group","userId":"u{}","groupId":"acme"}})", user)});
    take_in();
    const CustomerId acme = find("group_id:acme");
    std::vector<CustomerId> seen;
    for (std::string after;;) {
        const auto page = customers_->memberships(acme, 2, after);
        ASSERT_TRUE(page);
        for (const Membership& one : page->items)
            seen.push_back(one.customer);
        if ((after = page->next).empty())
            break;
    }
    EXPECT_EQ(seen.size(), 5u);
    EXPECT_TRUE(std::ranges::is_sorted(seen));
    EXPECT_EQ(customers_->memberships(acme, 2, "x").error().code, "customer.bad_cursor");
}

TEST_P(EffectsTest, AnAliasJoinsExactlyTheTwoInAnyOrderOfArrival) {
    std::vector<std::string> payloads{
        R"({"type":"identify","userId":"new","timestamp":"2025-05-03T00:00:00Z","traits":{"name":"Ann"}})",
        R"({"type":"track","userId":"old","event":"before","timestamp":"2025-05-01T00:00:00Z"})",
        R"({"type":"track","userId":"other","event":"elsewhere","timestamp":"2025-05-01T00:00:00Z"})",
        R"({"type":"alias","userId":"new","previousId":"old","timestamp":"2025-05-02T00:00:00Z"})"};
    std::mt19937_64 engine{5};
    std::ranges::shuffle(payloads, engine);
    append(payloads);
    take_in();
    EXPECT_EQ(find("user_id:old"), find("user_id:new"));
    EXPECT_NE(find("user_id:other"), find("user_id:new"));
    EXPECT_EQ(get("user_id:old").fields.at("name"), "Ann");
    const auto lineage = customers_->lineage(find("user_id:new"));
    ASSERT_TRUE(lineage);
    EXPECT_GE(std::ranges::count(lineage->links, "alias", &identity::StoredLink::rule), 2);
}

TEST_P(EffectsTest, AnAliasOfABrowserJoinsItsHistory) {
    append({R"({"type":"page","anonymousId":"b1","name":"Home","timestamp":"2025-05-01T00:00:00Z"})",
        R"({"type":"alias","userId":"u1","previousId":"b1","timestamp":"2025-05-02T00:00:00Z"})",
        R"({"type":"alias","userId":"zz","previousId":"zz","timestamp":"2025-05-02T00:00:00Z"})",
        R"({"type":"alias","userId":"u2","previousId":"anonymous","timestamp":"2025-05-02T00:00:00Z"})",
        R"({"type":"alias","userId":"u3","previousId":"anonymous","timestamp":"2025-05-02T00:00:00Z"})"});
    take_in();
    EXPECT_EQ(find("anonymous_id:b1"), find("user_id:u1"));
    EXPECT_NE(find("user_id:u2"), find("user_id:u3")) << "a placeholder joins nobody";
    EXPECT_EQ(ask("SELECT COUNT(*) FROM node WHERE subject_key LIKE 'alias:%'"), 1);
}

TEST_P(EffectsTest, RudderStacksMergeJoinsWhatItNames) {
    append({R"({"type":"identify","userId":"u1","traits":{"email":"ann@example.org"}})",
        R"({"type":"identify","anonymousId":"b2","traits":{"phone":"13912345678"}})",
        R"({"type":"merge","userId":"u1","mergeProperties":[{"type":"email","value":"ann@example.org"},{"type":"phone","value":"13912345678"}]})"});
    take_in();
    EXPECT_EQ(find("anonymous_id:b2"), find("user_id:u1"));
}

TEST_P(EffectsTest, AMergeThatNamesNobodyElseJoinsWhatItNames) {
    append({R"({"type":"identify","userId":"u1","traits":{"email":"ann@example.org"}})",
        R"({"type":"identify","anonymousId":"b2","traits":{"phone":"13912345678"}})",
        R"({"type":"identify","anonymousId":"b3","traits":{"name":"Ben"}})",
        R"({"type":"merge","mergeProperties":[{"type":"email","value":"ann@example.org"},{"type":"mobile","value":"+86 139-1234-5678"}]})",
        R"({"type":"merge","mergeProperties":[{"type":"userId","value":"u1"},{"type":"anonymousId","value":"b3"}]})"});
    take_in();
    EXPECT_EQ(find("anonymous_id:b2"), find("user_id:u1"));
    EXPECT_EQ(find("anonymous_id:b3"), find("user_id:u1"));
    EXPECT_EQ(get("user_id:u1").computed.event_count, 3) << "a merge that names nobody is nobody's event";
    EXPECT_EQ(ask("SELECT COUNT(*) FROM message_problem"), 0);
}

TEST_P(EffectsTest, ATraitThatCannotBeReadIsAProblemThatIsToldAndItsValueStays) {
    append({R"({"type":"identify","userId":"u1","traits":{"email":"not-an-email","phone":"13912345679"}})",
        R"({"type":"identify","userId":"u2","traits":{"email":"","phone":"12"}})",
        R"({"type":"identify","userId":"u3","traits":{"birthday":"31.31.2020"}})",
        R"({"type":"identify","userId":"u4","traits":{"age":"about 40","birthday":"1990年5月17日"}})",
        R"({"type":"identify","userId":"u5","traits":{"email":"n/a","phone":"13800138000","birthday":"1990/5/17","age":40}})",
        R"({"type":"identify","userId":"u6","traits":{"email":"ann@example.org","phone":"13912345678","birthday":null}})",
        R"({"type":"track","userId":"u7","event":"E","properties":{"email":"not-an-email"}})"});
    take_in();
    const auto problems = database_->read([](store::Session& session) {
        return session.list("SELECT name, code, path FROM message_problem ORDER BY position", {},
            [](const store::Row& row) { return fmt::format("{} {} {}", row.text(0), row.text(1), row.text(2)); });
    });
    EXPECT_EQ(*problems, (std::vector<std::string>{"identify trait.no_identifier /traits/email",
                             "identify trait.no_identifier /traits/phone", "identify trait.no_date /traits/birthday",
                             "identify trait.no_age /traits/age"}));
    EXPECT_EQ(ask("SELECT COUNT(*) FROM node WHERE facts LIKE '%31.31.2020%'"), 1);
    for (const std::string_view code : {"trait.no_identifier", "trait.no_date", "trait.no_age"})
        EXPECT_NE(text_of(code, "/x").in("en"), text_of("otherwise", "").in("en")) << code;
}

TEST_P(EffectsTest, AMergeThatCannotBeReadIsAProblemThatIsTold) {
    append({R"({"type":"identify","userId":"u1","traits":{"email":"ann@example.org"}})",
        R"({"type":"merge","mergeProperties":[{"type":"email","value":"ann@example.org"},{"type":"shoe_size","value":"43"}]})",
        R"({"type":"merge","mergeProperties":[{"type":"email","value":"ann@example.org"},{"type":"phone","value":"no number"}]})",
        R"({"type":"merge","mergeProperties":[{"type":"email","value":"ann@example.org"},{"type":"user_id","value":"null"}]})",
        R"({"type":"merge","mergeProperties":[{"type":"email","value":"ann@example.org"},{"type":"email","value":"ANN@example.org"}]})"});
    take_in();
    const auto problems = database_->read([](store::Session& session) {
        return session.list("SELECT name, code, path FROM message_problem ORDER BY position", {},
            [](const store::Row& row) { return fmt::format("{} {} {}", row.text(0), row.text(1), row.text(2)); });
    });
    EXPECT_EQ(*problems,
        (std::vector<std::string>{"merge merge.unknown_type /mergeProperties/1/type",
            "merge merge.bad_value /mergeProperties/1/value", "merge merge.bad_value /mergeProperties/1/value"}));
    EXPECT_EQ(ask("SELECT COUNT(*) FROM node WHERE subject_key LIKE 'alias:%'"), 0);
    for (const std::string_view code : {"merge.unknown_type", "merge.bad_value"})
        EXPECT_NE(text_of(code, "/x").in("en"), text_of("otherwise", "").in("en")) << code;
}

TEST_P(EffectsTest, NullTakesATraitBackAndAnAbsentOneStays) {
    append(
        {R"({"type":"identify","userId":"u1","timestamp":"2025-05-01T00:00:00Z","traits":{"name":"Ann","title":"Boss"}})",
            R"({"type":"identify","userId":"u1","timestamp":"2025-05-02T00:00:00Z","traits":{"title":null}})"});
    take_in();
    EXPECT_EQ(get("user_id:u1").fields.at("name"), "Ann");
    EXPECT_FALSE(get("user_id:u1").fields.contains("title"));
}

TEST_P(EffectsTest, AnInactiveEventCountsAndDoesNotTouchWhenSomebodyWasLastSeen) {
    const std::string late =
        R"({"type":"track","userId":"u1","event":"Pushed","timestamp":"2025-05-09T00:00:00Z","context":{"active":false}})";
    append({late});
    take_in();
    EXPECT_FALSE(get("user_id:u1").computed.last_seen_at);
    append({R"({"type":"track","userId":"u1","event":"Opened","timestamp":"2025-05-03T00:00:00Z"})"});
    take_in();
    EXPECT_EQ(to_rfc3339(*get("user_id:u1").computed.last_seen_at), "2025-05-03T00:00:00Z");
    append({late});
    take_in();
    EXPECT_EQ(to_rfc3339(*get("user_id:u1").computed.last_seen_at), "2025-05-03T00:00:00Z");
    EXPECT_EQ(get("user_id:u1").computed.event_count, 3);
}

TEST_P(EffectsTest, ExternalIdsAndDevicesAreIdentifiers) {
    append({R"({"type":"track","userId":"u1","event":"x","context":{"device":{"id":"D-1","advertisingId":
        "00000000-0000-0000-0000-000000000000"},"externalIds":[{"id":"o-1","type":"openid@wx1","collection":"users",
        "encoding":"none"},{"id":"idfa-1","type":"ios.idfa","collection":"users"},{"id":"acc","type":"user_id",
        "collection":"accounts"},{"id":"y","type":"shoe_size"}]}})"});
    take_in();
    std::vector<std::string> all;
    for (const auto& one : get("user_id:u1").identifiers)
        all.push_back(one.type + "@" + one.scope + ":" + one.value + " " + one.state);
    EXPECT_EQ(all, (std::vector<std::string>{"device@:00000000-0000-0000-0000-000000000000 blocked", "device@:D-1 open",
                       "device@:idfa-1 open", "openid@wx1:o-1 open", "user_id@:u1 open"}));
}

} // namespace
} // namespace onefold::customer
