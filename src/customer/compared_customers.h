#pragma once
// One side of the comparison: the golden records and the figures. For this room's own files.
#include "customer/comparison.h"

namespace onefold::customer {

// Of each customer its lines "customer" and "activity", without key.
Result<std::vector<std::vector<Line>>> lines_of_customers(
    const ComparedRooms& rooms, store::Session& session, const std::vector<CustomerId>& customers);

} // namespace onefold::customer
