#include "sheet/child.h"
#include "sheet/sheet_rig.h"

#include <csignal>
#include <gtest/gtest.h>

namespace onefold::sheet {
namespace {

using namespace std::chrono_literals;

// What the child does: this very test program runs it.
TEST(Child, DISABLED_Serves) {
    ::_exit(serve_child());
}
const std::vector<std::string> words{"--gtest_also_run_disabled_tests", "--gtest_filter=Child.DISABLED_Serves"};

class ReadInChild : public ::testing::Test {
  protected:
    Result<std::unique_ptr<Table>> open_it(
        const std::string& name, std::string_view bytes, const Choice& choice = {}, const ChildLimits& limits = {}) {
        return open_in_child(folder_.write(name, bytes), choice, words, limits);
    }
    std::string outcome(const std::string& name, std::string_view bytes, const Choice& choice = {}) {
        const auto begun = std::chrono::steady_clock::now();
        const Rows rows = rows_of(open_it(name, bytes, choice));
        EXPECT_LT(std::chrono::steady_clock::now() - begun, 30s) << name;
        return rows.back()[0].starts_with('!') ? rows.back()[1] : fmt::format("{} rows", rows.size() - 1);
    }
    Folder folder_;
};

std::string many_rows(int rows) {
    std::string text = "number,text\n";
    for (int i = 0; i < rows; ++i)
        text += fmt::format("{},text of row {}\n", i, i);
    return text;
}

TEST_F(ReadInChild, RowsNotesAndErrorsComeAsIfReadHere) {
    const std::string text = "title,,\n\nname,phone,city\nLin,\"13800138000\",Wuxi\nx\n\"a\nb\",2,\"\"\n合计,,\n";
    auto here = open(folder_.write("a.csv", text)).value();
    auto there = open_it("a.csv", text).value();
    EXPECT_EQ(there->description().header_line, here->description().header_line);
    EXPECT_EQ(rows_of(std::move(there)), rows_of(std::move(here)));
    auto again = open_it("a.csv", text).value();
    Row row;
    while (again->next(row).value()) {
    }
    EXPECT_EQ(again->take_notes().size(), 2u);
    EXPECT_EQ(again->bytes_read(), text.size());
    EXPECT_EQ(open_it("a.csv", "").error().code, "import.empty_file");
    EXPECT_EQ(open_it("a.csv", text, {.sheet = "none"}).error().code, "sheet.no_such_sheet");
    EXPECT_EQ(open_in_child(folder_.path / "missing", {}, words).error().code, "import.no_such_file");
}

TEST_F(ReadInChild, AChildThatIsKilledInTheMiddleIsAnErrorAndNoMore) {
    auto table = open_it("a.csv", many_rows(500'000)).value();
    Row row;
    for (int i = 0; i < 1000; ++i)
        ASSERT_TRUE(table->next(row).value());
    ASSERT_EQ(::kill(child_of(*table), SIGKILL), 0);
    for (;;) {
        const auto more = table->next(row);
        if (!more) {
            EXPECT_EQ(more.error().code, "sheet.reader_ended");
            break;
        }
        ASSERT_TRUE(*more) << "the end came as if all were read";
    }
    EXPECT_EQ(outcome("a.csv", many_rows(10)), "10 rows") << "and the next file is read";
}

TEST_F(ReadInChild, ATableThatIsGivenUpEndsItsChild) {
    auto table = open_it("a.csv", many_rows(500'000)).value();
    const pid_t child = child_of(*table);
    table.reset();
    EXPECT_EQ(::kill(child, 0), -1);
}

TEST_F(ReadInChild, BombsEndWithAnError) {
    EXPECT_EQ(outcome("zeros.gz", gzip("a\n" + std::string(200 << 20, '0'))), "sheet.too_much");
    std::string rows = "<row r=\"1\"><c t=\"str\"><v>a</v></c></row>";
    for (int i = 0; i < 30'000; ++i)
        rows += "<row><c r=\"BXX1\"><v>1</v></c></row>";
    EXPECT_EQ(outcome("wide.xlsx", workbook_of({{"S", "<sheetData>" + rows + "</sheetData>"}}), {.header_line = 1}),
        "import.ragged_row");
    EXPECT_EQ(outcome("zeros.xlsx", workbook_of({{"S", "<sheetData><row><c><v>" + std::string(200 << 20, '0') +
                                                           "</v></c></row></sheetData>"}})),
        "sheet.too_much");
    EXPECT_EQ(outcome("texts.xlsx",
                  workbook_of({{"S", "<sheetData/>"}}, "<si><t>" + std::string(100 << 20, 'x') + "</t></si>")),
        "sheet.too_much");
    const std::string laughs = "<!DOCTYPE lolz [<!ENTITY a \"ha\">]><workbook/>";
    ZipMaker overlapping; // the same bytes under 999 names
    overlapping.add("0.csv", "a\n" + std::string(60 << 20, '0'));
    for (int i = 1; i < 999; ++i)
        overlapping.add_again(fmt::format("{}.csv", i));
    EXPECT_EQ(outcome("overlapping.zip", overlapping.bytes()), "sheet.bad_zip");
    EXPECT_EQ(outcome("many.zip", overlapping.add_again("x.csv").add_again("y.csv").bytes()), "sheet.too_many_entries");
    EXPECT_EQ(outcome("lying.zip", ZipMaker().add("a.csv", "a\n" + std::string(200 << 20, '0'), 10).bytes()),
        "sheet.bad_zip");
    const std::string inner = ZipMaker().add("a.csv", "a\n1\n").bytes();
    EXPECT_EQ(outcome("nested.zip", ZipMaker().add("inner.zip", inner).bytes()), "sheet.nested_archive");
    EXPECT_EQ(outcome("laughs.xlsx", ZipMaker().add("[Content_Types].xml", "x").add("xl/workbook.xml", laughs).bytes()),
        "sheet.xml_refused");
}

TEST_F(ReadInChild, TooMuchMemoryIsAnError) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "the sanitizers map more than there is";
#endif
    std::string texts;
    for (int i = 0; i < 1'500'000; ++i)
        texts += fmt::format("<si><t>{:032}</t></si>", std::uint64_t(i) * 2654435761u % 1000003);
    const std::string bytes = workbook_of({{"S", "<sheetData><row><c t=\"s\"><v>0</v></c></row></sheetData>"}}, texts);
    const auto small = open_it("texts.xlsx", bytes, {}, {.memory_bytes_max = std::uint64_t{160} << 20});
    ASSERT_FALSE(small);
    EXPECT_TRUE(small.error().code == "sheet.too_much" || small.error().code == "sheet.reader_ended")
        << small.error().code;
}

} // namespace
} // namespace onefold::sheet
