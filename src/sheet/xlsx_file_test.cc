#include "sheet/safe_cell.h"
#include "sheet/sheet_rig.h"
#include "sheet/xlsx_file.h"
#include "sheet/zip.h"

#include <gtest/gtest.h>

namespace onefold::sheet {
namespace {

using namespace std::chrono;

class XlsxFileTest : public ::testing::Test {
  protected:
    XlsxFile create() { return XlsxFile::create(*files_, path_, "登记").value(); }
    Rows read() { return rows_of(open(path_, {})); }

    Folder folder_;
    std::string path_ = folder_.path / "written.xlsx";
    std::unique_ptr<runtime::Files> files_ = runtime::make_system_files();
};

TEST_F(XlsxFileTest, TextsComeBackAsTheyWere) {
    const std::vector<std::string> texts{"=1+1", "'=x", "''=y", "'plain", "a < b & c > d ]]>", " blanks around ",
        "two\nlines", "a\r\nb", "tab\tand \x01", "_x0041_", "_x005F_x0041_", "_x_x0041_",
        "林美 👩‍👩‍👧‍👦", "00123", "ends in _x004", "\xEF\xBF\xBE\xEF\xBF\xBF\xEF\xBF\xBD"};
    auto file = create();
    file.head({"'=head", "second"});
    for (const auto& text : texts)
        file.row({text, "x"});
    ASSERT_TRUE(file.finish());
    Rows rows = read();
    ASSERT_EQ(rows.size(), texts.size() + 1);
    EXPECT_EQ(rows[0][0], "'=head");
    EXPECT_EQ(rows[1][0], "=1+1") << "no text is a formula here, so nothing is put before it";
    EXPECT_EQ(rows[2][0], "''=x");
    for (std::size_t i = 0; i < texts.size(); ++i)
        EXPECT_EQ(restored_cell(rows[i + 1][0]), texts[i]);
}

TEST_F(XlsxFileTest, NumbersAndTimesAreSuchCellsWhereTheyCanBe) {
    auto file = create();
    file.head({"number", "time"});
    file.number("-1234567.89");
    file.time(local_days(2026y / 3 / 1) + 8h + 59min + 59s, "never");
    file.end_row();
    file.number("1234567890123456");
    file.time(local_days(2026y / 3 / 1) + 1us, "within a second");
    file.end_row();
    file.number("1e5");
    file.time(local_days(1899y / 3 / 1), "too old");
    file.end_row();
    ASSERT_TRUE(file.finish());
    EXPECT_EQ(read(), (Rows{{"number", "time"}, {"-1234567.89", "2026-03-01 08:59:59"},
                          {"1234567890123456", "within a second"}, {"1e5", "too old"}}));
    const auto zip = Zip::open(File::open(path_).value()).value();
    const std::string sheet = zip->read(*zip->find("xl/worksheets/sheet1.xml"), 1 << 20).value();
    EXPECT_NE(sheet.find("<c><v>-1234567.89</v></c><c s=\"2\"><v>46082.37"), sheet.npos);
    EXPECT_NE(sheet.find("<t>1234567890123456</t></is></c><c t=\"inlineStr\">"), sheet.npos);
}

TEST_F(XlsxFileTest, ACellHolds32767UnitsAlsoOfWhatIsPutBefore) {
    EXPECT_TRUE(fits_cell(std::string(32'767, 'x')));
    EXPECT_FALSE(fits_cell(std::string(32'768, 'x')));
    EXPECT_FALSE(fits_cell("'=" + std::string(32'765, 'x')));
    std::string faces;
    for (int i = 0; i < 16'383; ++i)
        faces += "👩";
    EXPECT_TRUE(fits_cell(faces + "x"));
    EXPECT_FALSE(fits_cell(faces + "xx"));
}

TEST_F(XlsxFileTest, TheSameCellsMakeTheSameBytes) {
    const auto bytes = [&] {
        auto file = create();
        file.head({"a"});
        for (int i = 0; i < 100'000; ++i)
            file.row({std::to_string(i * 7919)});
        EXPECT_TRUE(file.finish());
        return files_->read_all(path_, 1 << 24).value();
    };
    const std::string once = bytes();
    EXPECT_EQ(bytes(), once);
    EXPECT_EQ(read().size(), 100'001);
}

TEST_F(XlsxFileTest, AFolderThatIsNotThereIsTold) {
    EXPECT_EQ(XlsxFile::create(*files_, folder_.path / "none/a.xlsx", "x").error().code, "files.enoent");
}

TEST(ZipFileTest, SizesAndPlacesBeyond32BitsAreRead) {
    const Folder folder;
    const std::string path = folder.path / "wide.zip";
    for (const std::uint64_t wide_from : {0, 60, 200, 1000, 100'000}) {
        auto file = ZipFile::create(*runtime::make_system_files(), path, wide_from).value();
        for (const char* name : {"a", "b", "林"}) {
            file.begin(name);
            file.add(name + std::string(300, 'x'));
        }
        ASSERT_TRUE(file.finish());
        const auto zip = Zip::open(File::open(path).value());
        ASSERT_TRUE(zip) << wide_from;
        for (const char* name : {"a", "b", "林"})
            EXPECT_EQ((*zip)->read(*(*zip)->find(name), 1000).value(), name + std::string(300, 'x'));
    }
}

} // namespace
} // namespace onefold::sheet
