#pragma once
// Workbooks of Excel 2007 and later, and of everybody who writes them too (ECMA-376): .xlsx and .xlsm, by stream.
#include "sheet/row.h"
#include "sheet/xlsx_format.h"
#include "sheet/zip.h"

namespace onefold::sheet {

// Texts that many cells share, in blocks: sheet.too_many_texts beyond 128 MiB or 4,194,304 texts.
class SharedTexts {
  public:
    static constexpr std::size_t bytes_max = 128 << 20, texts_max = 1 << 22;
    bool add(std::string_view text); // false where it has no room
    std::string_view at(std::size_t index) const { return index < texts_.size() ? texts_[index] : std::string_view(); }
    std::size_t size() const { return texts_.size(); }

  private:
    std::vector<std::unique_ptr<char[]>> blocks_;
    std::size_t left_ = 0, bytes_ = 0;
    char* next_ = nullptr;
    std::vector<std::string_view> texts_;
};

struct Worksheet {
    std::string name, path; // of its part in the archive
    bool is_hidden = false;
};

// What all sheets of a workbook share.
struct Workbook {
    std::shared_ptr<Zip> zip;
    std::vector<Worksheet> sheets;
    Epoch epoch = Epoch::of_1900;
    std::vector<CellFormat> formats; // by the number of a cell's style
    SharedTexts texts;
};

// sheet.no_workbook where the archive holds none; those of Zip and XmlParser.
Result<std::shared_ptr<Workbook>> open_workbook(std::shared_ptr<Zip> zip);

// The rows that are there: what a sheet claims of its size, of merged or named ranges is never counted out. A cell is
// the text that people see: dates as ISO, percentages with their sign, of a formula what it last came to. A cell of a
// merged column below its first repeats the first one's text. Rows know whether they are hidden.
//   import.too_many_columns, import.record_too_large, sheet.bad_cell (a place that cannot be)
Result<std::unique_ptr<RowSource>> open_sheet(std::shared_ptr<Workbook> workbook, std::size_t sheet);

} // namespace onefold::sheet
