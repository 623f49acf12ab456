#include "sheet/written.h"

#include <gtest/gtest.h>

namespace onefold::sheet {
namespace {

std::string number(std::string_view text, DecimalMark mark = DecimalMark::point) {
    const auto read = read_number(text, mark);
    return read ? read->value.to_string() : "-";
}

std::string time(std::string_view text, std::optional<DayOrder> order = std::nullopt) {
    const auto read = read_time(text, order);
    return read ? to_rfc3339(instant_of(*read, Zone{})) + (read->may_be_otherwise ? "?" : "") : "-";
}

TEST(WrittenNumber, PeopleWriteThemInManyWays) {
    const std::vector<std::pair<std::string_view, std::string_view>> cases{{"1234.50", "1234.5"},
        {"1,234.50", "1234.5"}, {"1.234,50", "1234.5"}, {"1 234,50", "1234.5"}, {"1'234.50", "1234.5"},
        {"￥1,200", "1200"}, {"¥1,200.00", "1200"}, {"1200元", "1200"}, {"RMB 12", "12"}, {"$-3.5", "-3.5"},
        {"-$3.5", "-3.5"}, {"12%", "0.12"}, {"12.5 %", "0.125"}, {"1.2万", "12000"}, {"3亿", "300000000"},
        {"１２３", "123"}, {"(12.00)", "-12"}, {"12-", "-12"}, {"+5", "5"}, {"1.5e3", "1500"}, {"1E-2", "0.01"},
        {"12,34,567", "1234567"}, {".5", "0.5"}, {"0", "0"}, {"1,234", "1234"}, {"−7", "-7"}, {"12,5", "12.5"},
        {"1.234.567", "1234567"}};
    for (const auto& [text, value] : cases)
        EXPECT_EQ(number(text), value) << text;
    EXPECT_EQ(number("1.234", DecimalMark::comma), "1234");
    EXPECT_EQ(number("1,234", DecimalMark::comma), "1.234");
    EXPECT_TRUE(read_number("1,234")->may_be_otherwise);
    EXPECT_FALSE(read_number("1,234.5")->may_be_otherwise);
    EXPECT_EQ(read_number("￥3")->currency, "CNY");
    EXPECT_EQ(read_number("€3")->currency, "EUR");
    EXPECT_TRUE(read_number("3%")->is_percent);
}

TEST(WrittenNumber, WhatIsNoneIsNotRead) {
    for (const std::string_view text : {"", " ", "abc", "1,23,4", "1..2", "--", "12a", "2026-01-02", "1:30", "%", "$",
             "1,2,3", "+", "e5", "1e999", "99999999999999999999999999999999999999999999999"})
        EXPECT_EQ(number(text), "-") << text;
}

TEST(WrittenNumber, AColumnTellsItsDecimalMark) {
    const std::vector<std::string> commas{"1.234,50", "12,5", "1.234"}, points{"1,234.50", "3"}, neither{"1,234", "12"};
    EXPECT_EQ(find_decimal_mark(commas), DecimalMark::comma);
    EXPECT_EQ(find_decimal_mark(points), DecimalMark::point);
    EXPECT_EQ(find_decimal_mark(neither), std::nullopt);
}

TEST(WrittenTime, PeopleWriteThemInADozenWays) {
    const std::vector<std::pair<std::string_view, std::string_view>> cases{{"2010-12-01", "2010-12-01T00:00:00Z"},
        {"2010/12/1 8:26", "2010-12-01T08:26:00Z"}, {"2010.12.01", "2010-12-01T00:00:00Z"},
        {"20101201", "2010-12-01T00:00:00Z"}, {"20101201082600", "2010-12-01T08:26:00Z"},
        {"2010年12月1日", "2010-12-01T00:00:00Z"}, {"2010年12月1日 8时26分", "2010-12-01T08:26:00Z"},
        {"2010年12月1日星期三 下午3:05", "2010-12-01T15:05:00Z"}, {"31/12/2010", "2010-12-31T00:00:00Z"},
        {"12/31/2010 8:26 PM", "2010-12-31T20:26:00Z"}, {"1 Dec 2010", "2010-12-01T00:00:00Z"},
        {"1-Dec-10", "2010-12-01T00:00:00Z"}, {"Dec 1, 2010", "2010-12-01T00:00:00Z"},
        {"24 October 2011", "2011-10-24T00:00:00Z"}, {"Wed, 1 Dec 2010 08:26:00", "2010-12-01T08:26:00Z"},
        {"2010-12-01T08:26:00Z", "2010-12-01T08:26:00Z"}, {"2010-12-01 08:26:00.5+08:00", "2010-12-01T00:26:00.500Z"},
        {"2010-12-01 08:26 +0800", "2010-12-01T00:26:00Z"}, {"13.1.10", "2010-01-13T00:00:00Z"},
        {"12/31/1999 12:00 AM", "1999-12-31T00:00:00Z"}, {"２０１０－１２－０１", "2010-12-01T00:00:00Z"}};
    for (const auto& [text, value] : cases)
        EXPECT_EQ(time(text), value) << text;
}

TEST(WrittenTime, DayAndMonthThatCouldChangePlacesAreTold) {
    EXPECT_EQ(time("1/2/2010"), "2010-01-02T00:00:00Z?");
    EXPECT_EQ(time("1/2/2010", DayOrder::day_first), "2010-02-01T00:00:00Z");
    EXPECT_EQ(time("1/2/2010", DayOrder::month_first), "2010-01-02T00:00:00Z");
    EXPECT_EQ(time("2/2/2010"), "2010-02-02T00:00:00Z");
    const std::vector<std::string> days{"1/2/2010", "13/2/2010"}, months{"1/2/2010", "2/13/2010"},
        open{"1/2/2010", "2010-12-13"};
    EXPECT_EQ(find_day_order(days), DayOrder::day_first);
    EXPECT_EQ(find_day_order(months), DayOrder::month_first);
    EXPECT_EQ(find_day_order(open), std::nullopt);
}

TEST(WrittenTime, WhatIsNoneIsNotRead) {
    for (const std::string_view text : {"", "abc", "12", "2010", "2010-13-01", "2010-02-30", "32/1/2010", "13800138000",
             "1.5", "12:30", "2010-12-01 25:00", "1/2", "Dec", "2010-12-01 08:26:00 x", "99999999", "1/2/20101"})
        EXPECT_EQ(time(text), "-") << text;
}

TEST(Blank, WordsForNothing) {
    for (const std::string_view text : {"", " ", "N/A", "#N/A", "null", "-", "—", "无", "暂无", "None", "空"})
        EXPECT_TRUE(is_blank_word(text)) << text;
    for (const std::string_view text : {"0", "a", "无锡", "Nan Li", "nullable"})
        EXPECT_FALSE(is_blank_word(text)) << text;
    EXPECT_FALSE(is_blank_mark("null")) << "somebody may be called so";
    EXPECT_TRUE(is_blank_mark("无"));
}

} // namespace
} // namespace onefold::sheet
