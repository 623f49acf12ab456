#include "http/bind.h"
#include "http/fake_plugs.h"

#include <gtest/gtest.h>
#include <thread>

namespace onefold::http {
namespace {

enum class Colour { red, green, new_ };
BOOST_DESCRIBE_ENUM(Colour, red, green, new_)

struct Leaf {
    std::string name;
    std::vector<Leaf> children;
};
BOOST_DESCRIBE_STRUCT(Leaf, (), (name, children))

struct Thing {
    CustomerId id;
    std::int64_t version = 1;
    std::string name;
    std::optional<std::string> note;
    Colour colour = Colour::red;
    Decimal price;
    Instant at;
    LocalText label;
    std::vector<std::string> tags;
    std::map<std::string, std::int64_t> counts;
    boost::json::value extra;
    static Rules rules() { return {{.member = "name", .length_max = 200, .text = TextRule::name}}; }
};
BOOST_DESCRIBE_STRUCT(Thing, (), (id, version, name, note, colour, price, at, label, tags, counts, extra))

struct GetThing {
    CustomerId id;
};
BOOST_DESCRIBE_STRUCT(GetThing, (), (id))

struct ListThings : PageRequest {
    std::optional<std::string> name;
    std::vector<std::string> tag;
    std::optional<boost::json::value> filter;
    std::optional<bool> is_old;
    std::optional<Colour> colour;
};
BOOST_DESCRIBE_STRUCT(ListThings, (PageRequest), (name, tag, filter, is_old, colour))

struct CreateThing {
    std::string name;
    std::optional<std::string> note;
    std::optional<Colour> colour;
    std::optional<Decimal> price;
    std::optional<Instant> at;
    std::optional<LocalText> label;
    std::optional<std::vector<std::int64_t>> numbers;
    std::optional<std::map<std::string, std::int64_t>> counts;
    std::optional<std::int64_t> size;
    std::optional<CustomerId> owner;
    std::optional<bool> is_old;
    std::optional<Leaf> leaf;
    std::optional<boost::json::object> extra;
    static Rules rules() {
        return {{.member = "name", .length_max = 10, .text = TextRule::name},
            {.member = "size", .minimum = 1, .maximum = 9}, {.member = "numbers", .length_max = 3}};
    }
};
BOOST_DESCRIBE_STRUCT(
    CreateThing, (), (name, note, colour, price, at, label, numbers, counts, size, owner, is_old, leaf, extra))

struct UpdateThing {
    CustomerId id;
    std::int64_t if_match = 0;
    std::optional<std::string> name;
};
BOOST_DESCRIBE_STRUCT(UpdateThing, (), (id, if_match, name))

class ContractTest : public testing::Test {
  protected:
    ContractTest() {
        contract.add<GetThing, Thing>(
            {Method::get, "/api/v1/things/{id}", "thing.get", may_read, not_audited, {"A thing", "一件东西"}},
            [](const Caller&, const GetThing& request) -> Result<Thing> {
                if (request.id.value == 404)
                    return fail(ErrorKind::not_found, "thing.not_found", {"There is no such thing.", "没有这件东西。"});
                if (request.id.value == 500)
                    throw std::runtime_error("secret words");
                if (request.id.value == 501)
                    return fail(ErrorKind::internal, "store.broken", {"secret words", "secret words"});
                Thing thing;
                thing.id = request.id;
                thing.version = 7;
                thing.name = "a \"quoted\"\n name";
                thing.price = *Decimal::parse("12.50");
                thing.at = instant_of(1'700'000'000'000'000);
                thing.label = {"Thing", "东西"};
                thing.colour = Colour::new_;
                thing.counts = {{"a", 1}, {"b", -2}};
                return thing;
            });
        contract.add<ListThings, Page<Thing>>(
            {Method::get, "/api/v1/things", "thing.list", may_read, not_audited, {"All things", "所有东西"}},
            [this](const Caller&, const ListThings& request) -> Result<Page<Thing>> {
                listed = request;
                return Page<Thing>{};
            });
        contract.add<CreateThing, Thing>({.method = Method::post,
                                             .path = "/api/v1/things",
                                             .name = "thing.create",
                                             .permission = may_edit,
                                             .audit = audited{"thing.create"},
                                             .summary = {"Create a thing", "新建东西"},
                                             .creates = Creates::something},
            [this](const Caller&, const CreateThing& request, Answer& answer) -> Result<Thing> {
                ++create_count;
                created = request;
                if (request.name == "bad")
                    return fail(ErrorKind::conflict, "thing.exists", {"It exists.", "已存在。"});
                answer.headers.emplace_back("Set-Cookie", "sid=1");
                Thing thing;
                thing.id = CustomerId{create_count};
                thing.name = request.name;
                return thing;
            });
        contract.add<UpdateThing, Thing>({Method::patch, "/api/v1/things/{id}", "thing.update", may_edit,
                                             audited{"thing.update"}, {"Change", "修改"}},
            [this](const Caller&, const UpdateThing& request) -> Result<Thing> {
                updated = request;
                Thing thing;
                thing.version = request.if_match + 1;
                return thing;
            });
        contract.add<GetThing, void>({Method::delete_, "/api/v1/things/{id}", "thing.delete", may_administer,
                                         audited{"thing.delete"}, {"Delete", "删除"}},
            [](const Caller&, const GetThing&) -> Result<> { return {}; });
        contract.add<Nothing, Nothing>(
            {Method::post, "/api/v1/things/special", "thing.poke", may_read, not_audited, {"Poke", "触碰"}},
            [](const Caller&, const Nothing&) -> Result<Nothing> { return Nothing{}; });
        contract.add_raw({.method = Method::post,
                             .path = "/v1/track",
                             .name = "track.post",
                             .permission = by_write_key,
                             .audit = not_audited,
                             .summary = {"Track", "跟踪"}},
            {{"type", "object"}}, {{"type", "object"}},
            [this](const Caller& caller, const Incoming& incoming, Respond respond) {
                raw_caller = caller;
                if (incoming.body == "later") {
                    later = respond;
                    return;
                }
                if (incoming.body == "throw")
                    throw std::runtime_error("oops");
                if (incoming.body == "place")
                    return respond({200, {{"Onefold-Position", "p0"}}, "{}"});
                respond(json_answer(200, {{"size", incoming.body.size()}}));
            });
        contract.connect({plugs.gatekeeper, plugs.positions, plugs.replays});
    }

    Outgoing send(Method method, std::string path, std::string body = {},
        std::vector<std::pair<std::string, std::string>> headers = {}) {
        Incoming incoming;
        incoming.method = method;
        const auto question = path.find('?');
        incoming.path = path.substr(0, question);
        if (question != path.npos)
            incoming.query = path.substr(question + 1);
        incoming.headers = std::move(headers);
        if (!body.empty() && incoming.header("content-type").empty())
            incoming.headers.emplace_back("content-type", "application/json");
        if (incoming.header("authorization").empty())
            incoming.headers.emplace_back("authorization", "Bearer editor");
        incoming.body = std::move(body);
        std::optional<Outgoing> result;
        contract.dispatch(std::move(incoming), [&](Outgoing outgoing) { result = std::move(outgoing); });
        return result.value_or(Outgoing{.status = 0});
    }
    static std::string header(const Outgoing& outgoing, std::string_view name) {
        for (const auto& [key, value] : outgoing.headers)
            if (key == name)
                return value;
        return "";
    }
    // "path code, path code" of all that is wrong.
    static std::string wrongs(const Outgoing& outgoing) {
        std::string text;
        const auto body = boost::json::parse(outgoing.body);
        for (const auto& field : body.at("error").at("fields").as_array()) {
            if (!text.empty())
                text += ", ";
            text += std::string(field.at("path").as_string()) + " " + std::string(field.at("code").as_string());
        }
        return text;
    }
    static std::string code(const Outgoing& outgoing) {
        return std::string(boost::json::parse(outgoing.body).at("error").at("code").as_string());
    }
    Outgoing create(std::string body, std::vector<std::pair<std::string, std::string>> headers = {}) {
        return send(Method::post, "/api/v1/things", std::move(body), std::move(headers));
    }

    FakePlugs plugs;
    Contract contract;
    ListThings listed;
    CreateThing created;
    UpdateThing updated;
    std::int64_t create_count = 0;
    Caller raw_caller;
    Respond later;
};

TEST_F(ContractTest, AnswersWithJsonOfEachKindOfMember) {
    const auto answer = send(Method::get, "/api/v1/things/12");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body,
        R"({"id":"12","version":7,"name":"a \"quoted\"\n name","note":null,"colour":"new","price":"12.5",)"
        R"("at":"2023-11-14T22:13:20Z","label":{"en":"Thing","zh-CN":"东西"},"tags":[],"counts":{"a":1,"b":-2},"extra":null})");
    EXPECT_EQ(header(answer, "ETag"), "\"7\"");
    EXPECT_EQ(header(answer, "X-Request-Id").size(), 16u);
    EXPECT_EQ(header(answer, "Onefold-Position"), "p0");
}

TEST_F(ContractTest, KnowsUnknownPathsFromWrongMethods) {
    EXPECT_EQ(send(Method::get, "/api/v1/nothing").status, 404);
    EXPECT_EQ(send(Method::get, "/api/v1/things/1/2").status, 404);
    EXPECT_EQ(send(Method::get, "/api/v1/things/").status, 404);
    EXPECT_EQ(send(Method::get, "/api").status, 404);
    const auto answer = send(Method::put, "/api/v1/things/1", "{}");
    EXPECT_EQ(answer.status, 405);
    EXPECT_EQ(header(answer, "Allow"), "GET, HEAD, PATCH, DELETE");
    EXPECT_EQ(contract.allowed_methods("/api/v1/things/1"), "GET, HEAD, PATCH, DELETE");
    EXPECT_EQ(contract.allowed_methods("/v1/track"), "POST");
}

TEST_F(ContractTest, ALiteralSegmentGoesBeforeAName) {
    EXPECT_EQ(send(Method::post, "/api/v1/things/special").status, 200);
    EXPECT_EQ(send(Method::post, "/api/v1/things/special", "{}").body, "{}");
    EXPECT_EQ(wrongs(send(Method::post, "/api/v1/things/special", R"({"x":1})")), "/x http.unknown_field");
}

TEST_F(ContractTest, RefusesWhoMayNotAndWhoIsNobody) {
    EXPECT_EQ(send(Method::get, "/api/v1/things/1", "", {{"authorization", "Bearer nonsense"}}).status, 401);
    EXPECT_EQ(send(Method::get, "/api/v1/things/1", "", {{"authorization", "none"}}).status, 401);
    EXPECT_EQ(send(Method::delete_, "/api/v1/things/1").status, 403);
    EXPECT_EQ(plugs.gatekeeper.records.back(), "editor thing.delete 1 403");
    EXPECT_EQ(send(Method::delete_, "/api/v1/things/1", "", {{"authorization", "Bearer admin"}}).status, 204);
    EXPECT_EQ(plugs.gatekeeper.records.back(), "admin thing.delete 1 204");
    EXPECT_EQ(send(Method::get, "/api/openapi.json", "", {{"authorization", "Bearer nonsense"}}).status, 200);
}

TEST_F(ContractTest, AsksForTheRightBeforeItLooksAtTheInput) {
    EXPECT_EQ(send(Method::post, "/api/v1/things", "{broken", {{"authorization", "Bearer viewer"}}).status, 403);
}

TEST_F(ContractTest, WritesTheAuditLogOfAuditedOperationsOnly) {
    send(Method::get, "/api/v1/things/1");
    EXPECT_TRUE(plugs.gatekeeper.records.empty());
    create(R"({"name":"x"})");
    create(R"({"name":"bad"})");
    create(R"({"name":7})");
    EXPECT_EQ(
        plugs.gatekeeper.records, (std::vector<std::string>{"editor thing.create 1 201", "editor thing.create  409"}));
}

TEST_F(ContractTest, ReadsEveryKindOfMember) {
    const auto answer = create(
        R"({"name":"天地玄黄宇宙洪荒日月","note":null,"colour":"new","price":"-1.50","at":"2024-01-31T08:00:00+08:00",
        "label":{"en":"a","zh-CN":"b"},"numbers":[1,2,3],"counts":{"a":5},"size":9,"owner":"77","is_old":true,
        "leaf":{"name":"root","children":[{"name":"kid","children":[]}]},"extra":{"any":[1,{"b":null}]}})");
    ASSERT_EQ(answer.status, 201) << answer.body;
    EXPECT_FALSE(created.note);
    EXPECT_EQ(created.colour, Colour::new_);
    EXPECT_EQ(created.price->to_string(), "-1.5");
    EXPECT_EQ(to_rfc3339(*created.at), "2024-01-31T00:00:00Z");
    EXPECT_EQ(created.label->in("zh-CN"), "b");
    EXPECT_EQ(*created.numbers, (std::vector<std::int64_t>{1, 2, 3}));
    EXPECT_EQ(created.counts->at("a"), 5);
    EXPECT_EQ(created.owner->value, 77);
    EXPECT_EQ(created.leaf->children.at(0).name, "kid");
    EXPECT_EQ(boost::json::serialize(*created.extra), R"({"any":[1,{"b":null}]})");
    EXPECT_EQ(header(answer, "Onefold-Position"), "p1");
    EXPECT_EQ(header(answer, "ETag"), "\"1\"");
    EXPECT_EQ(header(answer, "Set-Cookie"), "sid=1");
}

TEST_F(ContractTest, CollectsAllThatIsWrongAtOnce) {
    const auto answer = create(
        R"({"nam":"x","note":5,"colour":"blue","price":1.5,"at":"yesterday","label":{"en":1},"numbers":[1,"2",3.5],
        "counts":{"a/b":true},"size":10,"owner":12,"is_old":"yes","leaf":{"name":"x","children":[{"children":[]}],"more":1},"extra":[]})");
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(code(answer), "http.bad_input");
    EXPECT_EQ(wrongs(answer),
        "/nam http.unknown_field, /name http.missing, /note http.wrong_type, /colour http.not_a_choice, /price "
        "http.wrong_type, "
        "/at http.wrong_type, /label/en http.wrong_type, /numbers/1 http.wrong_type, /numbers/2 http.wrong_type, "
        "/counts/a~1b http.wrong_type, /size http.out_of_range, /owner http.wrong_type, /is_old http.wrong_type, "
        "/leaf/more http.unknown_field, /leaf/children/0/name http.missing, /extra http.wrong_type");
    EXPECT_EQ(create_count, 0);
}

TEST_F(ContractTest, HoldsTheRulesOfMembers) {
    EXPECT_EQ(wrongs(create(R"({"name":"12345678901"})")), "/name http.too_long");
    EXPECT_EQ(wrongs(create(R"({"name":" 　"})")), "/name http.blank");
    EXPECT_EQ(wrongs(create(R"({"name":"a\nb"})")), "/name http.bad_character");
    EXPECT_EQ(wrongs(create(R"({"name":"a","size":0})")), "/size http.out_of_range");
    EXPECT_EQ(wrongs(create(R"({"name":"a","size":99999999999999999999})")), "/size http.wrong_type");
    EXPECT_EQ(wrongs(create(R"({"name":"a","size":18446744073709551615})")), "/size http.out_of_range");
    EXPECT_EQ(wrongs(create(R"({"name":"a","size":1.0})")), "/size http.wrong_type");
    EXPECT_EQ(wrongs(create(R"({"name":"a","numbers":[1,2,3,4]})")), "/numbers http.too_many");
    EXPECT_EQ(wrongs(create(R"({"name":"a","note":")" + std::string(10'001, 'x') + "\"}")), "/note http.too_long");
    EXPECT_EQ(create(R"({"name":"a","note":")" + std::string(10'000, 'x') + "\"}").status, 201);
    EXPECT_EQ(wrongs(create(R"({"name":"a","owner":"0"})")), "/owner http.wrong_type");
    EXPECT_EQ(wrongs(create(R"({"name":"a","owner":"-1"})")), "/owner http.wrong_type");
}

TEST_F(ContractTest, RefusesWhatIsNotJson) {
    EXPECT_EQ(code(create("{\n \"name\": }")), "http.bad_json");
    EXPECT_NE(create("{\n \"name\": }").body.find("Line 2"), std::string::npos);
    EXPECT_EQ(code(create(R"({"name":"a"} x)")), "http.bad_json");
    EXPECT_EQ(code(create(R"({"name":"a")")), "http.bad_json");
    EXPECT_EQ(code(create("{\"name\":\"\xff\"}")), "http.bad_json");
    EXPECT_EQ(code(create(R"({"name":"\ud800"})")), "http.bad_json");
    EXPECT_EQ(code(create(R"({"name":"a","name":"b"})")), "http.duplicate_key");
    EXPECT_EQ(code(create(R"({"name":"a","extra":{"b":{"c":1,"c":2}}})")), "http.duplicate_key");
    EXPECT_EQ(code(create(R"({"name":"a\u0000"})")), "http.bad_character");
    EXPECT_EQ(code(create(R"({"name":"a","extra":{"b\u0000":1}})")), "http.bad_character");
    EXPECT_EQ(wrongs(create("[]")), " http.wrong_type");
    EXPECT_EQ(wrongs(create("7")), " http.wrong_type");
    auto nested = [&](int depth) {
        return R"({"name":"a","extra":{"x":)" + std::string(depth, '[') + std::string(depth, ']') + "}}";
    };
    EXPECT_EQ(create(nested(62)).status, 201);
    EXPECT_EQ(code(create(nested(63))), "http.too_deep");
    EXPECT_EQ(code(create(std::string(500'000, '['))), "http.too_deep");
}

TEST_F(ContractTest, TakesJsonByItsContentTypeOnly) {
    for (const auto* type :
        {"text/plain", "application/x-www-form-urlencoded", "application/json; charset=gbk", "multipart/form-data"})
        EXPECT_EQ(create(R"({"name":"a"})", {{"content-type", type}}).status, 415) << type;
    for (const auto* type : {"application/json", "Application/JSON; charset=UTF-8"})
        EXPECT_EQ(create(R"({"name":"a"})", {{"content-type", type}}).status, 201);
}

TEST_F(ContractTest, ReadsQueryParameters) {
    const auto answer = send(Method::get,
        "/api/v1/things?limit=10&name=a+b%20%E5%A4%A9&tag=x&tag=y&filter=%7B%22a%22%3A1%7D&is_old=true&colour=green");
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.body, R"({"items":[],"next":null})");
    EXPECT_EQ(listed.limit, 10);
    EXPECT_EQ(listed.name, "a b 天");
    EXPECT_EQ(listed.tag, (std::vector<std::string>{"x", "y"}));
    EXPECT_EQ(boost::json::serialize(*listed.filter), R"({"a":1})");
    EXPECT_EQ(listed.is_old, true);
    EXPECT_EQ(listed.colour, Colour::green);
}

TEST_F(ContractTest, RefusesQueriesThatLie) {
    auto wrong = [&](const std::string& query) { return wrongs(send(Method::get, "/api/v1/things?" + query)); };
    EXPECT_EQ(wrong("limt=1"), "/limt http.unknown_parameter");
    EXPECT_EQ(wrong("limit=1&limit=2"), "/limit http.duplicate_parameter");
    EXPECT_EQ(wrong("limit=x"), "/limit http.wrong_type");
    EXPECT_EQ(wrong("limit=1x"), "/limit http.wrong_type");
    EXPECT_EQ(wrong("limit="), "/limit http.wrong_type");
    EXPECT_EQ(wrong("limit=1001"), "/limit http.out_of_range");
    EXPECT_EQ(wrong("limit=0"), "/limit http.out_of_range");
    EXPECT_EQ(wrong("limit=99999999999999999999"), "/limit http.out_of_range");
    EXPECT_EQ(wrong("is_old=1"), "/is_old http.wrong_type");
    EXPECT_EQ(wrong("colour=blue"), "/colour http.not_a_choice");
    EXPECT_EQ(wrong("name=%ff"), "/name http.bad_character");
    EXPECT_EQ(wrong("name=a%00"), "/name http.bad_character");
    EXPECT_EQ(wrong("name=%zz"), " http.bad_query");
    EXPECT_EQ(wrong("filter=%7B"), "/filter http.bad_json");
    EXPECT_EQ(wrong("limit=x&colour=y"), "/limit http.wrong_type, /colour http.not_a_choice");
    EXPECT_EQ(wrongs(send(Method::post, "/api/v1/things?x=1", R"({"name":"a"})")), "/x http.unknown_parameter");
    EXPECT_EQ(wrongs(send(Method::get, "/api/v1/things/abc")), "/id http.wrong_type");
    EXPECT_EQ(code(send(Method::get, "/api/v1/things", "{}")), "http.unexpected_body");
}

TEST_F(ContractTest, AnUpdateNeedsTheVersionThatWasSeen) {
    auto update = [&](std::vector<std::pair<std::string, std::string>> headers) {
        return send(Method::patch, "/api/v1/things/5", R"({"name":"b"})", std::move(headers));
    };
    EXPECT_EQ(update({}).status, 428);
    EXPECT_EQ(update({{"if-match", "*"}}).status, 412);
    EXPECT_EQ(update({{"if-match", "W/\"3\""}}).status, 412);
    EXPECT_EQ(update({{"if-match", "99999999999999999999"}}).status, 412);
    EXPECT_EQ(update({{"if-match", "3"}}).status, 200);
    const auto answer = update({{"if-match", "\"3\""}});
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(header(answer, "ETag"), "\"4\"");
    EXPECT_EQ(updated.id.value, 5);
    EXPECT_EQ(updated.if_match, 3);
    EXPECT_EQ(wrongs(send(Method::patch, "/api/v1/things/5", R"({"id":"6","if_match":2})", {{"if-match", "3"}})),
        "/id http.unknown_field, /if_match http.unknown_field");
}

TEST_F(ContractTest, ACreateWithItsKeyHappensOnce) {
    const std::vector<std::pair<std::string, std::string>> key{{"idempotency-key", "k 1"}};
    const auto first = create(R"({"name":"a"})", key);
    const auto second = create(R"({"name":"a"})", key);
    EXPECT_EQ(first.status, 201);
    EXPECT_EQ(second.status, 201);
    EXPECT_EQ(second.body, first.body);
    EXPECT_EQ(header(first, "Idempotent-Replay"), "");
    EXPECT_EQ(header(second, "Idempotent-Replay"), "true");
    EXPECT_EQ(header(second, "Set-Cookie"), "");
    EXPECT_NE(header(second, "X-Request-Id"), header(first, "X-Request-Id"));
    EXPECT_EQ(create_count, 1);
    const auto other = create(R"({"name":"b"})", key);
    EXPECT_EQ(other.status, 422);
    EXPECT_EQ(code(other), "http.key_reused");
    EXPECT_EQ(create(R"({"name":"a"})", {{"idempotency-key", std::string(256, 'x')}}).status, 400);
    EXPECT_EQ(create(R"({"name":"a"})", {{"idempotency-key", "é"}}).status, 400);
    EXPECT_EQ(create(R"({"name":"a"})", {{"idempotency-key", std::string(255, 'x')}}).status, 201);
}

TEST_F(ContractTest, AKeyWhoseCreateFailedMayBeUsedAgain) {
    const std::vector<std::pair<std::string, std::string>> key{{"idempotency-key", "k"}};
    EXPECT_EQ(create(R"({"name":"bad"})", key).status, 409);
    EXPECT_EQ(create(R"({"name":"good"})", key).status, 201);
    plugs.replays.known.begin()->second.is_finished = false;
    const auto running = create(R"({"name":"good"})", key);
    EXPECT_EQ(running.status, 409);
    EXPECT_EQ(code(running), "http.key_running");
}

TEST_F(ContractTest, AReadWaitsForThePositionThatItNames) {
    EXPECT_EQ(send(Method::get, "/api/v1/things/1", "", {{"onefold-min-position", "p1"}}).status, 200);
    EXPECT_EQ(plugs.positions.waited, (std::vector<std::string>{"p1"}));
    const auto late = send(Method::get, "/api/v1/things/1", "", {{"onefold-min-position", "late"}});
    EXPECT_EQ(late.status, 503);
    EXPECT_EQ(header(late, "Retry-After"), "1");
    EXPECT_EQ(send(Method::get, "/api/v1/things/1", "", {{"onefold-min-position", "x"}}).status, 400);
}

TEST_F(ContractTest, ErrorsSpeakTheLanguageOfTheCaller) {
    EXPECT_NE(send(Method::get, "/api/v1/things/404", "", {{"accept-language", "zh-CN,zh;q=0.9"}})
                  .body.find("没有这件东西。"),
        std::string::npos);
    EXPECT_NE(send(Method::get, "/api/v1/things/404").body.find("There is no such thing."), std::string::npos);
    EXPECT_NE(send(Method::get, "/api/v1/nowhere", "", {{"accept-language", "zh"}}).body.find("此路径不存在。"),
        std::string::npos);
}

TEST_F(ContractTest, WhatFailsInsideShowsNothingButANumber) {
    for (const auto* path : {"/api/v1/things/500", "/api/v1/things/501"}) {
        const auto answer = send(Method::get, path);
        EXPECT_EQ(answer.status, 500);
        EXPECT_EQ(answer.body.find("secret"), std::string::npos);
        EXPECT_NE(answer.body.find(header(answer, "X-Request-Id")), std::string::npos);
    }
}

TEST_F(ContractTest, ARawOperationAnswersWhenItLikesAndOnce) {
    EXPECT_EQ(
        send(Method::post, "/v1/track", "abc", {{"authorization", "Basic nonsense"}, {"content-type", "text/plain"}})
            .body,
        R"({"size":3})");
    EXPECT_EQ(raw_caller.principal.kind, Principal::Kind::anonymous);
    EXPECT_EQ(header(send(Method::post, "/v1/track", "abc"), "Onefold-Position"), "p1");
    const auto own = send(Method::post, "/v1/track", "place");
    EXPECT_EQ(header(own, "Onefold-Position"), "p0");
    EXPECT_EQ(std::ranges::count(own.headers, "Onefold-Position", &std::pair<std::string, std::string>::first), 1);
    EXPECT_EQ(send(Method::post, "/v1/track?surprise=1", "abc").status, 400);
    EXPECT_EQ(send(Method::post, "/v1/track", "throw").status, 500);
    std::optional<Outgoing> result;
    Incoming incoming;
    incoming.method = Method::post;
    incoming.path = "/v1/track";
    incoming.body = "later";
    contract.dispatch(std::move(incoming), [&](Outgoing outgoing) { result = std::move(outgoing); });
    EXPECT_FALSE(result);
    EXPECT_EQ(contract.in_flight(), 1);
    std::thread([&] { later(json_answer(200, true)); }).join();
    ASSERT_TRUE(result);
    EXPECT_EQ(result->body, "true");
    result.reset();
    later(json_answer(200, true));
    EXPECT_FALSE(result);
    later = nullptr;
    EXPECT_EQ(contract.in_flight(), 0);
}

TEST_F(ContractTest, CountsItsAnswers) {
    send(Method::get, "/api/v1/things/1");
    send(Method::get, "/api/v1/things/404");
    for (const auto& count : contract.counts()) {
        if (count.operation != "thing.get")
            continue;
        EXPECT_EQ(count.answers_by_class, (std::array<std::uint64_t, 6>{0, 0, 1, 0, 1, 0}));
    }
    EXPECT_EQ(contract.in_flight(), 0);
}

TEST_F(ContractTest, TheServerKnowsLimitsBeforeItReadsABody) {
    EXPECT_EQ(contract.body_bytes_max(Method::post, "/api/v1/things"), 1u << 20);
    EXPECT_EQ(contract.body_bytes_max(Method::get, "/api/v1/things"), 0u);
    EXPECT_EQ(contract.body_bytes_max(Method::put, "/api/v1/things"), std::nullopt);
}

TEST_F(ContractTest, DescribesItselfAsOpenApi) {
    const auto document = boost::json::parse(send(Method::get, "/api/openapi.json").body);
    EXPECT_EQ(document.at("openapi").as_string(), "3.1.0");
    const auto& create = document.at("paths").at("/api/v1/things").at("post");
    EXPECT_EQ(create.at("operationId").as_string(), "thing.create");
    EXPECT_EQ(create.at("x-permission").as_string(), "edit");
    EXPECT_EQ(create.at("x-audit").as_string(), "thing.create");
    EXPECT_EQ(create.at("x-summary-zh").as_string(), "新建东西");
    EXPECT_EQ(create.at("requestBody").at("content").at("application/json").at("schema").at("$ref").as_string(),
        "#/components/schemas/CreateThing");
    EXPECT_EQ(create.at("responses").at("201").at("content").at("application/json").at("schema").at("$ref").as_string(),
        "#/components/schemas/Thing");
    EXPECT_EQ(create.at("parameters").at(0).at("name").as_string(), "Idempotency-Key");

    const auto& schemas = document.at("components").at("schemas");
    EXPECT_EQ(boost::json::serialize(schemas.at("CreateThing").at("required")), R"(["name"])");
    const auto& properties = schemas.at("CreateThing").at("properties");
    EXPECT_EQ(properties.at("name").at("maxLength").as_int64(), 10);
    EXPECT_EQ(boost::json::serialize(properties.at("size").at("type")), R"(["integer","null"])");
    EXPECT_EQ(properties.at("size").at("maximum").as_int64(), 9);
    EXPECT_EQ(boost::json::serialize(properties.at("colour")),
        R"({"anyOf":[{"$ref":"#/components/schemas/Colour"},{"type":"null"}]})");
    EXPECT_EQ(boost::json::serialize(schemas.at("Colour").at("enum")), R"(["red","green","new"])");
    EXPECT_EQ(schemas.at("Leaf").at("properties").at("children").at("items").at("$ref").as_string(),
        "#/components/schemas/Leaf");
    EXPECT_TRUE(schemas.as_object().contains("PageOfThing"));
    EXPECT_EQ(schemas.at("UpdateThingBody").at("properties").as_object().size(), 1u);

    const auto& update = document.at("paths").at("/api/v1/things/{id}").at("patch");
    EXPECT_EQ(update.at("parameters").at(0).at("in").as_string(), "path");
    EXPECT_EQ(update.at("parameters").at(1).at("name").as_string(), "If-Match");
    const auto& list = document.at("paths").at("/api/v1/things").at("get").at("parameters").as_array();
    EXPECT_EQ(list.at(0).at("name").as_string(), "limit");
    EXPECT_EQ(list.at(0).at("schema").at("maximum").as_int64(), 1000);
    EXPECT_TRUE(list.at(4).as_object().contains("content"));
    EXPECT_EQ(document.at("paths")
                  .at("/api/v1/things/{id}")
                  .at("delete")
                  .at("responses")
                  .at("204")
                  .at("description")
                  .as_string(),
        "Done");
}

} // namespace
} // namespace onefold::http
