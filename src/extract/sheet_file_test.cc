#include "extract/sheet_file.h"
#include "sheet/safe_cell.h"
#include "sheet/sheet.h"
#include "testing/folder.h"
#include "testing/outside.h"

#include <filesystem>
#include <gtest/gtest.h>

namespace onefold::extract {
namespace {

const std::vector<std::string> naughty{"=1+1", "+SUM(A1)", "-2+3 cmd", "@x", "'=x", "''=y", "'plain", "a,b;c \"d\"",
    "two\nlines", "<b>&amp;</b>", "田中さん", "👩‍👩‍👧‍👦", "00123", "1E+02", "TRUE", "_x0041_",
    "a_x005F_x0041_b", "_x_x0041_", "'=_x0041_", "bell\x07", "1234567890123456789"};

class SheetFileTest : public ::testing::Test {
  protected:
    std::vector<std::vector<std::string>> read(const std::string& path) {
        const auto table = sheet::open(path, {});
        if (!table)
            ADD_FAILURE() << table.error().code;
        std::vector<std::vector<std::string>> rows{(*table)->header()};
        sheet::Row row;
        while (*(*table)->next(row))
            rows.push_back(row.fields);
        return rows;
    }
    std::vector<std::vector<Cell>> cells() {
        std::vector<std::vector<Cell>> rows{{{Cell::Kind::text, "Onefold ID"}, {Cell::Kind::text, "Name"},
            {Cell::Kind::text, "Price"}, {Cell::Kind::text, "Time"}}};
        const auto zone = *Zone::named("UTC");
        for (std::size_t i = 0; i < naughty.size(); ++i)
            rows.push_back({{Cell::Kind::text, std::to_string(i + 1)}, {Cell::Kind::text, naughty[i]},
                cell_of(boost::json::value(fmt::format("{}.95", i * 100 + 9)), query::FieldType::money, zone, "en"),
                cell_of(boost::json::value(fmt::format("2026-03-01T08:{:02}:59Z", i)), query::FieldType::instant, zone,
                    "en")});
        return rows;
    }

    testing::Folder folder;
    testing::Outside outside;
};

TEST_F(SheetFileTest, CsvIsSafeAndComesBack) {
    auto file = *make_csv(*outside.files, folder.file("a.csv"));
    for (const auto& row : cells())
        ASSERT_TRUE(file->add(row));
    ASSERT_TRUE(file->finish());
    const auto bytes = *outside.files->read_all(folder.file("a.csv"), 1 << 20);
    EXPECT_TRUE(bytes.starts_with("\xef\xbb\xbfOnefold ID,Name,Price,Time\r\n1,'=1+1,9.95,2026-03-01 08:00:59\r\n"));
    const auto rows = read(folder.file("a.csv"));
    ASSERT_EQ(rows.size(), naughty.size() + 1);
    for (std::size_t i = 0; i < naughty.size(); ++i)
        EXPECT_EQ(sheet::restored_cell(rows[i + 1][1]), naughty[i]);
}

TEST_F(SheetFileTest, AWorkbookHasNumbersTimesAndTextsThatComeBack) {
    auto file = *make_xlsx(*outside.files, folder.file("a.xlsx"));
    for (const auto& row : cells())
        ASSERT_TRUE(file->add(row));
    ASSERT_TRUE(file->finish());
    const auto rows = read(folder.file("a.xlsx"));
    ASSERT_EQ(rows.size(), naughty.size() + 1);
    for (std::size_t i = 0; i < naughty.size(); ++i) {
        EXPECT_EQ(sheet::restored_cell(rows[i + 1][1]), naughty[i]);
        EXPECT_EQ(rows[i + 1][2], fmt::format("{}.95", i * 100 + 9));
        EXPECT_EQ(rows[i + 1][3], fmt::format("2026-03-01 08:{:02}:59", i));
    }
}

TEST_F(SheetFileTest, AWorkbookMarksOnlyWhatLooksMarked) {
    auto file = *make_xlsx(*outside.files, folder.file("a.xlsx"));
    for (const auto& row : cells())
        ASSERT_TRUE(file->add(row));
    ASSERT_TRUE(file->finish());
    const auto rows = read(folder.file("a.xlsx"));
    EXPECT_EQ(rows[1][1], "=1+1");
    EXPECT_EQ(rows[5][1], "''=x");
}

TEST_F(SheetFileTest, ATextThatACellCannotHoldIsRefusedInsteadOfCut) {
    std::string faces;
    while (faces.size() < 4 * 16'383)
        faces += "👩"; // two units of UTF-16
    for (const auto& [text, is_held] : std::vector<std::pair<std::string, bool>>{{std::string(32'767, 'x'), true},
             {std::string(32'768, 'x'), false}, {faces, true}, {faces + "xx", false}}) {
        auto file = *make_xlsx(*outside.files, folder.file("a.xlsx"));
        ASSERT_TRUE(file->add({{Cell::Kind::text, "Onefold ID"}}));
        const auto added = file->add({{Cell::Kind::text, text}});
        EXPECT_EQ(added ? "" : added.error().code, is_held ? "" : "extract.cell_too_long");
        if (!is_held)
            continue;
        ASSERT_TRUE(file->finish());
        EXPECT_EQ(read(folder.file("a.xlsx"))[1][0], text);
    }
}

TEST_F(SheetFileTest, AFolderThatIsNotThereIsTold) {
    EXPECT_FALSE(make_csv(*outside.files, folder.file("none/a.csv")));
    EXPECT_FALSE(make_xlsx(*outside.files, folder.file("none/a.xlsx")));
}

} // namespace
} // namespace onefold::extract
