#include "http/fake_plugs.h"
#include "object/object_rig.h"
#include "object/shipped.h"
#include "saved_list/saved_list.h"
#include "testing/clock.h"
#include "testing/outside.h"

namespace onefold::saved_list {
namespace {

using Json = boost::json::object;
using boost::json::value;

// The shipped objects, with some names changed, or some fields not there.
class Renamed : public query::Catalogue {
  public:
    Renamed() {
        for (const std::string_view code : {"customer", "order", "order_line", "ticket"})
            objects_.push_back(*object::shipped_catalogue().find_object(code));
    }
    const query::ObjectEntry* find_object(std::string_view code) const override {
        const auto found = std::ranges::find(objects_, code, &query::ObjectEntry::code);
        return found == objects_.end() ? nullptr : &*found;
    }
    const query::ObjectEntry* find_object(ObjectId id) const override {
        const auto found = std::ranges::find(objects_, id, &query::ObjectEntry::id);
        return found == objects_.end() ? nullptr : &*found;
    }
    void rename(std::string_view from, std::string_view to) {
        for (auto& field : objects_[0].fields)
            if (field.code == from)
                field.code = to;
    }
    void hide(std::string_view code) {
        std::erase_if(objects_[0].fields, [&](const auto& field) { return field.code == code; });
    }

  private:
    std::vector<query::ObjectEntry> objects_;
};

class SavedLists : public testing::OnBothDatabases {
  protected:
    struct Heard {
        int status = 0;
        value body;
        std::string id() const { return std::string(body.at("id").as_string()); }
        std::string code() const { return std::string(body.at("error").at("code").as_string()); }
        std::string path() const { return std::string(body.at("error").at("fields").at(0).at("path").as_string()); }
    };
    void SetUp() override {
        database_ = open({change::schema(), company::schema(), field_use::schema(), schema()});
        add_routes(contract_, *database_, outside_.all, catalogue_);
        field_use::add_routes(contract_, *database_, {find_uses});
        contract_.connect({plugs_.gatekeeper, plugs_.positions, plugs_.replays});
    }
    Heard send(http::Method method, const std::string& path, const std::string& body = "",
        std::string_view who = "editor", std::int64_t version = 0) {
        http::Incoming incoming;
        incoming.method = method;
        const auto at = path.find('?');
        incoming.path = path.substr(0, at);
        incoming.query = at == path.npos ? "" : path.substr(at + 1);
        incoming.body = body;
        incoming.headers = {{"authorization", fmt::format("Bearer {}", who)}, {"accept-language", "en"}};
        if (!body.empty())
            incoming.headers.emplace_back("content-type", "application/json");
        if (version)
            incoming.headers.emplace_back("if-match", fmt::format("{}", version));
        Heard heard;
        contract_.dispatch(std::move(incoming), [&](http::Outgoing outgoing) {
            heard = {outgoing.status, outgoing.body.empty() ? value() : boost::json::parse(outgoing.body)};
        });
        return heard;
    }
    Heard get(const std::string& path, std::string_view who = "editor") {
        return send(http::Method::get, path, "", who);
    }
    Heard save(std::string_view name, Json question, bool is_shared = false, std::string_view who = "editor") {
        question.emplace("columns", boost::json::array{});
        return send(http::Method::post, "/api/v1/saved_lists",
            boost::json::serialize(Json{{"name", name}, {"is_shared", is_shared}, {"question", question}}), who);
    }
    static std::string of(const Heard& list) { return "/api/v1/saved_lists/" + list.id(); }
    std::vector<std::string> names(std::string_view who) {
        std::vector<std::string> all;
        const Heard heard = get("/api/v1/saved_lists", who);
        for (const value& item : heard.body.at("items").as_array())
            all.emplace_back(item.at("name").as_string());
        return all;
    }
    value uses(int field, std::string_view who = "editor") {
        return get(fmt::format("/api/v1/fields/{}/uses", field), who).body;
    }

    testing::Outside outside_;
    Renamed catalogue_;
    http::Contract contract_;
    http::FakePlugs plugs_;
    std::unique_ptr<store::Database> database_;
};
ON_BOTH_DATABASES(SavedLists);

using Names = std::vector<std::string>;
constexpr int city = 23, total_spend = 66, name_field = 10, identifier_types = 70;

TEST_P(SavedLists, KeepWhatWasAsked) {
    const Json question{{"condition", R"(city = "Bern" AND COUNT(orders, total > 5) > 1)"}, {"kind", "person"},
        {"sort", "-total_spend"},
        {"columns", {Json{{"field", "name"}, {"width", 200}, {"is_frozen", true}}, Json{{"field", "identifiers"}}}}};
    const auto made = save("Bern", question);
    ASSERT_EQ(made.status, 201) << boost::json::serialize(made.body);
    const auto again = get(of(made));
    EXPECT_EQ(again.body.at("question").at("condition"), question.at("condition"));
    EXPECT_EQ(again.body.at("question").at("kind"), "person");
    EXPECT_EQ(again.body.at("question").at("sort"), "-total_spend");
    EXPECT_EQ(again.body.at("question").at("columns").at(0).at("width"), 200);
    EXPECT_EQ(again.body.at("question").at("columns").at(0).at("is_frozen"), true);
    EXPECT_EQ(again.body.at("question").at("columns").at(1).at("field"), "identifiers");
    EXPECT_TRUE(again.body.at("problem").is_null());
    EXPECT_EQ(again.body.at("is_own"), true);
}

TEST_P(SavedLists, SayTheNamesOfTodayAfterARename) {
    const auto made = save("Bern", {{"condition", R"(城市 = "Bern")"}, {"sort", "city"}});
    ASSERT_EQ(made.status, 201);
    EXPECT_EQ(made.body.at("question").at("condition"), R"(city = "Bern")");
    catalogue_.rename("city", "town");
    const auto again = get(of(made));
    EXPECT_EQ(again.body.at("question").at("condition"), R"(town = "Bern")");
    EXPECT_EQ(again.body.at("question").at("sort"), "town");
    EXPECT_EQ(again.body.at("version"), 1);
}

TEST_P(SavedLists, KeepConditionsAsDeepAsTheyMayBe) {
    const auto nested = [](int times) {
        std::string condition = "total_spend > 1";
        for (int i = 0; i < times; ++i)
            condition = fmt::format("IF({}, 1, 2) > 1", condition);
        return condition;
    };
    int kept = 0;
    for (int times = 1; times < formula::depth_max; ++times) {
        const auto made = save(fmt::format("{}", times), {{"condition", nested(times)}}, true);
        if (made.status != 201)
            break;
        kept = times;
        EXPECT_EQ(get(of(made)).body.at("question").at("condition").as_string(), nested(times));
    }
    EXPECT_GT(kept, 20) << "JSON of more than forty levels";
    EXPECT_EQ(names("viewer").size(), std::size_t(kept));
    const auto changes = database_->read([](store::Session& session) { return change::list_behind(session, 0, 1000); });
    ASSERT_TRUE(changes) << "what cannot be read stops the audit";
    EXPECT_GE(changes->size(), std::size_t(kept));
}

TEST_P(SavedLists, TellAProblemWhereAFieldIsNotThere) {
    auto question = Json{{"condition", R"(city = "Bern")"}, {"sort", "city"},
        {"columns", {Json{{"field", "name"}}, Json{{"field", "city"}}}}};
    const auto made = save("Bern", question);
    catalogue_.hide("city");
    const auto again = get(of(made));
    ASSERT_EQ(again.status, 200);
    EXPECT_TRUE(again.body.at("question").at("condition").is_null());
    EXPECT_TRUE(again.body.at("question").at("sort").is_null());
    EXPECT_EQ(again.body.at("question").at("columns").as_array().size(), 1U);
    EXPECT_NE(std::string(again.body.at("problem").as_string()).find("field that is not there"), std::string::npos);
    EXPECT_EQ(std::string(boost::json::serialize(again.body)).find("city"), std::string::npos);
    const auto renamed = send(http::Method::patch, of(made), R"({"name":"Old"})", "editor", 1);
    EXPECT_EQ(renamed.status, 200);
    EXPECT_EQ(uses(city).at("items").as_array().size(), 1U); // it still names the field
}

TEST_P(SavedLists, AreOnesOwnUntilTheyAreShared) {
    const auto made = save("Mine", {});
    EXPECT_EQ(names("editor"), (Names{"Mine"}));
    EXPECT_EQ(names("viewer"), (Names{}));
    EXPECT_EQ(names("admin"), (Names{}));
    EXPECT_EQ(get(of(made), "viewer").code(), "saved_list.no_such_list");
    EXPECT_EQ(send(http::Method::patch, of(made), R"({"name":"X"})", "admin", 1).code(), "saved_list.no_such_list");
    ASSERT_EQ(send(http::Method::patch, of(made), R"({"is_shared":true})", "editor", 1).status, 200);
    EXPECT_EQ(names("viewer"), (Names{"Mine"}));
    const auto seen = get(of(made), "viewer");
    EXPECT_EQ(seen.body.at("is_own"), false);
    EXPECT_EQ(seen.body.at("may_change"), false);
    EXPECT_EQ(send(http::Method::patch, of(made), R"({"name":"X"})", "viewer", 2).code(), "saved_list.not_yours");
    EXPECT_EQ(send(http::Method::delete_, of(made), "", "viewer").code(), "saved_list.not_yours");
    EXPECT_EQ(send(http::Method::patch, of(made), R"({"is_shared":false})", "admin", 2).status, 200);
    EXPECT_EQ(names("viewer"), (Names{}));
}

TEST_P(SavedLists, OfViewersCannotBeShared) {
    EXPECT_EQ(save("A", {}, true, "viewer").code(), "saved_list.may_not_share");
    const auto made = save("A", {}, false, "viewer");
    ASSERT_EQ(made.status, 201);
    EXPECT_EQ(
        send(http::Method::patch, of(made), R"({"is_shared":true})", "viewer", 1).code(), "saved_list.may_not_share");
}

TEST_P(SavedLists, HaveNamesThatAreUniqueForAnOwner) {
    const auto first = save("  Bern ", {});
    EXPECT_EQ(first.body.at("name"), "Bern");
    EXPECT_EQ(save("Bern", {}).code(), "saved_list.name_taken");
    EXPECT_EQ(save("Bern", {}, false, "viewer").status, 201);
    EXPECT_EQ(save("", {}).code(), "saved_list.bad_name");
    EXPECT_EQ(save(std::string(101, 'x'), {}).path(), "/name");
    const auto second = save("Basel", {});
    EXPECT_EQ(send(http::Method::patch, of(second), R"({"name":"Bern"})", "editor", 1).code(), "saved_list.name_taken");
    ASSERT_EQ(send(http::Method::delete_, of(first)).status, 204);
    EXPECT_EQ(send(http::Method::patch, of(second), R"({"name":"Bern"})", "editor", 1).status, 200);
    EXPECT_EQ(send(http::Method::post, of(first) + "/restore").code(), "saved_list.name_taken");
}

TEST_P(SavedLists, AreLimitedInNumber) {
    for (int i = 0; i < lists_max; ++i)
        ASSERT_EQ(save(fmt::format("list {}", i), {}).status, 201);
    EXPECT_EQ(save("one more", {}).code(), "saved_list.too_many");
    EXPECT_EQ(save("one more", {}, false, "viewer").status, 201);
}

TEST_P(SavedLists, ComeBackAfterADeletion) {
    const auto made = save("Bern", {{"condition", R"(city = "Bern")"}});
    ASSERT_EQ(send(http::Method::delete_, of(made)).status, 204);
    EXPECT_EQ(get(of(made)).status, 404);
    EXPECT_EQ(uses(city).at("items").as_array().size(), 0U);
    const auto back = send(http::Method::post, of(made) + "/restore");
    ASSERT_EQ(back.status, 200);
    EXPECT_EQ(back.body.at("question").at("condition"), R"(city = "Bern")");
    EXPECT_EQ(uses(city).at("items").as_array().size(), 1U);
}

TEST_P(SavedLists, RefuseWhatSomebodyChangedInTheMeantime) {
    const auto made = save("Bern", {});
    ASSERT_EQ(send(http::Method::patch, of(made), R"({"name":"Basel"})", "editor", 1).status, 200);
    EXPECT_EQ(
        send(http::Method::patch, of(made), R"({"name":"Chur"})", "editor", 1).code(), "saved_list.version_changed");
}

TEST_P(SavedLists, RefuseWhatIsNoConditionSortOrColumn) {
    const auto refused = [&](Json question) {
        const auto heard = save("X", std::move(question));
        return heard.status == 400 ? heard.path() : fmt::format("{}", heard.status);
    };
    EXPECT_EQ(refused({{"condition", "city ="}}), "/question/condition/6+0");
    EXPECT_EQ(refused({{"condition", "colour = 1"}}), "/question/condition/0+6");
    EXPECT_EQ(refused({{"condition", "LEN(city)"}}).substr(0, 20), "/question/condition/");
    EXPECT_EQ(refused({{"condition", std::string(9000, '(')}}).substr(0, 19), "/question/condition");
    EXPECT_EQ(refused({{"sort", "colour"}}), "/question/sort");
    EXPECT_EQ(refused({{"sort", "sources"}}), "/question/sort");
    EXPECT_EQ(
        refused({{"columns", {Json{{"field", "name"}}, Json{{"field", "colour"}}}}}), "/question/columns/1/field");
    EXPECT_EQ(names("editor"), (Names{}));
}

TEST_P(SavedLists, AreChangesLikeAnyOther) {
    const auto made = save("Bern", {{"condition", R"(city = "Bern")"}});
    ASSERT_EQ(send(http::Method::patch, of(made), R"({"name":"Bernese"})", "editor", 1).status, 200);
    ASSERT_EQ(send(http::Method::delete_, of(made)).status, 204);
    const auto changes = database_->read([](store::Session& session) { return change::list_behind(session, 0, 10); });
    ASSERT_EQ(changes->size(), 3U);
    EXPECT_EQ((*changes)[0].entry.object, change::object_ids::saved_list);
    EXPECT_EQ((*changes)[0].entry.op, change::Op::create);
    EXPECT_EQ((*changes)[1].entry.before->at("name"), "Bern");
    EXPECT_EQ((*changes)[1].entry.after->at("name"), "Bernese");
    EXPECT_EQ((*changes)[2].entry.op, change::Op::delete_);
    EXPECT_EQ((*changes)[0].entry.after->at("question").at("condition").at("args").at(0).at("field"), "#23");
}

TEST_P(SavedLists, AreFoundByTheFieldsThatTheyUse) {
    const auto own =
        save("Bern", {{"condition", R"(city = "Bern" AND SUM(orders.total) > 5)"}, {"sort", "-total_spend"},
                         {"columns", {Json{{"field", "name"}}, Json{{"field", "identifiers"}}}}});
    ASSERT_EQ(own.status, 201) << boost::json::serialize(own.body);
    ASSERT_EQ(save("Secret", {{"condition", R"(city = "Chur")"}}, false, "viewer").status, 201);
    const auto places = uses(city);
    ASSERT_EQ(places.at("items").as_array().size(), 1U);
    EXPECT_EQ(places.at("items").at(0), (Json{{"kind", "saved_list"}, {"name", "Bern"},
                                            {"link", "/customers?list=" + own.id()}, {"parts", {"condition"}}}));
    EXPECT_EQ(places.at("hidden"), 1);
    EXPECT_EQ(boost::json::serialize(places).find("Secret"), std::string::npos);
    const auto part_of = [&](int field) { return uses(field).at("items").at(0).at("parts"); };
    EXPECT_EQ(part_of(total_spend), (boost::json::array{"sort"}));
    EXPECT_EQ(part_of(name_field), (boost::json::array{"column"}));
    EXPECT_EQ(part_of(identifier_types), (boost::json::array{"column"}));
    EXPECT_EQ(part_of(71), (boost::json::array{"condition"}));  // orders
    EXPECT_EQ(part_of(106), (boost::json::array{"condition"})); // their total
    EXPECT_EQ(uses(27).at("items").as_array().size(), 0U);
    EXPECT_EQ(get("/api/v1/fields/9999/uses").code(), "field_use.no_such_field");
    const auto all = get("/api/v1/field_uses").body;
    const auto& items = all.at("items").as_array();
    const auto counted = std::ranges::find_if(items, [](const value& item) { return item.at("code") == "city"; });
    ASSERT_NE(counted, items.end());
    EXPECT_EQ(counted->at("uses"), 2);
    EXPECT_EQ(counted->at("hidden"), 1);
}

} // namespace
} // namespace onefold::saved_list
