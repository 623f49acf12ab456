#pragma once
// Where among the first rows of a file the header stands, and which later rows are none of the table. Pure.
#include "sheet/row.h"

#include <span>

namespace onefold::sheet {

std::size_t filled(const RawRow& row); // how many fields are not blank
// Whether a column could be called so: a word, not a number, date, address of mail or word for nothing.
bool is_name(std::string_view field);

// The first row that names columns: at least half as many as most rows have, and no values among them (years may follow
// a word). Of two rows of names above one another, where the upper one repeats itself, the lower. Nothing where the
// rows look like values from the beginning on.
std::optional<std::size_t> find_header(std::span<const RawRow> rows);

// Trimmed; "column 3" for one without a name, "phone (2)" for the second of two.
std::vector<std::string> column_names(const RawRow& header);

// "合计 … 1234": sums under the table, where the row begins with a word for them and half of it is blank.
bool is_total(const RawRow& row, std::size_t columns);
// A lonely text under a blank line ("Source: …", "制表人：…").
bool is_remark(const RawRow& row, std::size_t columns);
// Whether `row`, which stands under a blank line, begins another table: names, in another number than the columns
// before, and values under them in `next`.
bool begins_table(const RawRow& row, const RawRow& next, std::size_t columns);

} // namespace onefold::sheet
