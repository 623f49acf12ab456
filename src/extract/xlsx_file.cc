#include "sheet/xlsx_file.h"

#include "extract/sheet_file.h"

namespace onefold::extract {
namespace {

Failure cell_too_long(std::int64_t row) {
    return fail(ErrorKind::too_large, "extract.cell_too_long",
        {fmt::format("A text in row {} has more than the 32,767 characters that a cell of a workbook holds. Export as "
                     "CSV.",
             row + 1),
            fmt::format("第 {} 行有文本超过 Excel 单元格 32,767 个字符的上限，请导出为 CSV。", row + 1)});
}

std::vector<std::string_view> titles_of(const std::vector<Cell>& row) {
    std::vector<std::string_view> titles;
    for (const Cell& cell : row)
        titles.push_back(cell.text);
    return titles;
}

class Workbook : public SheetFile {
  public:
    explicit Workbook(sheet::XlsxFile file) : file_(std::move(file)) {}

    Result<> add(const std::vector<Cell>& row) override {
        if (!std::ranges::all_of(row, [](const Cell& cell) { return sheet::fits_cell(cell.text); }))
            return cell_too_long(rows_);
        if (rows_++ == 0) {
            file_.head(titles_of(row));
            return file_.written();
        }
        for (const Cell& cell : row)
            put(cell);
        file_.end_row();
        return file_.written();
    }
    Result<> finish() override { return file_.finish(); }

  private:
    void put(const Cell& cell) {
        if (cell.kind == Cell::Kind::number)
            file_.number(cell.text);
        else if (cell.kind == Cell::Kind::time)
            file_.time(cell.at, cell.text);
        else
            file_.text(cell.text);
    }

    sheet::XlsxFile file_;
    std::int64_t rows_ = 0;
};

} // namespace

Result<std::unique_ptr<SheetFile>> make_xlsx(runtime::Files& files, const std::string& path) {
    return std::make_unique<Workbook>(TRY(sheet::XlsxFile::create(files, path, "Sheet1")));
}

} // namespace onefold::extract
