#include "customer/customer_rig.h"
#include "customer/edit.h"
#include "customer/news.h"
#include "customer/refold.h"
#include "http/fake_plugs.h"

namespace onefold::customer {
namespace {

using boost::json::value;
using http::Method;

class EditTest : public CustomerRig {
  protected:
    void SetUp() override {
        CustomerRig::SetUp();
        customers_->add_routes(contract_);
        contract_.connect({plugs_.gatekeeper, plugs_.positions, plugs_.replays});
    }
    struct Heard {
        int status = 0;
        value body;
        std::string code() const { return std::string(body.at("error").at("code").as_string()); }
        std::string path() const { return std::string(body.at("error").at("fields").at(0).at("path").as_string()); }
    };
    Heard ask(Method method, const std::string& path, const std::string& body = "", std::int64_t version = 0) {
        http::Incoming incoming;
        incoming.method = method;
        const auto cut = path.find('?');
        incoming.path = "/api/v1" + path.substr(0, cut);
        incoming.query = cut == std::string::npos ? "" : path.substr(cut + 1);
        incoming.headers = {{"authorization", "Bearer admin"}, {"content-type", "application/json"}};
        if (version)
            incoming.headers.emplace_back("if-match", std::to_string(version));
        incoming.body = body;
        Heard heard;
        contract_.dispatch(std::move(incoming), [&](http::Outgoing outgoing) {
            heard = {outgoing.status, outgoing.body.empty() ? value{} : boost::json::parse(outgoing.body)};
        });
        return heard;
    }
    static std::string path_of(CustomerId id) { return "/customers/" + to_string(id); }
    std::int64_t version_of(CustomerId id) { return get(id).version; }
    Heard say(CustomerId id, const std::string& body) { return ask(Method::patch, path_of(id), body, version_of(id)); }
    value said(CustomerId id, const std::string& body) {
        const Heard heard = say(id, body);
        EXPECT_EQ(heard.status, 200) << boost::json::serialize(heard.body);
        return heard.body;
    }
    std::string city_of(CustomerId id) {
        const auto customer = get(id);
        const auto* city = customer.fields.if_contains("city");
        return city ? std::string(city->as_string()) : "-";
    }
    value origin(CustomerId id, std::string_view field) {
        const value body = ask(Method::get, path_of(id) + "/provenance").body;
        for (const value& one : body.at("items").as_array())
            if (std::string_view(one.at("field").as_string()) == field)
                return one;
        return {};
    }
    void identify(SourceId source, const std::string& who, const std::string& traits, int day = 1) {
        VERIFY(log_->append_and_wait({{source, fmt::format("m{}", ++messages_), event_log::FrameKind::event,
            fmt::format(
                R"({{"type":"identify",{},"traits":{},"timestamp":"2025-05-{:02}T00:00:00Z"}})", who, traits, day)}}));
    }
    SourceId new_source(const std::string& name) {
        Caller caller;
        caller.principal = {Principal::Kind::local, 0, Role::admin};
        return sources_->create(caller, {name, source::Kind::api, "", "", ""})->source.id;
    }
    void trust(SourceId id, int trust) {
        Caller caller;
        caller.principal = {Principal::Kind::local, 0, Role::admin};
        source::SourceEdit edit;
        edit.trust = trust;
        VERIFY(sources_->update(caller, id, sources_->get(id)->version, edit));
    }
    int refold() {
        Refold refold(*database_, *sources_, *customers_, outside_.clock);
        int steps = 0;
        for (;;) {
            const auto more = refold.step();
            VERIFY(more);
            ++steps;
            if (!*more)
                return steps;
        }
    }
    // Who is to be copied anew since `place`, which goes on.
    std::vector<CustomerId> told(NewsPlace& place) {
        const auto news = database_->read([&](store::Session& session) { return read_news(session, place, 1000); });
        VERIFY(news && *news && (*news)->is_last);
        place = (*news)->next;
        std::vector<CustomerId> customers((*news)->customers.size());
        std::ranges::transform((*news)->customers, customers.begin(), &CopiedCustomer::id);
        return customers;
    }
    value conflicts(const std::string& query = "") {
        return ask(Method::get, "/quality/conflicts" + query).body.at("items");
    }
    // Two sources of equal trust know one person by her mail address, and disagree about her city.
    CustomerId disputed() {
        crm_ = new_source("crm");
        identify(web_, R"("userId":"u1")", R"({"email":"ann@example.com","city":"Shanghai"})", 2);
        identify(crm_, R"("anonymousId":"c1")", R"({"email":"ann@example.com","city":"Beijing"})", 1);
        take_in();
        return find("email:ann@example.com");
    }

    http::FakePlugs plugs_;
    http::Contract contract_;
    SourceId crm_;
};
ON_BOTH_DATABASES(EditTest);

TEST_P(EditTest, ATypedValueHoldsAgainstSourcesUntilItIsAutomaticAgain) {
    const CustomerId ann = disputed();
    const auto before = version_of(ann);
    EXPECT_EQ(city_of(ann), "Shanghai");
    EXPECT_EQ(said(ann, R"({"fields":{"city":" Suzhou "}})").at("fields").at("city"), "Suzhou");
    EXPECT_GT(version_of(ann), before);
    identify(web_, R"("userId":"u1")", R"({"city":"Nanjing"})", 9);
    take_in();
    EXPECT_EQ(city_of(ann), "Suzhou");
    const value origin = this->origin(ann, "city");
    EXPECT_EQ(origin.at("rule"), "manual");
    EXPECT_EQ(origin.at("source"), "manual");
    EXPECT_TRUE(origin.at("by").is_string());
    EXPECT_EQ(origin.at("others").as_array().size(), 2u);
    EXPECT_TRUE(origin.at("why").at("zh-CN").is_string());
    said(ann, R"({"automatic":["city"]})");
    EXPECT_EQ(city_of(ann), "Nanjing");
    EXPECT_EQ(this->origin(ann, "city").at("rule"), "most_recent");
}

TEST_P(EditTest, AHiddenValueIsBlankAndIsNotAutomatic) {
    const CustomerId ann = disputed();
    said(ann, R"({"fields":{"city":null}})");
    EXPECT_EQ(city_of(ann), "-");
    EXPECT_EQ(origin(ann, "city").at("rule"), "hidden");
    EXPECT_TRUE(origin(ann, "city").at("value").is_null());
    identify(web_, R"("userId":"u1")", R"({"city":"Nanjing"})", 9);
    take_in();
    EXPECT_EQ(city_of(ann), "-");
    said(ann, R"({"automatic":["city"]})");
    EXPECT_EQ(city_of(ann), "Nanjing");
}

TEST_P(EditTest, SaysWhatIsWrongWithARequest) {
    const CustomerId ann = disputed();
    const auto wrong = [&](const std::string& body, const std::string& code, const std::string& path) {
        const Heard heard = say(ann, body);
        EXPECT_EQ(heard.status, 400) << body;
        EXPECT_EQ(heard.code(), code) << body;
        if (!path.empty()) {
            EXPECT_EQ(heard.path(), path) << body;
        }
    };
    wrong(R"({"fields":{"shoe_size":"9"}})", "customer.unknown_field", "/fields/shoe_size");
    wrong(R"({"fields":{"age":"old"}})", "customer.bad_value", "/fields/age");
    wrong(R"({"fields":{"birthday":"2025-02-30"}})", "customer.bad_value", "/fields/birthday");
    wrong(R"({"fields":{"phone":"12"}})", "customer.bad_value", "/fields/phone");
    wrong(R"({"fields":{"city":"  "}})", "customer.bad_value", "/fields/city");
    wrong(R"({"fields":{"city":[]}})", "customer.bad_value", "/fields/city");
    wrong(R"({"verified":["title"]})", "customer.nothing_to_verify", "/verified/0");
    wrong(R"({"fields":{"city":"X"},"automatic":["city"]})", "customer.said_twice", "");
    wrong(R"({})", "customer.nothing_said", "");
    wrong(R"({"verified_identifiers":["999999"]})", "customer.no_such_identifier", "");
    EXPECT_EQ(ask(Method::patch, path_of(ann), R"({"fields":{"city":"X"}})").status, 428);
    EXPECT_EQ(ask(Method::patch, path_of(ann), R"({"fields":{"city":"X"}})", version_of(ann) - 1).code(),
        "customer.version_changed");
    EXPECT_EQ(ask(Method::patch, "/customers/999999", R"({"fields":{"city":"X"}})", 1).status, 404);
    EXPECT_EQ(city_of(ann), "Shanghai");
}

TEST_P(EditTest, WhatWasTypedGoesThroughAMergeAndComesBack) {
    const CustomerId ann = disputed();
    identify(web_, R"("userId":"u2")", R"({"name":"Bo","city":"Xian"})");
    take_in();
    const CustomerId bo = find("user_id:u2");
    said(ann, R"({"fields":{"city":"Suzhou"}})");
    outside_.clock.advance(std::chrono::seconds{1});
    said(bo, R"({"fields":{"city":"Wuxi"}})");
    const Heard merged = ask(Method::post, path_of(ann) + "/merge", fmt::format(R"({{"other":"{}"}})", bo.value));
    ASSERT_EQ(merged.status, 200) << boost::json::serialize(merged.body);
    EXPECT_EQ(city_of(ann), "Wuxi") << "the last that was typed";
    outside_.clock.advance(std::chrono::seconds{1});
    said(ann, R"({"automatic":["city"]})");
    EXPECT_EQ(city_of(ann), "Shanghai");
    EXPECT_EQ(say(bo, R"({"fields":{"city":"X"}})").code(), "customer.not_living");
    const std::string decision(merged.body.at("decision").as_string());
    ASSERT_EQ(ask(Method::post, "/identity_decisions/" + decision + "/undo").status, 200);
    EXPECT_EQ(city_of(bo), "Wuxi");
    EXPECT_EQ(city_of(ann), "Shanghai") << "automatic holds";
}

TEST_P(EditTest, TheHistoryOfAFieldTellsWhatPeopleAndSourcesSaid) {
    const CustomerId ann = disputed();
    outside_.clock.advance(std::chrono::hours{1});
    said(ann, R"({"fields":{"city":"Suzhou"}})");
    outside_.clock.advance(std::chrono::hours{1});
    said(ann, R"({"fields":{"city":null}})");
    outside_.clock.advance(std::chrono::hours{1});
    said(ann, R"({"automatic":["city"]})");
    std::string kinds;
    const value history = ask(Method::get, path_of(ann) + "/fields/city/history").body;
    for (const value& item : history.at("items").as_array())
        kinds += std::string(item.at("kind").as_string()) +
                 (item.at("value").is_null() ? "" : ":" + std::string(item.at("value").as_string())) + " ";
    EXPECT_EQ(kinds, "automatic hidden typed:Suzhou said:Shanghai said:Beijing ");
    EXPECT_EQ(ask(Method::get, path_of(ann) + "/fields/shoe_size/history").status, 404);
}

TEST_P(EditTest, VerifiedMarksStandOnValuesAndIdentifiers) {
    const CustomerId ann = disputed();
    said(ann, R"({"verified":["city"]})");
    EXPECT_EQ(origin(ann, "city").at("is_verified"), true);
    EXPECT_EQ(origin(ann, "city").at("rule"), "most_recent") << "confirmed, not pinned";
    EXPECT_TRUE(origin(ann, "city").at("verified_by").is_string());
    said(ann, R"({"unverified":["city"]})");
    EXPECT_EQ(origin(ann, "city").at("is_verified"), false);
    identify(web_, R"("userId":"u1")",
        R"({"phone":"13912345678","phone_verified":true,"title":"CEO","titleVerified":true})", 3);
    take_in();
    EXPECT_EQ(origin(ann, "title").at("is_verified"), true);
    std::map<std::string, const identity::StoredIdentifier*> by_type;
    const auto customer = get(ann);
    for (const auto& identifier : customer.identifiers)
        by_type[identifier.type] = &identifier;
    EXPECT_TRUE(by_type.at("phone")->is_verified);
    EXPECT_EQ(by_type.at("phone")->verified_by, "");
    EXPECT_FALSE(by_type.at("email")->is_verified);
    const std::string email = to_string(by_type.at("email")->id);
    const value body = said(ann, R"({"verified_identifiers":[")" + email + R"("]})");
    for (const value& identifier : body.at("identifiers").as_array())
        if (identifier.at("type") == "email") {
            EXPECT_EQ(identifier.at("is_verified"), true);
            EXPECT_TRUE(identifier.at("verified_by").is_string());
        }
    said(ann, R"({"unverified_identifiers":[")" + email + R"("]})");
    const auto after = get(ann);
    for (const auto& identifier : after.identifiers)
        EXPECT_EQ(identifier.is_verified, identifier.type == "phone");
}

TEST_P(EditTest, ADisagreementIsListedUntilSomebodyChooses) {
    const CustomerId ann = disputed();
    ASSERT_EQ(conflicts().as_array().size(), 1u);
    const value conflict = conflicts("?field=city").at(0);
    EXPECT_EQ(conflict.at("customer"), value(to_string(ann)));
    EXPECT_EQ(conflict.at("claims").at(0).at("value"), "Shanghai");
    EXPECT_EQ(conflict.at("claims").at(1).at("source"), "crm");
    EXPECT_EQ(conflicts("?field=name").as_array().size(), 0u);
    EXPECT_EQ(ask(Method::get, "/quality/conflicts/counts").body.at("items").at(0).at("open"), 1);
    said(ann, R"({"fields":{"city":"Beijing"}})");
    EXPECT_EQ(conflicts().as_array().size(), 0u);
    said(ann, R"({"automatic":["city"]})");
    EXPECT_EQ(conflicts().as_array().size(), 1u);
    identify(crm_, R"("anonymousId":"c1")", R"({"city":" ＳＨＡＮＧＨＡＩ"})", 3);
    take_in();
    EXPECT_EQ(conflicts().as_array().size(), 0u) << "case, width and blanks do not count";
}

TEST_P(EditTest, AConflictThatWasLeftComesBackWhenASourceSaysSomethingNew) {
    disputed();
    const auto attend = [&](const std::string& what) {
        const value conflict = conflicts(what == "leave" ? "" : "?state=left").at(0);
        return ask(Method::post, "/quality/conflicts/" + std::string(conflict.at("id").as_string()) + "/" + what, "",
            conflict.at("version").as_int64())
            .status;
    };
    EXPECT_EQ(attend("leave"), 200);
    EXPECT_EQ(conflicts().as_array().size(), 0u);
    EXPECT_EQ(attend("reopen"), 200);
    EXPECT_EQ(conflicts().as_array().size(), 1u);
    EXPECT_EQ(attend("leave"), 200);
    identify(crm_, R"("anonymousId":"c1")", R"({"city":"Beijing","title":"CEO"})", 4);
    take_in();
    EXPECT_EQ(conflicts().as_array().size(), 0u) << "nothing new about the city";
    identify(crm_, R"("anonymousId":"c1")", R"({"city":"Tianjin"})", 5);
    take_in();
    EXPECT_EQ(conflicts().as_array().size(), 1u);
    const std::string id(conflicts().at(0).at("id").as_string());
    EXPECT_EQ(ask(Method::post, "/quality/conflicts/" + id + "/leave", "", 1).status, 412);
    EXPECT_EQ(ask(Method::post, "/quality/conflicts/999/leave", "", 1).status, 404);
}

TEST_P(EditTest, ConflictsOfAMergedCustomerAreItsSurvivors) {
    const CustomerId ann = disputed();
    identify(web_, R"("userId":"u2")", R"({"name":"Ann"})");
    take_in();
    const CustomerId young = find("user_id:u2");
    identify(web_, R"("userId":"u2")", R"({"email":"bo@example.com","city":"Xian"})", 3);
    identify(crm_, R"("anonymousId":"c2")", R"({"email":"bo@example.com","city":"Wuhan"})", 4);
    take_in();
    ASSERT_EQ(conflicts().as_array().size(), 2u);
    const Heard merged = ask(Method::post, path_of(ann) + "/merge", fmt::format(R"({{"other":"{}"}})", young.value));
    ASSERT_EQ(merged.status, 200);
    ASSERT_EQ(conflicts().as_array().size(), 1u);
    EXPECT_EQ(conflicts().at(0).at("customer"), value(to_string(ann)));
    const std::string decision(merged.body.at("decision").as_string());
    ASSERT_EQ(ask(Method::post, "/identity_decisions/" + decision + "/undo").status, 200);
    EXPECT_EQ(conflicts().as_array().size(), 2u);
}

TEST_P(EditTest, OtherRulesAreShownFirstAndFoldAllCustomersAnew) {
    const CustomerId ann = disputed();
    refold();
    const std::string rules = R"({"fields":[{"field":"city","rule":"oldest"}]})";
    const value preview = ask(Method::post, "/survivorship/preview", rules).body;
    EXPECT_EQ(preview.at("changed"), 1);
    EXPECT_EQ(preview.at("examples").at(0).at("before"), "Shanghai");
    EXPECT_EQ(preview.at("examples").at(0).at("after"), "Beijing");
    EXPECT_EQ(ask(Method::put, "/survivorship", rules, 7).code(), "survivorship.version_changed");
    const Heard set = ask(Method::put, "/survivorship", rules, 1);
    ASSERT_EQ(set.status, 200) << boost::json::serialize(set.body);
    EXPECT_EQ(set.body.at("refold").at("is_running"), true);
    EXPECT_EQ(city_of(ann), "Shanghai") << "not yet";
    refold();
    EXPECT_EQ(city_of(ann), "Beijing");
    EXPECT_EQ(origin(ann, "city").at("rule"), "oldest");
    EXPECT_EQ(origin(ann, "city").at("policy"), "oldest");
    EXPECT_EQ(ask(Method::get, "/survivorship").body.at("refold").at("is_running"), false);
    EXPECT_EQ(refold(), 1) << "nothing to do";
}

TEST_P(EditTest, RulesThatCannotBeAreRefused) {
    const auto wrong = [&](const std::string& rule, const std::string& code, const std::string& path) {
        const Heard heard = ask(Method::put, "/survivorship", R"({"fields":[)" + rule + "]}", 1);
        EXPECT_EQ(heard.status, 400);
        EXPECT_EQ(heard.code(), code);
        EXPECT_EQ(heard.path(), path);
    };
    wrong(R"({"field":"shoe_size","rule":"newest"})", "survivorship.unknown_field", "/fields/0/field");
    wrong(R"({"field":"city","rule":"loudest"})", "survivorship.unknown_rule", "/fields/0/rule");
    wrong(R"({"field":"city","rule":"sources"})", "survivorship.bad_sources", "/fields/0/sources");
    wrong(R"({"field":"city","rule":"newest","sources":["web"]})", "survivorship.bad_sources", "/fields/0/sources");
    wrong(R"({"field":"city","rule":"sources","sources":["nobody"]})", "survivorship.bad_sources", "/fields/0/sources");
    EXPECT_EQ(
        ask(Method::put, "/survivorship", R"({"fields":[{"field":"city","rule":"sources","sources":["web"]}]})", 1)
            .status,
        200);
}

TEST_P(EditTest, ASourceThatIsTrustedMoreWinsAlsoWhatItSaidBefore) {
    const CustomerId ann = disputed();
    refold();
    trust(crm_, 90);
    refold();
    EXPECT_EQ(city_of(ann), "Beijing");
    EXPECT_EQ(conflicts().as_array().size(), 0u);
    const SourceId late = new_source("late");
    EXPECT_EQ(refold(), 1) << "a new source asks for nothing";
    trust(late, 10);
    EXPECT_EQ(ask(Method::get, "/survivorship").body.at("refold").at("is_running"), true);
}

TEST_P(EditTest, RefoldingGoesOnWhereAKilledProcessStood) {
    refold();
    std::vector<std::string> crowd;
    for (int i = 0; i < 1200; ++i)
        crowd.push_back(fmt::format(
            R"({{"type":"identify","userId":"p{}","traits":{{"city":"C{}"}},"timestamp":"2025-05-01T00:00:00Z"}})", i,
            i));
    append(crowd);
    const CustomerId ann = disputed();
    ASSERT_EQ(ask(Method::put, "/survivorship", R"({"fields":[{"field":"city","rule":"oldest"}]})", 1).status, 200);
    {
        Refold refold(*database_, *sources_, *customers_, outside_.clock);
        ASSERT_TRUE(*refold.step());
    }
    const auto half = ask(Method::get, "/survivorship").body.at("refold").at("percent").as_int64();
    EXPECT_GT(half, 10);
    EXPECT_EQ(city_of(ann), "Shanghai");
    EXPECT_EQ(refold(), 2) << "two more pieces of three";
    EXPECT_EQ(city_of(ann), "Beijing");
}

TEST_P(EditTest, CopiesAreToldWhoseGoldenRecordIsAnotherNow) {
    const CustomerId ann = disputed();
    NewsPlace place;
    EXPECT_EQ(told(place), std::vector{ann});
    identify(web_, R"("userId":"u1")", R"({"email":"ann@example.com","city":"Shanghai"})", 3);
    take_in();
    EXPECT_EQ(told(place), std::vector<CustomerId>{}) << "the same once more";
    identify(web_, R"("userId":"u1")", R"({"city":"Suzhou"})", 4);
    take_in();
    EXPECT_EQ(told(place), std::vector{ann});
    identify(web_, R"("userId":"u1")", R"({"phone":"13912345678"})", 5);
    take_in();
    EXPECT_EQ(told(place), std::vector{ann});
    refold();
    ASSERT_EQ(ask(Method::put, "/survivorship", R"({"fields":[{"field":"city","rule":"oldest"}]})", 1).status, 200);
    refold();
    EXPECT_EQ(city_of(ann), "Beijing");
    EXPECT_EQ(told(place), std::vector{ann});
}

} // namespace
} // namespace onefold::customer
