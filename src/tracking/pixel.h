#pragma once
// The pixel: a message in the query of an image's address. Pure.
#include "tracking/body.h"

namespace onefold::tracking {

// A transparent GIF of one by one.
std::string_view gif();

// ?data=<base64 of a JSON message>, or flat: userId=…&properties.subject=… (dots nest). tracking.unreadable.
Result<boost::json::object> message_of_query(std::string_view query);

// The parameter, decoded; "" for none.
std::string query_value(std::string_view query, std::string_view name);

// The query without this parameter, and without any other that repeats its value, also within base64.
std::string without_key(std::string_view query, std::string_view name);

} // namespace onefold::tracking
