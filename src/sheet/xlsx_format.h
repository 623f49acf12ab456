#pragma once
// What the cells of a workbook say, by their number format (ECMA-376 part 1, 18.8.30). Pure.
#include <string>
#include <string_view>

namespace onefold::sheet {

enum class CellFormat : unsigned char { general, date, time, percent };

// Of a format code: "yyyy\-mm\-dd", "0.00%", "[$-804]aaaa"; what stands in quotes or brackets counts for nothing.
CellFormat format_of_code(std::string_view code);
// Of one that workbooks leave out since every program knows it; those of 27 to 58 are dates in East Asia.
CellFormat format_of_builtin(int id);

enum class Epoch { of_1900, of_1904 };

// The text of a number cell: as people see it where it is a date ("2010-12-01", "2010-12-01 08:26:00", "08:26:00") or a
// percentage ("12.5%"), else plain digits with the 15 that a spreadsheet keeps. What is no number comes back as it is.
std::string number_text(std::string_view raw, CellFormat format, Epoch epoch);

// Without the escapes that stand for what XML cannot hold: "_x000D_" is a carriage return, "_x005F_" an underscore.
std::string unescaped(std::string_view text);

} // namespace onefold::sheet
