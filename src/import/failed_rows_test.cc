#include "import/failed_rows.h"
#include "import/progress.h"
#include "sheet/safe_cell.h"
#include "testing/folder.h"

#include <gtest/gtest.h>

namespace onefold::import {
namespace {

const RowError bad{7, "phone", "identity.bad_phone", {"It is too short.", "号码太短。"}};

TEST(FailedRows, AFormulaIsMadeATextAndANumberStays) {
    for (const char* formula : {"=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3+cmd", "\t=1", "\rx"})
        EXPECT_EQ(sheet::safe_cell(formula), "'" + std::string(formula));
    for (const char* plain : {"", "-5.30", "+86 139-1234-5678", "a=b", "-", "(020) 8888", "'quoted'", "王芳"})
        EXPECT_EQ(sheet::safe_cell(plain), plain);
}

TEST(FailedRows, CellsAreQuotedWhereTheyMustBe) {
    EXPECT_EQ(sheet::csv_cell("plain"), "plain");
    EXPECT_EQ(sheet::csv_cell("a,b"), "\"a,b\"");
    EXPECT_EQ(sheet::csv_cell("say \"hi\"\nthere"), "\"say \"\"hi\"\"\nthere\"");
    EXPECT_EQ(sheet::csv_cell(" edge"), "\" edge\"");
}

TEST(FailedRows, AReasonIsKnownAgainInBothLanguages) {
    for (const char* locale : {"en", "zh-CN"}) {
        const std::string reason = reason_of(12, bad, locale);
        EXPECT_TRUE(is_reason(reason)) << reason;
        EXPECT_EQ(reason_of(12, {12, "", "x", LocalText(reason, reason)}, locale), reason) << "once is enough";
        EXPECT_TRUE(is_reason(reason_of(12, {12, "", "x", {"No.", "不。"}}, locale)));
    }
    EXPECT_EQ(reason_of(12, bad, "en"), "Line 12, column “phone”: It is too short.");
    for (const char* other :
        {"", "Line", "Line 12", "Line up, please", "Line 4b: x", "broken", "第一行：x", "第 3 章：x"})
        EXPECT_FALSE(is_reason(other)) << other;
}

TEST(FailedRows, ARowComesBackAsItWas) {
    const std::vector<std::string> header{"name", "phone", "reason"};
    Row row{2, {"'=x", "'quoted'", reason_of(9, bad, "zh-CN")}, {}};
    restore_row(row, header);
    EXPECT_EQ(row.fields, (std::vector<std::string>{"=x", "'quoted'", ""}));
    Row own{2, {"'=x", "1", "they moved"}, {}};
    restore_row(own, header);
    EXPECT_EQ(own.fields[2], "they moved") << "a reason that is not ours";
    EXPECT_EQ(own.fields[0], "'=x");
}

TEST(FailedRows, AreKeptInPartsAndWrittenAsCsv) {
    testing::Folder folder;
    const auto files = runtime::make_system_files();
    FailedRows rows(*files, folder.path(), {"name", "phone"});
    ASSERT_TRUE(rows.clear());
    EXPECT_EQ(rows.parts(), 0);
    for (std::int64_t i = 0; i <= failed_rows_a_part; ++i)
        ASSERT_TRUE(rows.add({std::uint64_t(i + 2), {"a,b", "+1", "more"}, {}}, bad));
    ASSERT_TRUE(rows.flush());
    ASSERT_EQ(rows.parts(), 2);
    const std::string csv = *failed_rows_csv(*files, folder.path(), 2, "en");
    EXPECT_EQ(csv, "\xef\xbb\xbfname,phone,reason\r\n\"a,b\",\"'+1, more\",\"Line 100002, column “phone”: It is too "
                   "short.\"\r\n");
    EXPECT_EQ(std::ranges::count(*failed_rows_csv(*files, folder.path(), 1, "zh-CN"), '\n'), failed_rows_a_part + 1);
    FailedRows again(*files, folder.path(), {"name", "phone"});
    ASSERT_TRUE(again.clear());
    EXPECT_FALSE(failed_rows_csv(*files, folder.path(), 1, "en")) << "an earlier run's are gone";
}

TEST(Progress, IsReadBackWithoutATornLine) {
    testing::Folder folder;
    const auto files = runtime::make_system_files();
    {
        auto progress = *Progress::open(*files, folder.path());
        ASSERT_TRUE(progress.begin("abc"));
        ASSERT_TRUE(progress.note({1, {2, 3, 4}, {5, 6, 7}, Position{8}}));
        ASSERT_TRUE(progress.note({2, {20, 3, 4}, {}, Position{80}}));
    }
    const auto file = *files->open(folder.file("progress"), runtime::OpenMode::read_write);
    ASSERT_TRUE(file->write_at(*file->size(), "3 99 9"));
    auto again = *Progress::open(*files, folder.path());
    ASSERT_TRUE(again.last());
    EXPECT_EQ(again.last()->batches, 2);
    EXPECT_EQ(again.last()->tally.created, 20);
    EXPECT_EQ(again.last()->log, Position{80});
    EXPECT_TRUE(again.begin("abc"));
    EXPECT_EQ(again.begin("abd").error().code, "import.file_changed");
    ASSERT_TRUE(again.note({3, {}, {}, Position{90}}));
    EXPECT_EQ(Progress::open(*files, folder.path())->last()->batches, 3) << "over the torn line";
}

TEST(Progress, ALineThatIsNoneSaysNothing) {
    EXPECT_EQ(parse_checkpoint(line_of({4, {1, 2, 3}, {4, 5, 6}, Position{9}}))->pending.unchanged, 6);
    for (const char* line : {"", ".", "1 2 3 4 5 6 7 8", "1 2 3 4 5 6 7 .", "1 2 3 4 5 6 7 8 9 .", "x 2 3 4 5 6 7 8 .",
             "-1 2 3 4 5 6 7 8 .", "1 2 3 4 5 6 7 8 . "})
        EXPECT_FALSE(parse_checkpoint(line)) << line;
}

} // namespace
} // namespace onefold::import
