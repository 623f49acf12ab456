#pragma once
// Cells of the files that Onefold writes. Pure.
#include "core/local_text.h"

#include <string>
#include <string_view>

namespace onefold::sheet {

inline constexpr std::string_view byte_order_mark = "\xef\xbb\xbf"; // so that spreadsheet programs read UTF-8

// The first column of an export, by which its rows are known again.
inline const LocalText exported_id{"Onefold ID", "Onefold 编号"};

// What a spreadsheet program would take for a formula begins with an apostrophe; numbers and phone numbers stay as they
// are, since nothing can come of them. What looks as if that had been done to it gets one more, so that
// restored_cell(safe_cell(x)) is x.
std::string safe_cell(std::string_view cell);
std::string restored_cell(std::string_view cell);
// The same for files in which a text is never a formula, as workbooks: restored_cell(marked_cell(x)) is x.
std::string marked_cell(std::string_view cell);
// Quoted where it must be (RFC 4180).
std::string csv_cell(std::string_view cell);

} // namespace onefold::sheet
