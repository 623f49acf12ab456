#pragma once
// POST /api/v1/sample: the small generated set (demo) for an installation that has no customers yet, through the
// import.
#include "customer/customer.h"
#include "http/contract.h"
#include "import/import.h"
#include "runtime/runtime.h"

#include <string>

namespace onefold::house {

struct SampleRooms {
    const customer::Customers& customers;
    runtime::Files& files;
    import::Imports& imports;
    std::string folder; // its files are written here and stay
};

void add_sample_route(http::Contract& contract, SampleRooms rooms);

} // namespace onefold::house
