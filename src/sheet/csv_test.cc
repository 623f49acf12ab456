#include "sheet/sheet_rig.h"

#include <gtest/gtest.h>

namespace onefold::sheet {
namespace {

std::string open_error(std::string text) {
    const auto table = table_of(std::move(text));
    return table ? "" : table.error().code;
}

struct Shape {
    const char* name;
    std::string text;
    Rows rows;
};

const std::vector<Shape>& shapes() {
    static const std::vector<Shape> all{
        {"simple", "a,b,c\n1,2,3\n", {{"a", "b", "c"}, {"1", "2", "3"}}},
        {"no line end at the end", "a,b\n1,2", {{"a", "b"}, {"1", "2"}}},
        {"CRLF", "a,b\r\n1,2\r\n3,4\r\n", {{"a", "b"}, {"1", "2"}, {"3", "4"}}},
        {"CR", "a,b\r1,2\r3,4", {{"a", "b"}, {"1", "2"}, {"3", "4"}}},
        {"byte order mark",
            "\xEF\xBB\xBF"
            "a,b\n1,2\n",
            {{"a", "b"}, {"1", "2"}}},
        {"byte order mark before a quote", "\xEF\xBB\xBF\"a\",b\n1,2\n", {{"a", "b"}, {"1", "2"}}},
        {"comma in quotes", "first,last\nJohn,\"120 any st., Anytown, WW\"\n",
            {{"first", "last"}, {"John", "120 any st., Anytown, WW"}}},
        {"empty values", "a,b,c\n1,\"\",\"\"\n2,,\n", {{"a", "b", "c"}, {"1", "", ""}, {"2", "", ""}}},
        {"doubled quotes", "a,b\n1,\"ha \"\"ha\"\" ha\"\n3,\"\"\"\"\n",
            {{"a", "b"}, {"1", "ha \"ha\" ha"}, {"3", "\""}}},
        {"JSON", "key,val\n1,\"{\"\"type\"\": \"\"Point\"\", \"\"at\"\": [102.0, 0.5]}\"\n",
            {{"key", "val"}, {"1", "{\"type\": \"Point\", \"at\": [102.0, 0.5]}"}}},
        {"line ends in quotes", "a,b\n\"Once upon \na time\",5\n\"x\r\ny\",6\n",
            {{"a", "b"}, {"Once upon \na time", "5"}, {"x\r\ny", "6"}}},
        {"quotes and line ends", "a,b\n1,\"ha \n\"\"ha\"\" \nha\"\n3,4\n",
            {{"a", "b"}, {"1", "ha \n\"ha\" \nha"}, {"3", "4"}}},
        {"UTF-8", "a,姓名\n1,ʤ\n2,王芳\n", {{"a", "姓名"}, {"1", "ʤ"}, {"2", "王芳"}}},
        {"quote within an unquoted field", "a,b\n6\" pipe,it\"s\n", {{"a", "b"}, {"6\" pipe", "it\"s"}}},
        {"blanks behind a closing quote", "a,b\n\"x\" ,\"y\"  \n", {{"a", "b"}, {"x", "y"}}},
        {"blanks in fields stay", "a,b\n x , y\n", {{"a", "b"}, {" x ", " y"}}},
        {"blank lines", "\n\na,b\n\n1,2\n   \n\r\n3,4\n\n", {{"a", "b"}, {"1", "2"}, {"3", "4"}}},
        {"one column", "a\n1\n\n\"\"\n2\n", {{"a"}, {"1"}, {""}, {"2"}}},
        {"semicolons", "a;b\n1,5;2\n3;4\n", {{"a", "b"}, {"1,5", "2"}, {"3", "4"}}},
        {"tabs", "a\tb\n1, 2\t3;\n", {{"a", "b"}, {"1, 2", "3;"}}},
        {"bars", "a|b|c\n1|2,3,4|5\n", {{"a", "b", "c"}, {"1", "2,3,4", "5"}}},
        {"delimiters in a quoted header", "\"a;x;y\",b\n1,2\n", {{"a;x;y", "b"}, {"1", "2"}}},
        {"header trimmed and named", " a ,,c\n1,2,3\n", {{"a", "column 2", "c"}, {"1", "2", "3"}}},
        {"header only", "a,b\n", {{"a", "b"}}},
        {"rows of nothing", "a,b\n,\n1,2\n", {{"a", "b"}, {"1", "2"}}},
        {"ragged", "a,b\n1\n1,2,3\n4,5\n",
            {{"a", "b"}, {"!", "import.ragged_row", "2"}, {"!", "import.ragged_row", "3"}, {"4", "5"}}},
        {"delimiter too many", "a,b\n1,2,\n", {{"a", "b"}, {"1", "2"}}},
        {"two columns of one name", "a,b, a\n1,2,3\n", {{"a", "b", "a (2)"}, {"1", "2", "3"}}},
        {"quotes behind blanks", "a, b\n1, \"2,5\"\n3, 4\n", {{"a", "b"}, {"1", "2,5"}, {"3", " 4"}}},
        {"apostrophes", "'a','b'\n'1,5','it''s'\n", {{"a", "b"}, {"1,5", "it's"}}},
        {"GBK", "a,\xD0\xD5\xC3\xFB\n1,\xC4\xE3\xBA\xC3\n", {{"a", "姓名"}, {"1", "你好"}}},
        {"unterminated at the end", "a,b\n1,2\n\"3,4\n",
            {{"a", "b"}, {"1", "2"}, {"!", "import.unterminated_quote", "3"}}},
        {"rows behind an unterminated quote", "a,b\n\"1,2\n3,4\n",
            {{"a", "b"}, {"!", "import.unterminated_quote", "2"}, {"3", "4"}}},
        {"a quote that swallowed a line", "a,b\n\"1,2\n3,\"4\"\n5,6\n",
            {{"a", "b"}, {"!", "import.stray_quote", "2"}, {"3", "4"}, {"5", "6"}}},
        {"stray quote", "a,b\n1,\"x\"y\n3,4\n", {{"a", "b"}, {"!", "import.stray_quote", "2"}, {"3", "4"}}},
        {"lines counted through quotes", "a,b\r\n\"x\r\ny\rz\n\",2\r\n\r\n1\r\n",
            {{"a", "b"}, {"x\r\ny\rz\n", "2"}, {"!", "import.ragged_row", "7"}}},
        {"not UTF-8", "a,姓名\n1,\xFF\n3,4\n", {{"a", "姓名"}, {"!", "import.not_utf8", "2"}, {"3", "4"}}},
        {"NUL", std::string("a,b\n1,x\0y\n3,4\n", 14), {{"a", "b"}, {"!", "import.nul_byte", "2"}, {"3", "4"}}},
    };
    return all;
}

TEST(Csv, EveryShapeIsRead) {
    for (const Shape& shape : shapes())
        EXPECT_EQ(rows_of(table_of(shape.text)), shape.rows) << shape.name;
}

TEST(Csv, ChunkBoundariesDoNotMatter) {
    for (const Shape& shape : shapes())
        for (const std::size_t piece : {1, 2, 3, 7})
            EXPECT_EQ(rows_of(table_of(shape.text, piece)), shape.rows) << shape.name;
    std::string large = "number,text\n";
    for (int i = 0; i < 60'000; ++i)
        large += fmt::format("{},\"line {}\r\nof \"\"many\"\"\"\r\n", i, i);
    const Rows rows = rows_of(table_of(large));
    EXPECT_EQ(rows.size(), 60'001u);
    EXPECT_EQ(rows.back(), (std::vector<std::string>{"59999", "line 59999\r\nof \"many\""}));
    EXPECT_EQ(rows_of(table_of(large, 4093)), rows);
}

TEST(Csv, RowsKnowTheirFirstLine) {
    auto reader = table_of("\na,b\n\"x\ny\",1\n\nz,2\n").value();
    Row row;
    ASSERT_TRUE(reader->next(row).value());
    EXPECT_EQ(row.line, 3u);
    ASSERT_TRUE(reader->next(row).value());
    EXPECT_EQ(row.line, 6u);
    EXPECT_FALSE(reader->next(row).value());
    EXPECT_FALSE(reader->next(row).value());
}

TEST(Csv, AnErrorNamesLineAndColumnInBothLanguages) {
    auto reader = table_of("name,城市\nAnna,\xC9\xCF\xBA\xA3\n").value();
    Row row;
    ASSERT_TRUE(reader->next(row).value());
    ASSERT_TRUE(row.error);
    EXPECT_EQ(row.error->column, "城市");
    EXPECT_TRUE(row.error->message.in("en").starts_with("Line 2, column “城市”: the text is not UTF-8"));
    EXPECT_TRUE(row.error->message.in("zh-CN").starts_with("第 2 行，“城市”列：文本不是 UTF-8"));
}

TEST(Csv, FilesWithoutAUsableHeaderAreRefused) {
    EXPECT_EQ(open_error(""), "import.empty_file");
    EXPECT_EQ(open_error("\xEF\xBB\xBF"), "import.empty_file");
    EXPECT_EQ(open_error("\n \n\n"), "import.empty_file");
    EXPECT_EQ(open_error("1,2,3\n4,5,6\n"), "import.no_header");
    EXPECT_EQ(open_error(",,\n1,2,3\n"), "import.no_header");
    EXPECT_EQ(open_error("\"a,b\n1,2\n"), "import.unterminated_quote");
    EXPECT_EQ(open_error(std::string("PK\3\4\0\0a,b\n", 10)), "import.nul_byte");
    std::string wide;
    for (int i = 0; i < 2001; ++i)
        wide += fmt::format("c{},", i);
    EXPECT_EQ(open_error(wide), "import.too_many_columns");
}

TEST(Csv, ARecordOverOneMebibyteIsRefusedAndTheNextIsRead) {
    const std::string long_text(3 << 20, 'x');
    EXPECT_EQ(rows_of(table_of("a,b\n1," + long_text + "\n3,4\n")),
        (Rows{{"a", "b"}, {"!", "import.record_too_large", "2"}, {"3", "4"}}));
    EXPECT_EQ(rows_of(table_of("a,b\n1,\"" + long_text + "\n3,4\n")),
        (Rows{{"a", "b"}, {"!", "import.unterminated_quote", "2"}, {"3", "4"}}));
    EXPECT_EQ(rows_of(table_of("a,b\r\n1," + long_text + "\r\n3,4\r\n", 8191)),
        (Rows{{"a", "b"}, {"!", "import.record_too_large", "2"}, {"3", "4"}}));
    const std::string fits(1'000'000, 'x');
    EXPECT_EQ(rows_of(table_of("a,b\n1," + fits + "\n")), (Rows{{"a", "b"}, {"1", fits}}));
}

TEST(Csv, ManyUnterminatedQuotesCostNoMoreThanTheFileIsLong) {
    std::string text = "a,b\n";
    for (int i = 0; i < 20'000; ++i)
        text += "\"1,2\n";
    const Rows rows = rows_of(table_of(text));
    EXPECT_EQ(rows.size(), 20'001u);
}

TEST(Csv, GzipIsInflatedOnTheWay) {
    const Folder folder;
    std::string text = "a,b\n";
    for (int i = 0; i < 100'000; ++i)
        text += fmt::format("{},text of row {}\n", i, i);
    const auto packed = gzip(text);
    auto count = [&](const std::string& path) {
        auto reader = open(path).value();
        Row row;
        int rows = 0;
        while (reader->next(row).value())
            rows += !row.error;
        EXPECT_EQ(reader->bytes_read(), reader->bytes_total());
        return rows;
    };
    EXPECT_EQ(count(folder.write("plain.csv", text)), 100'000);
    EXPECT_EQ(count(folder.write("packed.csv.gz", packed)), 100'000);
    EXPECT_EQ(count(folder.write("two_members", gzip(text) + gzip("1,2\n"))), 100'001);
    EXPECT_EQ(count(folder.write("padded.gz", packed + std::string(512, '\0'))), 100'000);
}

TEST(Csv, ADamagedGzipFileFailsAndSaysSo) {
    const Folder folder;
    std::string text = "a,b\n";
    for (int i = 0; i < 100'000; ++i)
        text += fmt::format("{},text of row {}\n", i, i * 7919 % 10007);
    const auto packed = gzip(text);
    auto outcome = [&](std::string bytes) -> std::string {
        const auto opened = open(folder.write("damaged.gz", bytes));
        if (!opened)
            return opened.error().code;
        Row row;
        for (;;) {
            const auto more = (*opened)->next(row);
            if (!more)
                return more.error().code;
            if (!*more)
                return "";
        }
    };
    EXPECT_EQ(outcome(packed), "");
    EXPECT_EQ(outcome(packed.substr(0, packed.size() - 100)), "import.bad_gzip");
    EXPECT_EQ(outcome(packed.substr(0, packed.size() / 2)), "import.bad_gzip");
    EXPECT_EQ(outcome(packed.substr(0, 5)), "import.bad_gzip");
    EXPECT_EQ(outcome(packed + "rubbish"), "import.bad_gzip");
    std::string flipped = packed;
    flipped[flipped.size() / 2] ^= 0x55;
    EXPECT_EQ(outcome(flipped), "import.bad_gzip");
}

TEST(Csv, WhatIsNoFileIsRefused) {
    const Folder folder;
    EXPECT_EQ(open(folder.path / "missing.csv").error().code, "import.no_such_file");
    EXPECT_EQ(open(folder.path).error().code, "import.unreadable_file");
    EXPECT_EQ(open("/dev/zero").error().code, "import.unreadable_file");
    EXPECT_EQ(open(folder.write("empty.csv", "")).error().code, "import.empty_file");
}

TEST(Csv, NoBytesBreakTheReader) {
    std::uint32_t state = 1;
    const auto next = [&] { return state = state * 1664525u + 1013904223u, state >> 16; };
    for (int round = 0; round < 3000; ++round) {
        std::string text = round % 2 ? "a,b\n" : "";
        static constexpr std::string_view alphabet = "a1,,;\"\"\"\r\n\n \t|\xC3\xA4";
        for (auto length = next() % 60; length > 0; --length)
            text.push_back(alphabet[next() % alphabet.size()]);
        EXPECT_EQ(rows_of(table_of(text, 1 + next() % 5)), rows_of(table_of(text))) << text;
    }
}

} // namespace
} // namespace onefold::sheet
