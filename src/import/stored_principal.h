#pragma once
// Who asked for work that may outlive the program, as text. For this room's own files.
#include "core/caller.h"

#include <boost/json.hpp>
#include <string>

namespace onefold::import {

inline std::string json_of(const Principal& principal) {
    return boost::json::serialize(
        boost::json::object{{"kind", int(principal.kind)}, {"id", principal.id}, {"role", int(principal.role)}});
}

inline Principal principal_of(std::string_view text) {
    const auto parsed = boost::json::parse(text);
    if (parsed.as_object().empty())
        return {};
    return {Principal::Kind(parsed.at("kind").to_number<int>()), parsed.at("id").to_number<std::int64_t>(),
        Role(parsed.at("role").to_number<int>())};
}

} // namespace onefold::import
