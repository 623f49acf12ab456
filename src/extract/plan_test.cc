#include "extract/plan.h"
#include "object/shipped.h"

#include <gtest/gtest.h>
#include <set>

namespace onefold::extract {
namespace {

using query::FieldType;

const Places places{{"email", ""}, {"id_card", ""}, {"member_no", "crm"}, {"anonymous_id", "web"}, {"gone", ""}};

std::vector<std::string> headers(const Words& words) {
    std::vector<std::string> headers;
    const auto columns = plan_columns(words, object::shipped_catalogue(), places);
    if (!columns)
        return {columns.error().code};
    for (const Column& column : *columns)
        headers.push_back(column.header);
    return headers;
}
using Headers = std::vector<std::string>;

TEST(Plan, ColumnsStandAsAskedForBehindTheId) {
    EXPECT_EQ(headers({"customer", {"city", "name"}, "en"}), (Headers{"Onefold ID", "City", "Name"}));
    EXPECT_EQ(headers({"customer", {"id", "state", "version", "name"}, "zh-CN"}), (Headers{"Onefold 编号", "姓名"}));
}

TEST(Plan, IdentifiersThatPeopleSeeOnlyInPartAndThoseOfDevicesHaveNoColumn) {
    const auto all = headers({"customer", {"identifiers"}, "en"});
    ASSERT_EQ(all.size(), 4u) << fmt::format("{}", fmt::join(all, ", "));
    EXPECT_EQ(all[2], "member_no@crm");
    EXPECT_EQ(all[3], "Further identifiers");
}

TEST(Plan, NoTwoHeadersAreAlike) {
    const std::vector<std::string> columns{"customer", "contact", "currency", "identifiers"};
    const Places shops{{"member_no", "a"}, {"member_no", "a"}};
    std::set<std::string> seen;
    const auto planned = plan_columns({"order", columns, "en"}, object::shipped_catalogue(), shops);
    ASSERT_TRUE(planned);
    for (const Column& column : *planned)
        EXPECT_TRUE(seen.insert(column.header).second) << column.header;
    EXPECT_TRUE(seen.contains("member_no@a (2)"));
}

TEST(Plan, AColumnAskedForTwiceAndTooManyAreRefused) {
    EXPECT_EQ(headers({"order", {"status", "status"}, "en"}), Headers{"extract.repeated_column"});
    struct Wide : query::Catalogue {
        query::ObjectEntry object;
        const query::ObjectEntry* find_object(std::string_view) const override { return &object; }
        const query::ObjectEntry* find_object(ObjectId) const override { return &object; }
    } wide;
    wide.object.code = "wide";
    const auto planned = [&] {
        const auto columns = plan_columns({"wide", {}, "en"}, wide, {});
        return columns ? fmt::format("{}", columns->size()) : columns.error().code;
    };
    for (std::size_t i = 1; i < columns_max; ++i) {
        wide.object.fields.emplace_back();
        wide.object.fields.back().code = fmt::format("f{}", i);
        wide.object.fields.back().label = LocalText(wide.object.fields.back().code);
    }
    EXPECT_EQ(planned(), "200");
    wide.object.fields.emplace_back();
    EXPECT_EQ(planned(), "extract.too_many_columns");
}

TEST(Plan, OrdersComeByLine) {
    const auto all = headers({"order", {}, "zh-CN"});
    EXPECT_NE(std::ranges::find(all, "单价"), all.end());
    EXPECT_NE(std::ranges::find(all, "下单时间"), all.end());
}

TEST(Plan, WhatIsNotThereIsRefused) {
    EXPECT_EQ(headers({"secret", {}, "en"}), Headers{"extract.unknown_object"});
    EXPECT_EQ(headers({"customer", {"nonsense"}, "en"}), Headers{"extract.unknown_field"});
    EXPECT_EQ(headers({"customer", {"sources"}, "en"}), Headers{"extract.unknown_field"});
    EXPECT_EQ(headers({"ticket", {"lines"}, "en"}), Headers{"extract.unknown_field"});
}

std::string said(const boost::json::value& value, FieldType kind, const char* zone = "Asia/Shanghai") {
    const Cell cell = cell_of(value, kind, *Zone::named(zone), "en");
    return fmt::format("{} {}", int(cell.kind), cell.text);
}

TEST(Plan, ValuesBecomeCells) {
    EXPECT_EQ(said(nullptr, FieldType::text), "0 ");
    EXPECT_EQ(said("=1+1", FieldType::text), "0 =1+1");
    EXPECT_EQ(said("9.95", FieldType::money), "1 9.95");
    EXPECT_EQ(said(12, FieldType::integer), "1 12");
    EXPECT_EQ(said(true, FieldType::boolean), "0 yes");
    EXPECT_EQ(said(boost::json::array{1}, FieldType::json), "0 [1]");
}

TEST(Plan, TimesAreThoseOfTheWallClockWhereItSaysThemWithoutDoubt) {
    EXPECT_EQ(said("2026-03-01T00:00:30Z", FieldType::instant), "2 2026-03-01 08:00:30");
    EXPECT_EQ(said("2026-03-01T00:00:30.000250Z", FieldType::instant), "2 2026-03-01 08:00:30.000250");
    EXPECT_EQ(said("2026-10-25T00:30:00Z", FieldType::instant, "Europe/Zurich"), "2 2026-10-25 02:30:00");
    EXPECT_EQ(said("2026-10-25T01:30:00Z", FieldType::instant, "Europe/Zurich"), "0 2026-10-25T01:30:00Z")
        << "the second half past two";
}

} // namespace
} // namespace onefold::extract
