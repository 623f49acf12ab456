#include "http/fake_plugs.h"
#include "object/object.h"
#include "object/object_rig.h"
#include "testing/clock.h"

namespace onefold::object {
namespace {

using boost::json::value;

std::string encoded(std::string_view text) {
    std::string all;
    for (const unsigned char c : text)
        all += fmt::format("%{:02X}", c);
    return all;
}

class ObjectHttp : public ObjectRig {
  protected:
    struct Heard {
        int status = 0;
        value body;
    };
    void SetUp() override {
        ObjectRig::SetUp();
        add_routes(contract_, *database_, clock_, [](SourceId id) { return id == shop ? "shop" : ""; });
        contract_.connect({plugs_.gatekeeper, plugs_.positions, plugs_.replays});
        save(std::vector{order("A1", ann, {line("x", "2", "9.95"), line("x", "2", "9.95"), line("y", "1", "0.1")},
                             "2026-01-02T00:00:00Z"),
            order("A2", ann_in_app, {line("x", "1", "5")}, "2026-01-04T00:00:00Z"),
            order("B1", bob, {line("x", "-1", "5")}, "2026-01-03T00:00:00Z"),
            order("N1", NodeId{}, {line("z", "1", "7")}, "2026-01-01T00:00:00Z")});
        auto rated = ticket("T1", ann, "late");
        rated.rating = decimal("4.5");
        auto timeless = ticket("T2", bob, "no time");
        timeless.time.reset();
        save(std::vector{rated, timeless});
    }
    Heard send(http::Method method, const std::string& path, const std::string& query = "",
        const std::string& body = "", std::string_view who = "viewer") {
        http::Incoming incoming;
        incoming.method = method;
        incoming.path = path;
        incoming.query = query;
        incoming.body = body;
        incoming.headers = {{"authorization", fmt::format("Bearer {}", who)}};
        if (!body.empty())
            incoming.headers.emplace_back("content-type", "application/json");
        Heard heard;
        contract_.dispatch(std::move(incoming),
            [&](http::Outgoing outgoing) { heard = {outgoing.status, boost::json::parse(outgoing.body)}; });
        return heard;
    }
    Heard get(const std::string& path, const std::string& query = "") { return send(http::Method::get, path, query); }
    Heard ask_query(const std::string& question) { return send(http::Method::post, "/api/v1/query", "", question); }
    static std::vector<std::string> numbers(const Heard& heard) {
        std::vector<std::string> all;
        for (const value& item : heard.body.at("items").as_array())
            all.emplace_back(item.at("number").as_string());
        return all;
    }
    static std::string error_code(const Heard& heard) {
        return std::string(heard.body.at("error").at("code").as_string());
    }

    testing::Clock clock_;
    http::Contract contract_;
    http::FakePlugs plugs_;
};
ON_BOTH_DATABASES(ObjectHttp);

using Numbers = std::vector<std::string>;

TEST_P(ObjectHttp, ListsOrdersNewestFirstWithTheirCustomers) {
    const auto heard = get("/api/v1/orders");
    ASSERT_EQ(heard.status, 200);
    EXPECT_EQ(numbers(heard), (Numbers{"A2", "B1", "A1", "N1"}));
    EXPECT_EQ(heard.body.at("items").at(2),
        (boost::json::object{{"id", "1"}, {"number", "A1"}, {"source", "shop"}, {"customer", "11"},
            {"time", "2026-01-02T00:00:00Z"}, {"total", "39.9"}, {"currency", "CNY"}, {"line_count", 3},
            {"status", nullptr}, {"refunded", "0"}, {"is_cancelled", false}}));
    EXPECT_TRUE(heard.body.at("items").at(3).at("customer").is_null());
    EXPECT_TRUE(heard.body.at("next").is_null());
}

TEST_P(ObjectHttp, AMergedNodeTakesItsOrdersAlong) {
    ASSERT_TRUE(database_->write([](store::Session& session) -> Result<> {
        TRY(session.execute("UPDATE node SET customer_id = 11"));
        TRY(session.execute("UPDATE customer SET state = 'merged' WHERE id = 12"));
        return {};
    }));
    EXPECT_EQ(numbers(get("/api/v1/orders", "customer=11")), (Numbers{"A2", "B1", "A1"}));
    EXPECT_TRUE(numbers(get("/api/v1/orders", "customer=12")).empty());
}

TEST_P(ObjectHttp, FiltersSortsAndPagesOrders) {
    EXPECT_EQ(numbers(get("/api/v1/orders", "customer=11")), (Numbers{"A2", "A1"}));
    const auto filter = "filter=" + encoded(R"({"op":">","args":[{"field":"total"},{"value":"5"}]})");
    EXPECT_EQ(numbers(get("/api/v1/orders", filter)), (Numbers{"A1", "N1"}));
    EXPECT_EQ(numbers(get("/api/v1/orders", "customer=11&" + filter)), (Numbers{"A1"}));
    EXPECT_EQ(numbers(get("/api/v1/orders", "sort=total,-number")), (Numbers{"B1", "A2", "N1", "A1"}));
    Numbers paged;
    std::string after;
    for (int page = 0; page < 4; ++page) {
        const auto heard = get("/api/v1/orders", "limit=1&after=" + after);
        paged.push_back(numbers(heard).at(0));
        after = heard.body.at("next").is_null() ? "" : std::string(heard.body.at("next").as_string());
        EXPECT_EQ(after.empty(), page == 3);
    }
    EXPECT_EQ(paged, (Numbers{"A2", "B1", "A1", "N1"}));
}

TEST_P(ObjectHttp, OneOrderHasItsLines) {
    const auto heard = get("/api/v1/orders/1");
    ASSERT_EQ(heard.status, 200);
    EXPECT_EQ(heard.body.at("number"), "A1");
    ASSERT_EQ(heard.body.at("lines").as_array().size(), 3u);
    EXPECT_EQ(heard.body.at("lines").at(1), (boost::json::object{{"sku", "x"}, {"name", "name of x"}, {"quantity", "2"},
                                                {"price", "9.95"}, {"amount", "19.9"}}));
    EXPECT_EQ(heard.body.at("lines").at(2).at("sku"), "y");
    EXPECT_EQ(get("/api/v1/orders/999").status, 404);
    EXPECT_EQ(error_code(get("/api/v1/orders/999")), "object.no_such_order");
}

TEST_P(ObjectHttp, AnOrderOfMoreThanAPageOfLinesComesWhole) {
    std::vector<OrderLineDraft> lines;
    for (int i = 0; i < 1203; ++i)
        lines.push_back(line(fmt::format("s{}", i), "1", "1"));
    save(std::vector{order("long", ann, lines)});
    const auto heard = get("/api/v1/orders/5");
    ASSERT_EQ(heard.body.at("lines").as_array().size(), 1203u);
    EXPECT_EQ(heard.body.at("lines").at(1202).at("sku"), "s1202");
}

TEST_P(ObjectHttp, TicketsComeNewestFirstAndThoseWithoutTimeLast) {
    const auto heard = get("/api/v1/tickets");
    EXPECT_EQ(numbers(heard), (Numbers{"T1", "T2"}));
    EXPECT_EQ(heard.body.at("items").at(0).at("rating"), 4.5);
    EXPECT_TRUE(heard.body.at("items").at(1).at("rating").is_null());
    EXPECT_TRUE(heard.body.at("items").at(1).at("time").is_null());
    EXPECT_EQ(numbers(get("/api/v1/tickets", "customer=12")), (Numbers{"T2"}));
    EXPECT_EQ(get("/api/v1/tickets/1").body, heard.body.at("items").at(0));
    EXPECT_EQ(error_code(get("/api/v1/tickets/9")), "object.no_such_ticket");
}

TEST_P(ObjectHttp, FieldsAreListedWithBothLabels) {
    const auto heard = get("/api/v1/fields", "object=customer");
    ASSERT_EQ(heard.status, 200);
    std::map<std::string, value> by_code;
    for (const value& item : heard.body.at("items").as_array())
        by_code[std::string(item.at("code").as_string())] = item;
    EXPECT_EQ(by_code.at("name"),
        boost::json::parse(
            R"({"code":"name","label":{"en":"Name","zh-CN":"姓名"},"type":"text","is_computed":false,"has_several":false,"choices":[]})"));
    EXPECT_EQ(by_code.at("kind").at("choices").at(0),
        boost::json::parse(R"({"code":"person","label":{"en":"Person","zh-CN":"个人"}})"));
    EXPECT_EQ(by_code.at("total_spend").at("type"), "money");
    EXPECT_EQ(by_code.at("total_spend").at("is_computed"), true);
    EXPECT_EQ(by_code.at("sources").at("has_several"), true);
    EXPECT_EQ(error_code(get("/api/v1/fields", "object=spaceship")), "object.unknown_object");
}

TEST_P(ObjectHttp, AQuestionIsAnsweredWithColumnsAndRows) {
    const auto heard = ask_query(R"({"object":"order",
        "select":[{"path":"customer.name"},{"path":"total","aggregate":"sum"},{"path":"id","aggregate":"count"}],
        "filter":{"op":"not","args":[{"op":"blank","args":[{"field":"customer"}]}]},
        "group":["customer.name"],"sort":[{"path":"customer.name","direction":"descending"}]})");
    ASSERT_EQ(heard.status, 200) << heard.body;
    EXPECT_EQ(heard.body.at("rows"), boost::json::parse(R"([["Bob","-5",1],["Ann","44.9",2]])"));
    EXPECT_EQ(
        heard.body.at("columns").at(1), boost::json::parse(R"({"path":"total","aggregate":"sum","type":"money"})"));
    EXPECT_TRUE(heard.body.at("next").is_null());
    EXPECT_EQ(send(http::Method::post, "/api/v1/query", "", R"({"object":"order","select":[{"path":"id"}]})", "nobody")
                  .status,
        401);
}

TEST_P(ObjectHttp, WhatIsWrongInAQuestionIsNamedWhereItStands) {
    const auto where = [&](const std::string& question) {
        const auto heard = ask_query(question);
        EXPECT_EQ(heard.status, 400) << question;
        return fmt::format("{} {}", error_code(heard),
            std::string_view(heard.body.at("error").at("fields").at(0).at("path").as_string()));
    };
    EXPECT_EQ(where(R"({"object":"order","select":[{"path":"colour"}]})"), "query.unknown_field /select/0");
    EXPECT_EQ(where(R"({"object":"order","select":[{"path":"id"}],"filter":{"op":"like","args":[]}})"),
        "formula.invalid /filter/op");
    EXPECT_EQ(
        where(
            R"({"object":"order","select":[{"path":"id"}],"filter":{"op":"=","args":[{"field":"colour"},{"value":1}]}})"),
        "query.unknown_field /filter/args/0");
    EXPECT_EQ(where(R"({"object":"order","select":[{"path":"id"}],"sort":[{"path":"colour"}]})"),
        "query.unknown_field /sort/0");
    EXPECT_EQ(ask_query(R"({"object":"order","select":[]})").status, 400);
    EXPECT_EQ(ask_query(R"({"object":"spaceship","select":[{"path":"id"}]})").status, 400);
    EXPECT_EQ(ask_query(R"({"object":"order","select":[{"path":"id"}],"limit":1001})").status, 400);
    EXPECT_EQ(get("/api/v1/orders", "filter=%7B").status, 400);
    EXPECT_EQ(get("/api/v1/orders", "colour=red").status, 400);
    EXPECT_EQ(get("/api/v1/orders", "sort=colour").status, 400);
}

} // namespace
} // namespace onefold::object
