#pragma once
// Who of many was seen last.
#include "core/id.h"
#include "store/store.h"

#include <vector>

namespace onefold::customer {

// Of some customers (sorted by id) those who were seen last, the last first; of very many, those whom nobody saw for
// long come in the order of their ids, the highest first.
Result<std::vector<CustomerId>> newest_among(
    store::Session& session, const std::vector<CustomerId>& customers, std::size_t limit);

} // namespace onefold::customer
