#pragma once
// What this room shows of itself over HTTP: orders and tickets, the fields of an object, and any typed query.
#include "core/id.h"
#include "http/contract.h"
#include "store/store.h"

#include <functional>
#include <string>

namespace onefold::object {

using SourceName = std::function<std::string(SourceId)>; // "" for a source that is not known

// GET orders and tickets (lists and single ones), GET fields, POST query. All reads are queries over the shipped
// catalogue.
void add_routes(http::Contract& contract, store::Database& database, SourceName source_name);

} // namespace onefold::object
