#include "import/map.h"

#include <gtest/gtest.h>

namespace onefold::import {
namespace {

const std::vector<std::string> customer_fields{
    "name", "first_name", "gender", "age", "company", "city", "phone", "email", "grade", "owner"};
const std::vector<std::string> order_header{
    "InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country", "a/b~c"};

constexpr std::string_view retail_map =
    R"({"identifiers":{"CustomerID":"member_no"},"order":{"number":"InvoiceNo","time":"InvoiceDate",)"
    R"("lines":{"sku":"StockCode","name":"Description","quantity":"Quantity","price":"UnitPrice"}}})";

// "path code" of everything that is wrong, in order.
std::vector<std::string> errors_of(std::string_view json, Kind kind = Kind::order) {
    const auto map = parse_map(json, MapContext{kind, order_header, customer_fields});
    if (map)
        return {};
    EXPECT_EQ(map.error().code, "import.bad_map");
    std::vector<std::string> errors;
    for (const auto& field : map.error().fields) {
        EXPECT_NE(field.message.in("en"), field.message.in("zh-CN"));
        errors.push_back(field.path + " " + field.code);
    }
    return errors;
}

using Errors = std::vector<std::string>;

TEST(Map, OfOnlineRetailIsRead) {
    const auto map = parse_map(retail_map, MapContext{Kind::order, order_header, customer_fields}).value();
    ASSERT_EQ(map.identifiers.size(), 1u);
    EXPECT_EQ(map.identifiers[0].column.index, 6u);
    EXPECT_EQ(map.identifiers[0].type.type->code, "member_no");
    EXPECT_EQ(map.order->number.index, 0u);
    EXPECT_EQ(map.order->time.name, "InvoiceDate");
    EXPECT_EQ(map.order->lines->sku->index, 1u);
    EXPECT_EQ(map.order->lines->quantity.index, 3u);
    EXPECT_EQ(map.order->lines->price.index, 5u);
    EXPECT_FALSE(map.order->status);
}

TEST(Map, KeepsTheOrderOfItsIdentifiers) {
    const auto map =
        parse_map(R"({"identifiers":{"Country":"phone","CustomerID":"member_no@crm","StockCode":"email"}})",
            MapContext{Kind::customer, order_header, customer_fields})
            .value();
    ASSERT_EQ(map.identifiers.size(), 3u);
    EXPECT_EQ(map.identifiers[0].type.type->code, "phone");
    EXPECT_EQ(map.identifiers[1].type.scope, "crm");
    EXPECT_EQ(map.identifiers[2].column.name, "StockCode");
}

TEST(Map, ARowMayNameACompanyAndAPerson) {
    const MapContext context{Kind::customer, order_header, customer_fields};
    const auto map =
        parse_map(R"({"organisation":{"identifiers":{"StockCode":"credit_code"},"fields":{"Country":"name"}},
        "person":{"identifiers":{"CustomerID":"member_no"},"fields":{"Description":"name"}},
        "membership":{"role":"Quantity","valid_to":"InvoiceDate"}})",
            context)
            .value();
    ASSERT_TRUE(map.group);
    EXPECT_EQ(map.group->kind, identity::NodeKind::organisation);
    EXPECT_EQ(map.group->identifiers[0].column.name, "StockCode");
    EXPECT_EQ(map.group->membership.role->name, "Quantity");
    EXPECT_FALSE(map.group->membership.title);
    EXPECT_EQ(map.identifiers[0].column.name, "CustomerID");
    const std::string written = boost::json::serialize(to_json(map));
    EXPECT_EQ(boost::json::serialize(to_json(parse_map(written, context).value())), written);
}

TEST(Map, AHouseholdAloneIsEnoughAndBothAreTooMany) {
    EXPECT_EQ(errors_of(R"({"household":{"fields":{"Country":"name"}}})", Kind::customer), Errors{});
    EXPECT_EQ(errors_of(R"({"household":{"fields":{"Country":"name"}},"organisation":{"fields":{"Country":"name"}}})",
                  Kind::customer),
        (Errors{"/household import.said_twice"}));
    EXPECT_EQ(errors_of(R"({"person":{"identifiers":{"CustomerID":"phone"}},"fields":{}})", Kind::customer),
        (Errors{"/person import.said_twice"}));
    EXPECT_EQ(errors_of(R"({"identifiers":{"CustomerID":"phone"},"membership":{"role":"Country"}})", Kind::customer),
        (Errors{"/membership import.missing"}));
    EXPECT_EQ(errors_of(R"({"organisation":{"fields":{"Country":"city"}}})", Kind::customer),
        (Errors{"/identifiers import.missing"}));
}

TEST(Map, WrittenAndReadAgainIsTheSame) {
    const MapContext order{Kind::order, order_header, customer_fields};
    EXPECT_EQ(boost::json::serialize(to_json(parse_map(retail_map, order).value())),
        R"({"identifiers":{"CustomerID":"member_no"},"fields":{},"order":{"number":"InvoiceNo","time":"InvoiceDate",)"
        R"("lines":{"sku":"StockCode","name":"Description","quantity":"Quantity","price":"UnitPrice"}}})");
    const MapContext event{Kind::event, order_header, customer_fields};
    constexpr std::string_view text =
        R"({"identifiers":{"CustomerID":"user_id@app"},"fields":{"Country":"city"},)"
        R"("event":{"name":"Description","time":"InvoiceDate","message_id":"InvoiceNo"}})";
    EXPECT_EQ(boost::json::serialize(to_json(parse_map(text, event).value())), text);
}

TEST(Map, EverythingThatIsWrongComesBackAtOnce) {
    EXPECT_EQ(errors_of(R"({"identifiers":{"Customer":"member_no","CustomerID":"memberno","Country":7},
        "fields":{"Description":"nam","a/b~c":"nothing","StockCode":"city","Country":"city"},
        "order":{"number":"InvoiceNo","lines":{"quantity":"Qty","price":["UnitPrice"],"tax":"Country"},"total":"UnitPrice"},
        "ordr":{}})"),
        (Errors{"/ordr import.unknown_key", "/identifiers/Customer import.unknown_column",
            "/identifiers/CustomerID identity.unknown_type", "/identifiers/Country import.bad_type",
            "/fields/Description import.unknown_field", "/fields/a~1b~0c import.unknown_field",
            "/fields/Country import.field_twice", "/order/total import.unknown_key", "/order/time import.missing",
            "/order/lines/tax import.unknown_key", "/order/lines/quantity import.unknown_column",
            "/order/lines/price import.bad_type"}));
}

TEST(Map, NeedsThePartsOfItsKind) {
    EXPECT_EQ(errors_of("{}", Kind::order), Errors{"/order import.missing"});
    EXPECT_EQ(errors_of(R"({"order":{"number":"InvoiceNo","time":"InvoiceDate"}})", Kind::order), Errors{});
    EXPECT_EQ(errors_of(R"({"order":{}})", Kind::order),
        (Errors{"/order/number import.missing", "/order/time import.missing"}));
    EXPECT_EQ(errors_of(R"({"order":{"number":"InvoiceNo","time":"InvoiceDate","lines":{}}})", Kind::order),
        (Errors{"/order/lines/quantity import.missing", "/order/lines/price import.missing"}));
    EXPECT_EQ(errors_of(R"({"ticket":{"number":"InvoiceNo"}})", Kind::ticket), Errors{});
    EXPECT_EQ(
        errors_of(R"({"ticket":{"subject":"Description"}})", Kind::ticket), Errors{"/ticket/number import.missing"});
    EXPECT_EQ(errors_of(R"({"event":{}})", Kind::event),
        (Errors{"/identifiers import.missing", "/event/name import.missing", "/event/time import.missing"}));
    EXPECT_EQ(errors_of(R"({"identifiers":{}})", Kind::customer), Errors{"/identifiers import.missing"});
    EXPECT_EQ(errors_of(R"({"identifiers":{"CustomerID":"member_no"},"order":{}})", Kind::customer),
        Errors{"/order import.unknown_key"});
}

TEST(Map, WrongTypesAreRefused) {
    EXPECT_EQ(errors_of("[]"), Errors{" import.bad_type"});
    EXPECT_EQ(errors_of("null"), Errors{" import.bad_type"});
    EXPECT_EQ(errors_of(R"({"identifiers":[],"fields":"x","order":7})"),
        (Errors{"/identifiers import.bad_type", "/fields import.bad_type", "/order import.bad_type"}));
    EXPECT_EQ(errors_of(R"({"order":{"number":"InvoiceNo","time":null,"lines":"Quantity"}})"),
        (Errors{"/order/time import.bad_type", "/order/lines import.bad_type"}));
}

TEST(Map, TextThatIsNotJsonNamesItsLine) {
    EXPECT_EQ(errors_of(""), Errors{"line 1 import.bad_json"});
    EXPECT_EQ(errors_of("{\n\"identifiers\":{},\n}"), Errors{"line 3 import.bad_json"});
    EXPECT_EQ(errors_of("{} {}"), Errors{"line 1 import.bad_json"});
    EXPECT_EQ(errors_of(std::string(5000, '[')), Errors{"line 1 import.bad_json"});
}

TEST(Map, AMistypedNameIsToldTheNearest) {
    const auto error =
        parse_map(R"({"identifiers":{"CustomerId":"member_no"},"order":{"number":"InvoiceNo","tme":"InvoiceDate"}})",
            MapContext{Kind::order, order_header, customer_fields})
            .error();
    ASSERT_EQ(error.fields.size(), 3u);
    EXPECT_NE(error.fields[0].message.in("en").find("Is “CustomerID” meant?"), std::string::npos);
    EXPECT_NE(error.fields[1].message.in("zh-CN").find("是指“time”吗？"), std::string::npos);
    EXPECT_NE(error.message.in("en").find("(2 more)"), std::string::npos);
}

TEST(Guess, ColumnsOfCustomersAreRecognisedInBothLanguages) {
    const std::vector<std::string> english{"Customer No", "Full Name", "E-mail", "Mobile", "Company", "City", "Score"};
    const auto map = guess_map(MapContext{Kind::customer, english, customer_fields}).value();
    EXPECT_EQ(boost::json::serialize(to_json(map)),
        R"({"identifiers":{"Customer No":"member_no","E-mail":"email","Mobile":"phone"},)"
        R"("fields":{"Full Name":"name","Company":"company","City":"city"},)"
        R"("organisation":{"identifiers":{},"fields":{"Company":"name"}}})");
    const std::vector<std::string> chinese{
        "客户编号", "客户姓名", "性别", "手机号码", "联系电话", "电子邮箱", "公司名称", "等级", "销售负责人"};
    const auto other = guess_map(MapContext{Kind::customer, chinese, customer_fields}).value();
    EXPECT_EQ(boost::json::serialize(to_json(other)),
        R"({"identifiers":{"客户编号":"member_no","手机号码":"phone","联系电话":"phone","电子邮箱":"email"},)"
        R"("fields":{"客户姓名":"name","性别":"gender","公司名称":"company","等级":"grade","销售负责人":"owner"},)"
        R"("organisation":{"identifiers":{},"fields":{"公司名称":"name"}}})");
    const std::vector<std::string> firms{"名称", "统一社会信用代码", "城市"};
    EXPECT_EQ(boost::json::serialize(to_json(guess_map(MapContext{Kind::customer, firms, customer_fields}).value())),
        R"({"identifiers":{},"fields":{},"organisation":{"identifiers":{"统一社会信用代码":"credit_code"},)"
        R"("fields":{"名称":"name","城市":"city"}}})");
}

TEST(Guess, AScopeIsUnderstoodOfTypesThatHaveOne) {
    const std::vector<std::string> header{"member_no@shop", "email@work", "E-mail"};
    EXPECT_EQ(boost::json::serialize(to_json(guess_map(MapContext{Kind::customer, header, customer_fields}).value())),
        R"({"identifiers":{"member_no@shop":"member_no@shop","E-mail":"email"},"fields":{}})");
}

TEST(Guess, TicketsAreRecognised) {
    const std::vector<std::string> header{"Ticket ID", "Customer Name", "Customer Email", "Customer Age",
        "Date of Purchase", "Ticket Subject", "Ticket Description", "Ticket Status", "First Response Time",
        "Customer Satisfaction Rating"};
    const auto map = guess_map(MapContext{Kind::ticket, header, customer_fields}).value();
    EXPECT_EQ(boost::json::serialize(to_json(map)),
        R"({"identifiers":{"Customer Email":"email"},"fields":{"Customer Name":"name","Customer Age":"age"},)"
        R"("ticket":{"number":"Ticket ID","subject":"Ticket Subject","status":"Ticket Status","rating":"Customer Satisfaction Rating"}})");
}

TEST(Guess, WhatCannotBeGuessedNeedsAMap) {
    EXPECT_TRUE(guess_map(MapContext{Kind::order, order_header, customer_fields}));
    EXPECT_EQ(guess_map(MapContext{Kind::event, order_header, customer_fields}).error().code, "import.map_needed");
    const std::vector<std::string> header{"Thing", "Colour"};
    EXPECT_EQ(guess_map(MapContext{Kind::customer, header, customer_fields}).error().code, "import.map_needed");
    EXPECT_EQ(guess_map(MapContext{Kind::order, header, customer_fields}).error().code, "import.map_needed");
    EXPECT_EQ(guess_map(MapContext{Kind::ticket, header, customer_fields}).error().code, "import.map_needed");
}

TEST(Guess, AGuessedMapIsAMapThatCanBeRead) {
    const std::vector<std::string> header{"会员号", "姓名", "手机"};
    const MapContext context{Kind::customer, header, customer_fields};
    const auto json = to_json(guess_map(context).value());
    EXPECT_TRUE(map_from_json(json, context));
}

} // namespace
} // namespace onefold::import
