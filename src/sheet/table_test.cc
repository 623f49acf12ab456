#include "sheet/sheet_rig.h"

#include <gtest/gtest.h>

namespace onefold::sheet {
namespace {

std::vector<std::string> codes_of(const std::vector<Note>& notes) {
    std::vector<std::string> codes;
    for (const Note& note : notes)
        codes.push_back(fmt::format("{} {}", note.code, note.line));
    return codes;
}

// The rows, and then what was told.
std::pair<Rows, std::vector<std::string>> read(std::string text, const Choice& choice = {}, int table = 1) {
    auto opened = table_of(std::move(text), 1 << 20, choice, table);
    if (!opened)
        return {{{"!!", opened.error().code}}, {}};
    Table& reader = **opened;
    Rows rows{reader.header()};
    Row row;
    while (reader.next(row).value())
        rows.push_back(row.error ? std::vector<std::string>{"!", row.error->code} : row.fields);
    return {rows, codes_of(reader.take_notes())};
}

TEST(Table, TitlesAboveTheHeaderAreLeftOutAndTold) {
    const auto [rows, notes] =
        read("客户名单,,\n2026年,,\n\n姓名,电话,城市\n王芳,13800138000,上海\n李娜,13900139000,北京\n");
    EXPECT_EQ(rows, (Rows{{"姓名", "电话", "城市"}, {"王芳", "13800138000", "上海"}, {"李娜", "13900139000", "北京"}}));
    EXPECT_EQ(notes, (std::vector<std::string>{"sheet.before_header 1"}));
}

TEST(Table, YearsMayNameColumns) {
    EXPECT_EQ(read("Emissions,,\nYear,2000,2001\nTimber,1,2\nIron,3,4\n").first[0],
        (std::vector<std::string>{"Year", "2000", "2001"}));
}

TEST(Table, RowsThatLookLikeValuesAreNoHeader) {
    EXPECT_EQ(read("1,null,0,0\n2,0,0,null\n").first[0][1], "import.no_header");
    EXPECT_EQ(read("王芳,上海,13800138000\n李娜,北京,13900139000\n").first[0][1], "import.no_header");
    EXPECT_EQ(read("王芳,13800138000\n李娜,13900139000\n", {.header = Header::none}).first,
        (Rows{{"column 1", "column 2"}, {"王芳", "13800138000"}, {"李娜", "13900139000"}}));
}

TEST(Table, TheHeadersLineCanBeSaid) {
    EXPECT_EQ(read("a,b\nc,d\n1,2\n", {.header_line = 2}).first, (Rows{{"c", "d"}, {"1", "2"}}));
    EXPECT_EQ(read("a,b\nc,d\n1,2\n", {.header_line = 9}).first[0][1], "import.no_header");
}

TEST(Table, TotalsAndRemarksUnderTheTableAreLeftOutAndTold) {
    const auto [rows, notes] = read("品名,数量,金额,备注\n茶,1,2,x\n合计,1,,\n\n制表人：王芳,,,\n");
    EXPECT_EQ(rows, (Rows{{"品名", "数量", "金额", "备注"}, {"茶", "1", "2", "x"}}));
    EXPECT_EQ(notes, (std::vector<std::string>{"sheet.total 3", "sheet.remark 5"}));
}

TEST(Table, ACompanyCalledTotalIsNoTotal) {
    EXPECT_EQ(read("company,city,phone\nTotal,Paris,+33144444444\n").first.size(), 2u);
}

TEST(Table, CommentsAreLeftOut) {
    EXPECT_EQ(read("# exported 2026-01-02\nname,city\nLin,Wuxi\n# the end\n").first,
        (Rows{{"name", "city"}, {"Lin", "Wuxi"}}));
}

TEST(Table, TablesThatStandOneUnderTheOtherAreToldApart) {
    const std::string text = "name,phone,city\nLin,13800138000,Wuxi\n\norder,amount\nO1,12\nO2,13\n";
    const auto [first, notes] = read(text);
    EXPECT_EQ(first, (Rows{{"name", "phone", "city"}, {"Lin", "13800138000", "Wuxi"}}));
    EXPECT_EQ(notes, (std::vector<std::string>{"sheet.next_table 4"}));
    EXPECT_EQ(read(text, {}, 2).first, (Rows{{"order", "amount"}, {"O1", "12"}, {"O2", "13"}}));
    EXPECT_EQ(read(text, {}, 3).first[0][1], "sheet.no_such_sheet");
}

TEST(Table, ABlankLineBetweenRowsPartsNothing) {
    EXPECT_EQ(read("name,phone,city\nLin,13800138000,Wuxi\n\nWang,,Xian\nLi,13900139000,Xian\n").first.size(), 4u);
}

} // namespace
} // namespace onefold::sheet
