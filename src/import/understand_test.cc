#include "import/cell_value.h"
#include "import/understand.h"

#include <gtest/gtest.h>

namespace onefold::import {
namespace {

using Header = std::vector<std::string>;
const std::vector<std::string> fields{"name", "company", "address", "birthday", "city"};

std::vector<Row> rows_of(std::initializer_list<std::vector<std::string>> cells) {
    std::vector<Row> rows;
    for (const auto& fields : cells) {
        Row row;
        row.line = rows.size() + 2;
        row.fields = fields;
        rows.push_back(std::move(row));
    }
    return rows;
}

std::string kind_of(const std::string& name, std::initializer_list<std::string> values) {
    std::vector<Row> rows;
    for (const std::string& value : values) {
        rows.emplace_back();
        rows.back().line = rows.size() + 1;
        rows.back().fields = {value};
    }
    return std::string(to_string(understand(Header{name}, rows, "CN").columns[0].kind));
}

TEST(Understand, ValuesTellTheKindOfAColumnWhoseNameSaysNothing) {
    EXPECT_EQ(kind_of("x", {"13800138000", "13900139000", "+86 137 0013 7000"}), "phone");
    EXPECT_EQ(kind_of("x", {"lin@example.com", "li@example.cn"}), "email");
    EXPECT_EQ(kind_of("x", {"王芳", "李娜", "张伟"}), "name");
    EXPECT_EQ(kind_of("x", {"Lin Mei", "Anna Smith"}), "name");
    EXPECT_EQ(kind_of("x", {"归一科技有限公司", "上海精密机械集团"}), "organisation");
    EXPECT_EQ(kind_of("x", {"上海市浦东新区世纪大道100号", "江苏省无锡市滨湖区太湖大道1号"}), "address");
    EXPECT_EQ(kind_of("x", {"2010-12-01", "2010年12月2日"}), "date");
    EXPECT_EQ(kind_of("x", {"￥1,200", "￥3.50"}), "money");
    EXPECT_EQ(kind_of("x", {"12%", "3.5%"}), "percent");
    EXPECT_EQ(kind_of("x", {"1", "2.5", "-3"}), "number");
    EXPECT_EQ(kind_of("x", {"https://example.com", "www.example.cn"}), "link");
    EXPECT_EQ(kind_of("x", {"gold", "silver", "gold", "gold", "silver", "gold"}), "choice");
    EXPECT_EQ(kind_of("x", {"some long remark", "another one, quite different", "third"}), "text");
    EXPECT_EQ(kind_of("x", {"", "N/A", "无"}), "blank");
}

TEST(Understand, NamesTellItWhereValuesDoNotContradict) {
    EXPECT_EQ(kind_of("手机号", {"13800138000", "坏号码", "13900139000"}), "phone");
    EXPECT_EQ(kind_of("联系电话", {"lin@example.com", "li@example.cn"}), "email") << "the values do";
    EXPECT_EQ(kind_of("订单号", {"SO-1", "SO-2"}), "order_number");
    EXPECT_EQ(kind_of("金额", {"12.50", "3"}), "money");
}

TEST(Understand, BadCellsAreToldWithTheirPlaceAndReason) {
    const auto rows = rows_of(
        {{"13800138000", "2026-01-02"}, {"12", "2026-13-02"}, {"13900139000", "无"}, {"13700137000", "2026-01-04"}});
    const auto understanding = understand(Header{"手机", "生日"}, rows, "CN");
    ASSERT_EQ(understanding.bad_cells.size(), 2u);
    EXPECT_EQ(understanding.bad_cells[0].line, 3u);
    EXPECT_EQ(understanding.bad_cells[0].error.column, "手机");
    EXPECT_EQ(understanding.bad_cells[0].error.code, "import.bad_phone");
    EXPECT_EQ(understanding.bad_cells[1].error.code, "import.bad_date");
    EXPECT_EQ(understanding.columns[1].blank, 1u);
    EXPECT_EQ(understanding.columns[1].bad, 1u);
}

Kind file_kind(const Header& header) {
    return understand(header, {}, "CN").kind;
}

TEST(Understand, ColumnsTellWhatAFileIs) {
    EXPECT_EQ(file_kind({"InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID",
                  "Country"}),
        Kind::order);
    EXPECT_EQ(file_kind({"订单号", "下单时间", "金额", "手机号"}), Kind::order);
    EXPECT_EQ(file_kind({"姓名", "手机号", "邮箱"}), Kind::customer);
    EXPECT_EQ(file_kind({"Ticket ID", "Customer Email", "Ticket Subject", "Ticket Status"}), Kind::ticket);
    EXPECT_EQ(file_kind({"event", "timestamp", "user_id"}), Kind::event);
    EXPECT_TRUE(understand(Header{"公司名称", "统一社会信用代码"}, {}, "CN").is_of_organisations);
}

std::string proposed(Kind kind, const Header& header, const std::vector<Row>& rows) {
    const auto map = propose_map({kind, header, fields}, understand(header, rows, "CN"), rows);
    return map ? boost::json::serialize(to_json(*map)) : map.error().code;
}

TEST(Propose, ValuesFindIdentifiersThatNamesDoNot) {
    EXPECT_EQ(proposed(Kind::customer, {"who", "reach"}, rows_of({{"王芳", "13800138000"}, {"李娜", "13900139000"}})),
        R"({"identifiers":{"reach":"phone"},"fields":{"who":"name"}})");
    EXPECT_EQ(proposed(Kind::customer, {"colour"}, rows_of({{"red"}, {"blue"}})), "import.map_needed");
}

TEST(Propose, OrdersAreUnderstoodByTheirNames) {
    EXPECT_EQ(proposed(Kind::order,
                  {"InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID"},
                  rows_of({{"1", "A", "tea", "2", "13/1/2010 8:26", "1,5", "17850"}})),
        R"({"identifiers":{"CustomerID":"member_no"},"fields":{},"order":{"number":"InvoiceNo","time":"InvoiceDate","lines":{"sku":"StockCode","name":"Description","quantity":"Quantity","price":"UnitPrice"}},"formats":{"InvoiceDate":"day_first","UnitPrice":"decimal_comma"}})");
}

class Cell : public ::testing::Test {
  protected:
    std::string time(const std::string& text, std::string_view format = "") {
        const auto at = time_in(row(text), {"c", 0}, map(format), Zone::named("Asia/Shanghai").value());
        return at ? to_rfc3339(*at) : at.error().code;
    }
    std::string number(const std::string& text, std::string_view format = "") {
        const auto value = number_in(row(text), {"c", 0}, map(format));
        return value ? value->to_string() : value.error().code;
    }

  private:
    static Row row(const std::string& text) {
        Row row;
        row.fields = {text};
        return row;
    }
    static Map map(std::string_view format) {
        const std::vector<std::string> header{"c"};
        const std::string formats = format.empty() ? "" : fmt::format(R"(,"formats":{{"c":"{}"}})", format);
        return parse_map(R"({"identifiers":{"c":"member_no"})" + formats + "}", {Kind::customer, header, fields})
            .value();
    }
};

TEST_F(Cell, TimesAreReadInTheSourcesZone) {
    EXPECT_EQ(time("2010-12-01 08:26:00"), "2010-12-01T00:26:00Z");
    EXPECT_EQ(time("2010年12月1日 8时26分"), "2010-12-01T00:26:00Z");
    EXPECT_EQ(time("1/2/2010"), "import.ambiguous_date");
    EXPECT_EQ(time("1/2/2010", "day_first"), "2010-01-31T16:00:00Z");
    EXPECT_EQ(time("1/2/2010", "month_first"), "2010-01-01T16:00:00Z");
    EXPECT_NE(time("soon"), "");
}

TEST_F(Cell, NumbersAreReadByTheColumnsFormat) {
    EXPECT_EQ(number("1,234.50"), "1234.5");
    EXPECT_EQ(number("1.234"), "1.234");
    EXPECT_EQ(number("1.234", "decimal_comma"), "1234");
    EXPECT_EQ(number("￥1.2万"), "12000");
    EXPECT_EQ(number("many").find("decimal."), 0u);
}

TEST(Formats, UnknownOnesAreRefused) {
    const std::vector<std::string> header{"c"};
    const auto map = parse_map(R"({"identifiers":{"c":"phone"},"formats":{"c":"dayfirst","d":"day_first"}})",
        {Kind::customer, header, fields});
    ASSERT_FALSE(map);
    EXPECT_EQ(map.error().fields[0].code, "import.unknown_format");
    EXPECT_EQ(map.error().fields[1].code, "import.unknown_column");
}

} // namespace
} // namespace onefold::import
