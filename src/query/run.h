#pragma once
// The rows of a compiled query.
#include "query/query.h"

namespace onefold::query {

Result<Table> rows_of(store::Session& session, const Query& query, const Compiled& compiled);
struct RowsWithin {
    std::optional<Table> page; // nullopt where it took longer
    std::size_t met = 0;       // rows, until then
};
Result<RowsWithin> rows_within(
    store::Session& session, const Query& query, const Compiled& compiled, std::chrono::milliseconds patience);

} // namespace onefold::query
