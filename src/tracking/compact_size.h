#pragma once
// How large JSON is as it is sent. Pure.
#include <boost/json.hpp>
#include <cstddef>

namespace onefold::tracking {

// Its bytes without blanks and needless escapes, as JSON.stringify writes it: never more than what was sent.
std::size_t compact_size(const boost::json::object& json);
// Whether that is more than `bytes`; costs little where it is far less.
bool is_larger_than(std::size_t bytes, const boost::json::object& json);

} // namespace onefold::tracking
