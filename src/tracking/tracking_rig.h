#pragma once
// An occasion for this room's tests: at noon, from the address of a visitor or of a server.
#include "tracking/message.h"

namespace onefold::tracking {

inline Instant at(std::string_view text) {
    return parse_rfc3339(text).value();
}
inline Occasion noon(bool is_from_visitor = false) {
    return {at("2026-01-01T12:00:00Z"), "203.0.113.7", is_from_visitor, [] { return std::string("made"); }};
}
inline boost::json::object json(std::string_view text) {
    return boost::json::parse(text).as_object();
}
inline boost::json::object payload_of(const Message& message) {
    return json(message.payload);
}

} // namespace onefold::tracking
