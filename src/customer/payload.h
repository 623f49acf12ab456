#pragma once
// What the members of a payload say, as text. For this room's own files.
#include "core/text.h"

#include <boost/json.hpp>
#include <fmt/format.h>
#include <string>
#include <string_view>

namespace onefold::customer {

using Json = boost::json::object;

// A member that is there and not null.
inline const boost::json::value* find(const Json& json, std::string_view name) {
    const auto* found = json.if_contains(name);
    return found && !found->is_null() ? found : nullptr;
}

// Strings as they are; numbers and booleans as their text, as trackers send numbers as ids.
inline std::string text_of(const boost::json::value* json) {
    if (!json)
        return "";
    if (json->is_string())
        return std::string(trimmed(std::string_view(json->get_string())));
    if (json->is_int64() || json->is_uint64() || json->is_bool())
        return boost::json::serialize(*json);
    if (json->is_double())
        return fmt::format("{}", json->get_double());
    return "";
}

inline std::string text_in(const Json& json, std::string_view name) {
    return text_of(find(json, name));
}

inline const Json* object_in(const Json& json, std::string_view name) {
    const auto* found = find(json, name);
    return found ? found->if_object() : nullptr;
}

inline const boost::json::array* array_in(const Json& json, std::string_view name) {
    const auto* found = find(json, name);
    return found ? found->if_array() : nullptr;
}

} // namespace onefold::customer
