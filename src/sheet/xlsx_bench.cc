#include "sheet/sheet_rig.h"
#include "sheet/xlsx_file.h"

#include <benchmark/benchmark.h>

namespace onefold::sheet {
namespace {

// Eight columns: numbers, dates, shared and own texts.
std::string workbook(int rows) {
    std::string xml = "<sheetData><row r=\"1\">";
    for (char column = 'A'; column < 'I'; ++column)
        xml += fmt::format("<c r=\"{0}1\" t=\"inlineStr\"><is><t>column {0}</t></is></c>", column);
    xml += "</row>";
    for (int i = 2; i <= rows; ++i)
        xml += fmt::format("<row r=\"{0}\" spans=\"1:8\"><c r=\"A{0}\"><v>{1}</v></c><c r=\"B{0}\" "
                           "t=\"s\"><v>{2}</v></c><c r=\"C{0}\" t=\"s\"><v>{3}</v></c>"
                           "<c r=\"D{0}\"><v>{4}</v></c><c r=\"E{0}\" s=\"1\"><v>{5}.351388888892</v></c><c "
                           "r=\"F{0}\"><v>{4}.55</v></c><c r=\"G{0}\" t=\"s\"><v>{6}</v></c>"
                           "<c r=\"H{0}\" t=\"inlineStr\"><is><t>row {0} of many</t></is></c></row>",
            i, 536'365 + i / 20, i % 4000, (i * 7) % 4000, i % 12, 40'513 + i % 365, i % 40);
    std::string texts;
    for (int i = 0; i < 4000; ++i)
        texts += fmt::format("<si><t>WHITE HANGING HEART T-LIGHT HOLDER {}</t></si>", i);
    return workbook_of(
        {{"Sheet1", xml + "</sheetData>"}}, texts, "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"22\"/></cellXfs>");
}

void read_workbook(benchmark::State& state) {
    const Folder folder;
    constexpr int rows = 100'000;
    const std::string path = folder.write("book.xlsx", workbook(rows));
    std::int64_t cells = 0;
    for (auto _ : state) {
        const auto table = open(path).value();
        Row row;
        while (table->next(row).value())
            cells += std::int64_t(row.fields.size());
    }
    state.SetItemsProcessed(cells); // cells
}
BENCHMARK(read_workbook)->Unit(benchmark::kMillisecond);

// Likewise.
void write_workbook(benchmark::State& state) {
    const Folder folder;
    const auto files = runtime::make_system_files();
    std::int64_t cells = 0;
    for (auto _ : state) {
        auto file = XlsxFile::create(*files, folder.path / "written.xlsx", "Sheet1").value();
        file.head({"A", "B", "C", "D", "E", "F", "G", "H"});
        for (int i = 0; i < 100'000; ++i) {
            file.number(fmt::format("{}", 536'365 + i / 20));
            file.text(fmt::format("WHITE HANGING HEART T-LIGHT HOLDER {}", i % 4000));
            file.text(fmt::format("lin.mei{}@example.com", i));
            file.number(fmt::format("{}", i % 12));
            file.time(std::chrono::local_seconds(std::chrono::seconds(1'700'000'000 + i)), "");
            file.number(fmt::format("{}.55", i % 12));
            file.text("林美");
            file.text("");
            file.end_row();
            cells += 8;
        }
        VERIFY(file.finish());
    }
    state.SetItemsProcessed(cells); // cells
}
BENCHMARK(write_workbook)->Unit(benchmark::kMillisecond);

} // namespace
} // namespace onefold::sheet
