#include "sheet/sheet_rig.h"
#include "sheet/xlsx_format.h"

#include <gtest/gtest.h>

namespace onefold::sheet {
namespace {

constexpr std::string_view shared =
    "<si><t>name</t></si><si><t>born</t></si><si><t>share</t></si><si><r><t>Lin </t></r><r><t>Mei</t></r>"
    "<rPh sb=\"0\" eb=\"1\"><t>x</t></rPh></si>";
constexpr std::string_view styles =
    "<numFmts><numFmt numFmtId=\"164\" formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;\"/></numFmts>"
    "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"164\"/><xf numFmtId=\"10\"/><xf numFmtId=\"22\"/></cellXfs>";

std::string data(std::string_view rows, std::string_view behind = "") {
    return fmt::format("<sheetData>{}</sheetData>{}", rows, behind);
}

class Xlsx : public ::testing::Test {
  protected:
    Rows read(const std::string& bytes, const Choice& choice = {}) {
        return rows_of(open(folder_.write("book.xlsx", bytes), choice));
    }
    Folder folder_;
};

TEST_F(Xlsx, CellsReadAsPeopleSeeThem) {
    const std::string rows =
        "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c><c r=\"C1\" t=\"s\"><v>2</v></c>"
        "<c r=\"D1\" t=\"inlineStr\"><is><t>note &amp; more</t></is></c></row>"
        "<row r=\"2\"><c r=\"A2\" t=\"s\"><v>3</v></c><c r=\"B2\" s=\"1\"><v>40513</v></c><c r=\"C2\" "
        "s=\"2\"><v>0.125</v></c>"
        "<c r=\"D2\" t=\"str\"><f>A2&amp;\"!\"</f><v>Lin Mei!</v></c></row>"
        "<row r=\"3\"><c r=\"A3\"><v>13800138000</v></c><c r=\"B3\" s=\"3\"><v>40513.351388888892</v></c>"
        "<c r=\"C3\"><v>0.30000000000000004</v></c><c r=\"D3\" t=\"b\"><v>1</v></c></row>"
        "<row><c t=\"s\"><v>3</v></c><c><v>1.3800138E+10</v></c><c t=\"e\"><v>#N/A</v></c></row>";
    EXPECT_EQ(read(workbook_of({{"Sheet1", data(rows)}}, std::string(shared), std::string(styles))),
        (Rows{{"name", "born", "share", "note & more"}, {"Lin Mei", "2010-12-01", "12.5%", "Lin Mei!"},
            {"13800138000", "2010-12-01 08:26:00", "0.3", "TRUE"}, {"Lin Mei", "13800138000", "#N/A", ""}}));
}

TEST_F(Xlsx, DaysCanBeCountedFrom1904) {
    const std::string rows =
        "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>1</v></c></row><row r=\"2\"><c r=\"A2\" s=\"1\"><v>39051</v></c></row>";
    EXPECT_EQ(read(workbook_of(
                  {{"S", data(rows)}}, std::string(shared), std::string(styles), "<workbookPr date1904=\"1\"/>")),
        (Rows{{"born"}, {"2010-12-01"}}));
}

std::string one_column(std::string_view name, std::string_view value) {
    return data(fmt::format(
        "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>{}</v></c></row><row r=\"2\"><c r=\"A2\" t=\"str\"><v>{}</v></c></row>",
        name, value));
}

TEST_F(Xlsx, SheetsAreChosenByNameOrNumberAndHiddenOnesLast) {
    const std::string bytes = workbook_of({{"Secret", one_column("a", "x"), "hidden"}, {"Empty", data("")},
        {"客户", one_column("b", "y")}, {"More", one_column("c", "z")}});
    EXPECT_EQ(read(bytes), (Rows{{"b"}, {"y"}}));
    EXPECT_EQ(read(bytes, {.sheet = "more"}), (Rows{{"c"}, {"z"}}));
    EXPECT_EQ(read(bytes, {.sheet = "3"}), (Rows{{"b"}, {"y"}}));
    EXPECT_EQ(read(bytes, {.sheet = "Secret"}), (Rows{{"a"}, {"x"}}));
    EXPECT_EQ(read(bytes, {.sheet = "none"})[0][1], "sheet.no_such_sheet");
    const auto table = open(folder_.write("book.xlsx", bytes)).value();
    EXPECT_EQ(table->description().sheets.size(), 4u);
    EXPECT_TRUE(table->description().sheets[0].is_hidden);
    EXPECT_EQ(table->description().sheet, "客户");
}

TEST_F(Xlsx, AMergedColumnRepeatsItsValue) {
    const std::string rows =
        "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>city</v></c><c r=\"B1\" t=\"str\"><v>name</v></c></row>"
        "<row r=\"2\"><c r=\"A2\" t=\"str\"><v>Wuxi</v></c><c r=\"B2\" t=\"str\"><v>Lin</v></c></row>"
        "<row r=\"3\"><c r=\"B3\" t=\"str\"><v>Wang</v></c></row><row r=\"4\"><c r=\"B4\" "
        "t=\"str\"><v>Li</v></c></row>";
    EXPECT_EQ(read(workbook_of({{"S", data(rows, "<mergeCells count=\"1\"><mergeCell ref=\"A2:A3\"/></mergeCells>")}})),
        (Rows{{"city", "name"}, {"Wuxi", "Lin"}, {"Wuxi", "Wang"}, {"", "Li"}}));
}

TEST_F(Xlsx, HiddenRowsAreReadAndTold) {
    const std::string rows = "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>a</v></c></row><row r=\"2\" hidden=\"1\"><c "
                             "r=\"A2\" t=\"str\"><v>x</v></c></row>";
    const auto table = open(folder_.write("book.xlsx", workbook_of({{"S", data(rows)}}))).value();
    Row row;
    ASSERT_TRUE(table->next(row).value());
    ASSERT_FALSE(table->next(row).value());
    const auto notes = table->take_notes();
    ASSERT_EQ(notes.size(), 1u);
    EXPECT_EQ(notes[0].code, "sheet.hidden_rows");
    EXPECT_EQ(notes[0].line, 2u);
}

TEST_F(Xlsx, WhatItClaimsOfItsSizeIsNeverCountedOut) {
    const std::string rows = "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>a</v></c></row><row r=\"1048576\"><c "
                             "r=\"A1048576\" t=\"str\"><v>z</v></c></row>";
    const std::string bytes = workbook_of({{"S",
        "<dimension ref=\"A1:XFD1048576\"/>" +
            data(
                rows, "<mergeCells><mergeCell ref=\"A1:XFD1048576\"/><mergeCell ref=\"A1:A1048576\"/></mergeCells>")}});
    EXPECT_EQ(read(bytes), (Rows{{"a"}, {"z"}}));
}

TEST_F(Xlsx, RowsThatAreTooWideOrStandNowhereAreToldAndTheNextIsRead) {
    const std::string rows =
        "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>a</v></c></row><row r=\"2\"><c r=\"XFD2\"><v>1</v></c></row>"
        "<row r=\"9999999\"><c r=\"A3\"><v>1</v></c></row><row r=\"4\"><c r=\"A4\"><v>5</v></c></row>";
    EXPECT_EQ(read(workbook_of({{"S", data(rows)}})),
        (Rows{{"a"}, {"!", "import.too_many_columns", "2"}, {"!", "sheet.bad_cell", "9999999"}, {"5"}}));
}

TEST_F(Xlsx, ManyCellsThatShareALongTextAreOneRowTooLarge) {
    std::string cells;
    for (int i = 0; i < 1000; ++i)
        cells += "<c t=\"s\"><v>1</v></c>";
    const std::string texts = "<si><t>a</t></si><si><t>" + std::string(32'000, 'x') + "</t></si>";
    EXPECT_EQ(read(workbook_of(
                  {{"S", data("<row r=\"1\"><c t=\"s\"><v>0</v></c></row><row r=\"2\">" + cells + "</row>")}}, texts)),
        (Rows{{"a"}, {"!", "import.record_too_large", "2"}}));
}

TEST_F(Xlsx, BrokenWorkbooksSaySo) {
    const std::string good = workbook_of({{"S", one_column("a", "b")}});
    EXPECT_EQ(read(good.substr(0, good.size() / 2))[0][1], "sheet.bad_zip");
    EXPECT_EQ(read(workbook_of({{"S", data("<row r=\"1\"><c></row>")}}))[0][1], "sheet.bad_xml");
    EXPECT_EQ(read(ZipMaker().add("[Content_Types].xml", "<Types/>").bytes())[0][1], "sheet.no_workbook");
    std::string deep;
    for (int i = 0; i < 1000; ++i)
        deep += "<x>";
    EXPECT_EQ(read(workbook_of({{"S", deep}}))[0][1], "sheet.xml_refused");
}

TEST_F(Xlsx, ADocumentTypeIsRefused) {
    const std::string laughs = "<!DOCTYPE lolz [<!ENTITY a \"ha\"><!ENTITY b "
                               "\"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">]><sst><si><t>&b;</t></si></sst>";
    ZipMaker zip;
    zip.add("[Content_Types].xml", "<Types/>").add("xl/workbook.xml", laughs);
    EXPECT_EQ(read(zip.bytes())[0][1], "sheet.xml_refused");
}

TEST(XlsxFormat, CodesTellDatesFromNumbers) {
    for (const std::string_view code :
        {"yyyy-mm-dd", "d/m/yy", "[$-804]yyyy\"年\"m\"月\"d\"日\";@", "mmm-yy", "m/d/yyyy h:mm", "[$-409]d-mmm-yyyy"})
        EXPECT_EQ(format_of_code(code), CellFormat::date) << code;
    for (const std::string_view code : {"h:mm", "[h]:mm:ss", "mm:ss", "hh:mm AM/PM"})
        EXPECT_NE(format_of_code(code), CellFormat::general) << code;
    for (const std::string_view code :
        {"General", "0.00", "#,##0", "[Red]-0.0", "\"days\" 0", "0.00E+00", "@", "_ * #,##0.00_ ;", "￥#,##0.00"})
        EXPECT_EQ(format_of_code(code), CellFormat::general) << code;
    EXPECT_EQ(format_of_code("0.00%"), CellFormat::percent);
}

TEST(XlsxFormat, DaysOf1900AreThoseOfExcel) {
    EXPECT_EQ(number_text("1", CellFormat::date, Epoch::of_1900), "1900-01-01");
    EXPECT_EQ(number_text("59", CellFormat::date, Epoch::of_1900), "1900-02-28");
    EXPECT_EQ(number_text("61", CellFormat::date, Epoch::of_1900), "1900-03-01");
    EXPECT_EQ(number_text("0.5", CellFormat::time, Epoch::of_1900), "12:00:00");
    EXPECT_EQ(number_text("-1", CellFormat::date, Epoch::of_1900), "-1");
    EXPECT_EQ(number_text("1E+20", CellFormat::general, Epoch::of_1900), "100000000000000000000");
    EXPECT_EQ(number_text("1.0E-3", CellFormat::general, Epoch::of_1900), "0.001");
    EXPECT_EQ(unescaped("a_x000D_b_x005F_x"), "a\rb_x");
    EXPECT_EQ(unescaped("_x_xZZZZ_"), "_x_xZZZZ_");
}

} // namespace
} // namespace onefold::sheet
