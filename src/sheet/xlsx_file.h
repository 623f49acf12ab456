#pragma once
// A workbook of one sheet that is written cell by cell and never kept (ECMA-376): its head in bold, which stays in
// view, then rows. A text is never a formula; what looks marked is marked once more (marked_cell).
#include "sheet/zip_file.h"

#include <chrono>
#include <initializer_list>

namespace onefold::sheet {

inline constexpr std::size_t cell_units_max = 32'767; // of UTF-16, as spreadsheet programs have them
bool fits_cell(std::string_view text);

class XlsxFile {
  public:
    // Empties a file that is there. Errors of files.
    static Result<XlsxFile> create(runtime::Files& files, const std::string& path, std::string_view sheet);

    void head(const std::vector<std::string_view>& titles); // first, once
    // The cells of a row, from left to right; texts in UTF-8 that fit.
    void text(std::string_view text);
    void number(std::string_view decimal); // a text beyond 15 digits, since programs keep no more
    // A text, `written`, outside the years from 1901 to 9998 or within a second, since programs know no such times.
    void time(std::chrono::local_time<std::chrono::microseconds> at, std::string_view written);
    void end_row();
    void row(std::initializer_list<std::string_view> texts);

    const Result<>& written() const { return zip_.written(); }
    Result<> finish();

  private:
    explicit XlsxFile(ZipFile zip) : zip_(std::move(zip)) {}
    void put_text(std::string_view text, std::string_view style);

    ZipFile zip_;
    std::string row_; // its cells so far
};

} // namespace onefold::sheet
