#pragma once
// What this room shows of itself over HTTP: orders and tickets, the fields of an object, and any typed query.
#include "core/id.h"
#include "http/contract.h"
#include "runtime/runtime.h"
#include "store/store.h"

#include <functional>
#include <string>

namespace onefold::object {

using SourceName = std::function<std::string(SourceId)>; // "" for a source that is not known

// GET orders and tickets (lists and single ones), GET fields, POST query. All reads are queries over the shipped
// catalogue.
void add_routes(
    http::Contract& contract, store::Database& database, const runtime::Clock& clock, SourceName source_name);
// POST query/count: how many rows meet a filter, in bounded time.
void add_count_route(http::Contract& contract, store::Database& database, const runtime::Clock& clock);

// GET formula/functions: what formulas can call, from the table of functions.
void add_function_route(http::Contract& contract);

} // namespace onefold::object
