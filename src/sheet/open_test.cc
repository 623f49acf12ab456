#include "sheet/sheet_rig.h"

#include <gtest/gtest.h>

namespace onefold::sheet {
namespace {

class Open : public ::testing::Test {
  protected:
    Rows read(const std::string& name, std::string_view bytes, const Choice& choice = {}) {
        return rows_of(open(folder_.write(name, bytes), choice));
    }
    std::string error(const std::string& name, std::string_view bytes) {
        const auto table = open(folder_.write(name, bytes));
        if (table)
            return "";
        EXPECT_FALSE(table.error().message.in("zh-CN").empty());
        EXPECT_NE(table.error().message.in("zh-CN"), table.error().message.in("en"));
        return table.error().code;
    }
    Folder folder_;
};

const Rows two{{"姓名", "城市"}, {"王芳", "上海"}, {"李娜", "北京"}};

std::string utf16(std::u16string_view text, bool is_little) {
    std::string bytes;
    for (const char16_t c : text) {
        bytes += char(is_little ? c : c >> 8);
        bytes += char(is_little ? c >> 8 : c);
    }
    return bytes;
}

TEST_F(Open, EncodingsAreFound) {
    const std::u16string wide = u"姓名,城市\n王芳,上海\n李娜,北京\n";
    EXPECT_EQ(read("a.csv", utf16(u"\uFEFF" + wide, true)), two);
    EXPECT_EQ(read("a.csv", utf16(u"\uFEFF" + wide, false)), two);
    EXPECT_EQ(read("a.csv", utf16(u"name,city\nLin,Wuxi\n", true)), (Rows{{"name", "city"}, {"Lin", "Wuxi"}}));
    const std::string gbk =
        "\xD0\xD5\xC3\xFB,\xB3\xC7\xCA\xD0\n\xCD\xF5\xB7\xBC,\xC9\xCF\xBA\xA3\n\xC0\xEE\xC4\xC8,\xB1\xB1\xBE\xA9\n";
    EXPECT_EQ(read("a.csv", gbk), two);
    EXPECT_EQ(read("a.csv.gz", gzip(gbk)), two);
    EXPECT_EQ(open(folder_.write("a.csv", gbk)).value()->description().encoding, "GB18030");
    const std::string big5 = "\xA9\x6D\xA6\x57,\xAB\xB0\xA5\xAB\n\xA4\xFD\xAA\xDA,\xA5\x78\xA5\x5F\n";
    EXPECT_EQ(read("a.csv", big5), (Rows{{"姓名", "城市"}, {"王芳", "台北"}}));
    EXPECT_EQ(read("a.csv", "name,city\nJos\xE9,M\xFCnchen\n"), (Rows{{"name", "city"}, {"José", "München"}}));
    EXPECT_EQ(
        read("a.csv", "name,city\nJos\xE9,M\xFCnchen\n", {.encoding = "nonsense"})[0][1], "sheet.unknown_encoding");
    EXPECT_EQ(read("a.csv", gbk, {.encoding = "GBK"}), two);
}

TEST_F(Open, DelimitersAreFound) {
    for (const std::string_view mark : {",", ";", "\t", "|"})
        EXPECT_EQ(
            read("a.csv", fmt::format("name{0}city\nLin{0}Wuxi\n", mark)), (Rows{{"name", "city"}, {"Lin", "Wuxi"}}))
            << mark;
}

TEST_F(Open, ArchivesHoldOneOrMoreTables) {
    ZipMaker zip;
    zip.add("__MACOSX/._a.csv", "rubbish").add("folder/", "").add("folder/a.csv", "a\n1\n").add("b.csv", "b\n2\n");
    EXPECT_EQ(read("x.zip", zip.bytes()), (Rows{{"a"}, {"1"}}));
    EXPECT_EQ(read("x.zip", zip.bytes(), {.sheet = "b.csv"}), (Rows{{"b"}, {"2"}}));
    EXPECT_EQ(read("x.zip", zip.bytes(), {.sheet = "2"}), (Rows{{"b"}, {"2"}}));
    EXPECT_EQ(error("x.zip", ZipMaker().add("inner.zip", zip.bytes()).bytes()), "sheet.nested_archive");
    EXPECT_EQ(error("x.zip", ZipMaker().bytes()), "import.empty_file");
}

TEST_F(Open, WhatAnArchiveSaysOfSizesIsNotBelieved) {
    EXPECT_EQ(read("x.zip", ZipMaker().add("a.csv", "a,b\n1,2\n", 3).bytes())[0][1], "sheet.bad_zip");
    EXPECT_EQ(read("x.zip", ZipMaker().add("a.csv", "a,b\n1,2\n", 3'000'000'000).bytes())[0][1], "sheet.bad_zip");
    ZipMaker many;
    for (int i = 0; i < 1001; ++i)
        many.add(fmt::format("{}.csv", i), "a\n1\n");
    EXPECT_EQ(error("x.zip", many.bytes()), "sheet.too_many_entries");
}

TEST_F(Open, WhatIsNoTableSaysWhatToDo) {
    const std::string ole = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + std::string(600, 'x');
    EXPECT_EQ(error("a.xls", ole), "sheet.old_workbook");
    EXPECT_EQ(error("a.xlsx", ole + std::string("E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0", 32)),
        "sheet.protected_workbook");
    EXPECT_EQ(error("a.ods", ZipMaker().add("mimetype", "application/vnd.oasis.opendocument.spreadsheet").bytes()),
        "sheet.open_document");
    EXPECT_EQ(error("a.xlsb", ZipMaker().add("[Content_Types].xml", "x").add("xl/workbook.bin", "x").bytes()),
        "sheet.binary_workbook");
    EXPECT_EQ(error("a.docx", ZipMaker().add("[Content_Types].xml", "x").add("word/document.xml", "x").bytes()),
        "sheet.not_a_table");
    EXPECT_EQ(error("a.xls", "<html><body><table><tr><td>1</td></tr></table></body></html>"), "sheet.web_page");
    EXPECT_EQ(error("a.pdf", "%PDF-1.7\n"), "sheet.not_a_table");
    EXPECT_EQ(error("a.png", "\x89PNG\r\n"), "sheet.not_a_table");
    EXPECT_EQ(error("a.csv", ""), "import.empty_file");
    EXPECT_EQ(open(folder_.path / "missing").error().code, "import.no_such_file");
    EXPECT_EQ(open("/dev/zero").error().code, "import.unreadable_file");
}

TEST_F(Open, JsonListsAndLinesAreRows) {
    const Rows rows{{"name", "tags", "address.city", "price"}, {"Lin", "a; b", "Wuxi", "1.50"},
        {"Li", "", "", "12345678901234567890"}};
    const std::string one = R"({"name":"Lin","tags":["a","b"],"address":{"city":"Wuxi"},"price":1.50})",
                      other = R"({"name":"Li","price":12345678901234567890,"tags":null})";
    EXPECT_EQ(read("a.json", "[" + one + ",\n" + other + "]"), rows);
    EXPECT_EQ(read("a.jsonl", one + "\n" + other + "\n"), rows);
    EXPECT_EQ(read("a.json", R"({"total":2,"items":[)" + one + "," + other + R"(],"next":null})"), rows);
    EXPECT_EQ(read("a.json", R"({"a":"x","b":{"c":[{"d":1}]}})"), (Rows{{"a", "b.c"}, {"x", R"([{"d":1}])"}}));
    EXPECT_EQ(read("a.jsonl", "{\"a\":\"1\"}\n{\"a\":}\nnonsense\n{\"a\":\"2\"}\n{\"a\":"),
        (Rows{{"a"}, {"1"}, {"!", "sheet.bad_json", "2"}, {"!", "sheet.bad_json", "3"}, {"2"},
            {"!", "sheet.bad_json", "5"}}));
    EXPECT_EQ(read("a.jsonl", "{\"a\":\"1\"}\n{\"a\":nu}\n{\"a\":[1,nu]}\n{\"a\":tru}\n"),
        (Rows{{"a"}, {"1"}, {"!", "sheet.bad_json", "2"}, {"!", "sheet.bad_json", "3"}, {"!", "sheet.bad_json", "4"}}));
    EXPECT_EQ(error("a.json", "[]"), "sheet.no_objects");
}

TEST_F(Open, ContactsOfPhonesAreRows) {
    const std::string cards =
        "BEGIN:VCARD\r\nVERSION:3.0\r\nN:王;芳;;;\r\nFN:王芳\r\nTEL;TYPE=CELL:13800138000\r\nTEL;TYPE=WORK:021-5555\r\n"
        "item1.EMAIL;TYPE=INTERNET:fang@example.com\r\nORG:归一科技;销售部\r\nADR;TYPE=WORK:;;南京路1号;上海;上海;"
        "200000;中国\r\n"
        "NOTE:long\\, and\r\n  "
        "folded\r\nEND:VCARD\r\nBEGIN:VCARD\nVERSION:2.1\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E6=9D=8E;=E5=A8="
        "9C\nEND:VCARD\n";
    const Rows rows = read("a.vcf", cards);
    ASSERT_EQ(rows.size(), 3u);
    const auto at = [&](std::size_t row, std::string_view column) {
        return rows[row][std::size_t(std::ranges::find(rows[0], column) - rows[0].begin())];
    };
    EXPECT_EQ(at(1, "name"), "王芳");
    EXPECT_EQ(at(1, "phone"), "13800138000");
    EXPECT_EQ(at(1, "phone 2"), "021-5555");
    EXPECT_EQ(at(1, "email"), "fang@example.com");
    EXPECT_EQ(at(1, "company"), "归一科技");
    EXPECT_EQ(at(1, "city"), "上海");
    EXPECT_EQ(at(1, "note"), "long, and folded");
    EXPECT_EQ(at(2, "name"), "李娜");
}

} // namespace
} // namespace onefold::sheet
