#pragma once
// A batch by column, given to DuckDB's appender chunk by chunk.
#include "store/columns_batch.h"

#include <duckdb.h>

namespace onefold::store {

enum class Appended { all, refused_by_appender, wrong_columns };

// wrong_columns where the table has others than the batch, or one of a type that no cell can have.
Appended append(duckdb_appender appender, const ColumnsBatch& batch);

} // namespace onefold::store
