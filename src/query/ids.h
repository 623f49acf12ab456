#pragma once
// A whole list as the ids of its rows: 8 bytes each, so that its rows can be asked for some at a time in the same
// snapshot, in an order that no index has.
#include "query/query.h"

namespace onefold::query {

// In the order of the list, at most `most` of them. Errors of compile.
Result<std::vector<std::int64_t>> list_ids(
    store::Session& session, const Query& query, const Catalogue& catalogue, std::int64_t most);

} // namespace onefold::query
