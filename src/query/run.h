#pragma once
// The rows of a compiled query.
#include "query/query.h"

namespace onefold::query {

Result<Table> rows_of(store::Session& session, const Query& query, const Compiled& compiled);

} // namespace onefold::query
