#pragma once
// What a cell says: times and numbers as people write them, blanks, and what the map says of their column. Pure.
#include "core/decimal.h"
#include "core/time.h"
#include "import/subject_row.h"

namespace onefold::import {

// The cell, or "" where it holds a word for nothing ("N/A", "无").
std::string_view value_in(const Row& row, const Column& column);

// time.invalid …; import.ambiguous_date where day and month could change places and the map does not say.
Result<Instant> time_in(const Row& row, const Column& column, const Map& map, const Zone& zone);
// decimal.invalid …
Result<Decimal> number_in(const Row& row, const Column& column, const Map& map);

RowError error_at(const Row& row, const Column& column, const Error& error);

// Adds to the map what the first rows prove of its columns of times and numbers, where it does not say.
void learn_formats(Map& map, std::span<const Row> rows);

} // namespace onefold::import
