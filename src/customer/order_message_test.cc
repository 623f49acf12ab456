#include "customer/message.h"
#include "customer/payload.h"

#include <gtest/gtest.h>

namespace onefold::customer {
namespace {

const Instant at = *parse_rfc3339("2026-01-01T12:00:00Z");

std::optional<OrderMessage> read(std::string_view event, std::string_view properties) {
    return read_order_message(event, boost::json::parse(properties).as_object(), at, "m1");
}
std::string total(std::string_view properties) {
    const auto message = read("Order Completed", properties);
    if (message->problem)
        return std::string(message->problem->code) + " " + message->problem->path;
    return message->statement.total ? message->statement.total->value.to_string() : "none";
}

TEST(OrderMessage, OnlyAShopsEventsSpeakOfOrders) {
    EXPECT_FALSE(read("Product Viewed", R"({"order_id":"1"})"));
    EXPECT_FALSE(read("Orders Completed", R"({"order_id":"1"})"));
    for (const char* name : {"Order Completed", "order completed", "Completed Order"})
        EXPECT_EQ(read(name, R"({"order_id":"1"})")->statement.status->value, "completed") << name;
    EXPECT_EQ(read("Order Cancelled", R"({"order_id":17})")->number, "17");
    EXPECT_EQ(read("Order Canceled", R"({"order_id":17})")->statement.status->value, "cancelled");
    EXPECT_EQ(read("Order Updated", R"({"order_id":17,"status":"Shipped"})")->statement.status->value, "shipped");
}

TEST(OrderMessage, ReadsSegmentsOwnExample) {
    const auto message = read("Order Completed", R"({"checkout_id":"fksdjfsdjfisjf9sdfjsd9f","order_id":"50314b8e9bcf",
        "affiliation":"Google Store","total":27.50,"subtotal":22.50,"revenue":25.00,"shipping":3,"tax":2,"discount":2.5,
        "coupon":"hasbros","currency":"usd","products":[{"product_id":"507f1f77bcf86cd799439011","sku":"45790-32",
        "name":"Monopoly: 3rd Edition","price":19,"quantity":1},{"product_id":"505bd76785ebb509fc183733",
        "name":"Uno Card Game","price":"3","quantity":"2"}]})");
    ASSERT_TRUE(message && !message->problem);
    EXPECT_EQ(message->number, "50314b8e9bcf");
    EXPECT_EQ(message->statement.total->value.to_string(), "27.5");
    EXPECT_EQ(message->statement.currency->value, "USD");
    EXPECT_EQ(message->statement.completed_at, at);
    const auto& lines = message->statement.lines->value;
    ASSERT_EQ(lines.size(), 2u);
    EXPECT_EQ(lines[0].sku, "45790-32");
    EXPECT_EQ(lines[1].sku, "505bd76785ebb509fc183733");
    EXPECT_EQ(lines[1].quantity.to_string(), "2");
    EXPECT_EQ(lines[1].price.to_string(), "3");
}

TEST(OrderMessage, FindsTheTotalInWhatIsSaid) {
    EXPECT_EQ(total(R"({"order_id":"1","total":"27.50"})"), "27.5");
    EXPECT_EQ(total(R"({"order_id":"1","subtotal":22.5,"shipping":3,"tax":2})"), "27.5");
    EXPECT_EQ(total(R"({"order_id":"1","revenue":25,"shipping":3,"tax":2,"discount":2.5})"), "27.5");
    EXPECT_EQ(total(R"({"order_id":"1","products":[{"sku":"x","price":9.99,"quantity":3},{"price":1}]})"), "30.97");
    EXPECT_EQ(total(R"({"order_id":"1","value":12})"), "12");
    EXPECT_EQ(total(R"({"order_id":"1","products":[{"sku":"x"}]})"), "none");
    EXPECT_EQ(total(R"({"order_id":"1"})"), "none");
    EXPECT_EQ(total(R"({"order_id":"1","total":0.30000000000000004})"), "0.3") << "binary fractions";
}

TEST(OrderMessage, WhatAnOrderCannotHoldIsAProblemAndNoOrder) {
    EXPECT_EQ(total(R"({"total":5})"), "order.no_number /properties/order_id");
    EXPECT_EQ(total(R"({"order_id":"","total":5})"), "order.no_number /properties/order_id");
    EXPECT_EQ(
        total(fmt::format(R"({{"order_id":"{}"}})", std::string(201, 'x'))), "order.no_number /properties/order_id");
    for (const char* bad :
        {R"("many")", R"("1,234.5")", "true", "[]", "1e300", R"("1.1234567")", R"("99999999999999999")"})
        EXPECT_EQ(total(fmt::format(R"({{"order_id":"1","total":{}}})", bad)), "order.bad_amount /properties/total")
            << bad;
    EXPECT_EQ(total(R"({"order_id":"1","total":5,"products":[{"price":1},{"price":"free"}]})"),
        "order.bad_amount /properties/products/1/price");
    EXPECT_EQ(read("Order Completed", R"({"order_id":"1","total":"x"})")->number, "");
    EXPECT_EQ(total(R"({"order_id":"1","total":null,"products":"none","value":3})"), "3");
}

TEST(OrderMessage, AnUnknownCurrencyIsToldAndTheOrderCounts) {
    const auto message = read("Order Completed", R"({"order_id":"1","total":5,"currency":"gold"})");
    EXPECT_EQ(message->problem->code, "order.unknown_currency");
    EXPECT_EQ(message->number, "1");
    EXPECT_FALSE(message->statement.currency);
}

TEST(OrderMessage, ARefundIsTheWholeAnAmountOrArticles) {
    const auto refund = [](std::string_view properties) {
        return read("Order Refunded", properties)->statement.refunds.at("m1");
    };
    EXPECT_FALSE(refund(R"({"order_id":"1"})").amount);
    EXPECT_TRUE(refund(R"({"order_id":"1"})").lines.empty());
    EXPECT_EQ(refund(R"({"order_id":"1","total":30,"products":[{"sku":"x"}]})").amount->to_string(), "30");
    EXPECT_EQ(refund(R"({"order_id":"1","total":-30})").amount->to_string(), "30");
    const auto articles = refund(R"({"order_id":"1","products":[{"sku":"x","quantity":2},{"sku":"y","price":3}]})");
    ASSERT_EQ(articles.lines.size(), 2u);
    EXPECT_FALSE(articles.lines[0].price);
    EXPECT_EQ(articles.lines[1].price->to_string(), "3");
}

TEST(OrderMessage, EveryProblemIsToldInBothLanguages) {
    for (const char* code : {"order.no_number", "order.bad_amount", "order.unknown_currency"})
        for (const char* locale : {"en", "zh-CN"})
            EXPECT_GT(text_of(code, "/properties/total").in(locale).size(), 40u) << code;
}

} // namespace
} // namespace onefold::customer
