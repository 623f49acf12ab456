#pragma once
// Files of rows, written one row after the other in bounded memory. For this room's own files.
#include "extract/plan.h"
#include "runtime/runtime.h"

#include <memory>

namespace onefold::extract {

enum class Format { csv, xlsx };
std::string_view to_string(Format format);

inline constexpr std::int64_t xlsx_rows_max = 1'048'575; // beside the header, as spreadsheet programs have them

// What is not finished leaves a torn file behind when it goes, and nothing open.
class SheetFile {
  public:
    virtual ~SheetFile() = default;
    virtual Result<> add(const std::vector<Cell>& row) = 0;
    virtual Result<> finish() = 0; // then it is whole; not synced
};
// UTF-8 with its byte order mark, RFC 4180, formulas made safe. Errors of files.
Result<std::unique_ptr<SheetFile>> make_csv(runtime::Files& files, const std::string& path);
// A workbook of one sheet: numbers of up to 15 digits and times are cells of such a kind, all else is text and never a
// formula. extract.cell_too_long, errors of files.
Result<std::unique_ptr<SheetFile>> make_xlsx(runtime::Files& files, const std::string& path);

} // namespace onefold::extract
