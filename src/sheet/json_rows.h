#pragma once
// Objects of JSON as rows: a list of them, one behind the other (JSON lines), or the first list inside of one object.
#include "sheet/chunk_source.h"
#include "sheet/row.h"

namespace onefold::sheet {

// The first row names the columns: every key of the objects in the first 4 MiB, in order of appearance, "a.b" for what
// is nested. Numbers keep their digits, a list of plain values is joined by "; ", what is deeper stays JSON.
//   sheet.bad_json (also for what is no object), sheet.new_key (a key that stood in none of the first 4 MiB),
//   import.record_too_large, import.too_many_columns
// sheet.no_objects where the file holds none.
Result<std::unique_ptr<RowSource>> json_rows(std::unique_ptr<ChunkSource> source);

} // namespace onefold::sheet
