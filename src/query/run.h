#pragma once
// The rows of a compiled query.
#include "query/query.h"

namespace onefold::query {

Result<Table> rows_of(store::Session& session, const Query& query, const Compiled& compiled);
// nullopt where that takes longer.
Result<std::optional<Table>> rows_within(
    store::Session& session, const Query& query, const Compiled& compiled, std::chrono::milliseconds patience);

} // namespace onefold::query
