#pragma once
// Our functions in DuckDB.
#include "store/function.h"

#include <duckdb.h>

namespace onefold::store {

// False where DuckDB does not take one; for all connections of the database.
bool add_functions(duckdb_connection connection, const Functions& functions);

} // namespace onefold::store
