#include "formula/check.h"
#include "formula/formula.h"

#include <gtest/gtest.h>

namespace onefold::formula {
namespace {

Sample customer() {
    return *Sample::read(
        boost::json::parse(
            R"({"name":"Lin","total_spend":12.5,"城市":"上海","born":"1990-01-01","seen_at":"2026-05-20T10:00:00Z",
        "tags":["a"],"orders":[{"amount":1,"paid_at":"2026-01-01T00:00:00Z","lines":[{"sku":"x"}]}],"friend":{"name":"Wu"}})"),
        Zone{});
}

// What the check says in English, or "".
std::string said(std::string_view text, std::string_view locale = "en") {
    const auto sample = customer();
    const auto checked = check(*parse(text), {sample.shape()});
    return checked ? "" : std::string(checked.error().message.in(locale));
}
std::string type_of(std::string_view text) {
    const auto sample = customer();
    const auto checked = check(*parse(text), {sample.shape()});
    return checked ? std::string(name_of(checked->type).in("en")) : checked.error().code;
}

TEST(Check, KnowsTheTypeOfEveryPart) {
    EXPECT_EQ(type_of("total_spend / 2"), "a number");
    EXPECT_EQ(type_of("name & 1"), "text");
    EXPECT_EQ(type_of("born + 1"), "a date");
    EXPECT_EQ(type_of("seen_at - 1"), "a date and time");
    EXPECT_EQ(type_of("seen_at - born"), "a number");
    EXPECT_EQ(type_of("IF(TRUE, born, seen_at)"), "a date and time");
    EXPECT_EQ(type_of("IF(TRUE, BLANK(), born)"), "a date");
    EXPECT_EQ(type_of("orders.amount"), "a list of numbers");
    EXPECT_EQ(type_of("orders.lines.sku"), "a list of texts");
    EXPECT_EQ(type_of("SORT(tags)"), "a list of texts");
    EXPECT_EQ(type_of("MAX(orders.paid_at)"), "a date and time");
    EXPECT_EQ(type_of("BLANK()"), "blank");
    EXPECT_EQ(type_of("STARTOF(seen_at, \"month\")"), "a date");
    EXPECT_EQ(type_of("friend.name = \"Wu\""), "a condition (TRUE or FALSE)");
}

TEST(Check, NamesTheTokenWhatWasExpectedAndWhatMayHaveBeenMeant) {
    EXPECT_EQ(said("nam"), "Character 1: there is no field nam. Did you mean name?");
    EXPECT_EQ(said("1 + totl_spend"), "Character 5: there is no field totl_spend. Did you mean total_spend?");
    EXPECT_EQ(
        said("城市 = 北京市区"), "Character 6: there is no field 北京市区. Text stands in quotation marks: \"…\".");
    EXPECT_EQ(said("friend.nam"), "Character 1: there is no field friend.nam. Did you mean name?");
    EXPECT_EQ(said("TODAY - 1"), "Character 1: there is no field TODAY; the function is written TODAY(…).");
    EXPECT_EQ(said("SUMM(1)"), "Character 1: there is no function SUMM. Did you mean SUM?");
    EXPECT_EQ(said("SUMM(1)", "zh-CN"), "第 1 个字符：没有函数 SUMM。是否指 SUM？");
    EXPECT_EQ(said("name + 1"),
        "Character 1: name is text, but a number is expected here. VALUE(…) reads a number out of text.");
    EXPECT_EQ(said("name + 1", "zh-CN"), "第 1 个字符：name 是文本，但此处应为数字。可用 VALUE(…) 将文本读作数字。");
    EXPECT_EQ(said("orders.amount > 100"), "Character 1: orders.amount is a list of numbers, but one value is expected "
                                           "here. Ask it with a function such as COUNT, SUM, MAX, ANY or FIRST.");
    EXPECT_EQ(said("born = \"1.1.1990\""), "Character 8: \"1.1.1990\" is text, but a date is expected here. A date is "
                                           "written \"2026-05-31\"; DATEVALUE(…) reads one out of text.");
    EXPECT_EQ(said("LEFT(name, 1, 2)"), "Character 1: LEFT(text, count?) takes 1–2 arguments, not 3.");
    EXPECT_EQ(said("IF(total_spend, 1, 2)"),
        "Character 4: total_spend is a number, but a condition (TRUE or FALSE) is expected here.");
    EXPECT_EQ(said("COUNT(orders, amout > 1)"), "Character 15: there is no field amout. Did you mean amount?");
    EXPECT_EQ(said("LEN(total_spend)"),
        "Character 5: total_spend is a number, but text is expected here. TEXT(…) or & \"\" makes text of it.");
}

TEST(Check, WhatIsUnknownInsideARecordIsLookedUpAround) {
    EXPECT_EQ(said("COUNT(orders, amount > total_spend)"), "");
    EXPECT_EQ(said("COUNT(orders, COUNT(lines, sku = name AND amount > 1) > 0)"), "");
    EXPECT_NE(said("amount > 1"), "");
}

TEST(Check, AConditionMustBeOne) {
    const auto sample = customer();
    EXPECT_TRUE(check_condition(*parse("total_spend > 1"), {sample.shape()}));
    EXPECT_TRUE(check_condition(*parse("BLANK()"), {sample.shape()}));
    EXPECT_EQ(check_condition(*parse("total_spend"), {sample.shape()}).error().code, "formula.wrong_type");
}

TEST(Check, TreesOutOfJsonAreHeldToTheSame) {
    const auto sample = customer();
    const auto json = [&](std::string_view text) {
        const auto checked = check(*parse_json(boost::json::parse(text)), {sample.shape()});
        return checked ? "" : checked.error().code;
    };
    EXPECT_EQ(json(R"({"op":">=","args":[{"field":"total_spend"},{"value":"100.50"}]})"), "");
    EXPECT_EQ(json(R"({"op":"in","args":[{"field":"城市"},{"value":"上海"},{"value":null}]})"), "");
    EXPECT_EQ(
        json(R"({"op":">=","args":[{"field":"seen_at"},{"op":"ago","args":[{"value":30},{"value":"day"}]}]})"), "");
    EXPECT_EQ(json(R"({"call":"CONTAINS","args":[{"field":"name"},{"value":"x"}]})"), "");
    EXPECT_EQ(json(R"({"call":"NOT","args":[]})"), "formula.wrong_count");
    EXPECT_EQ(json(R"({"call":"NOSUCH","args":[]})"), "formula.unknown_function");
    EXPECT_EQ(json(R"({"op":">=","args":[{"field":"total_spend"},{"value":"x"}]})"), "formula.wrong_type");
}

TEST(Check, EstimatesWhatItCosts) {
    const auto sample = customer();
    const auto cost = [&](std::string_view text) { return cost_of(*check(*parse(text), {sample.shape()}), 100); };
    EXPECT_LT(cost("total_spend > 1"), 10);
    EXPECT_GT(cost("COUNT(orders, amount > 1)"), 300);
    EXPECT_GT(cost("COUNT(orders, COUNT(lines, sku = \"x\") > 0)"), 30'000);
}

} // namespace
} // namespace onefold::formula
