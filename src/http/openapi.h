#pragma once
// The contract as an OpenAPI 3.1 document. Private to this room.
#include "http/route.h"

namespace onefold::http {

boost::json::object openapi_of(const std::vector<std::unique_ptr<Operation>>& operations);

} // namespace onefold::http
