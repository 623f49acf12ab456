#pragma once
// JSON as we take it: UTF-8 (RFC 8259), at most 64 deep, no key twice in one object, no NUL in text.
#include "core/result.h"

#include <boost/json.hpp>
#include <string_view>

namespace onefold::http {

inline constexpr std::size_t json_depth_max = 64;

// http.bad_json with line and column, http.too_deep, http.duplicate_key, http.bad_character.
// The value lives in `storage`: a boost::json::monotonic_resource is for what is read, taken apart and thrown away.
Result<boost::json::value> parse_json(std::string_view text, boost::json::storage_ptr storage = {});

// Appends `text` as a JSON string.
void write_json_string(std::string_view text, std::string& out);

// Appends `json` as text that reads back as the same value: whole numbers stay whole, others keep a point or, as in
// JavaScript, an exponent.
void write_json(const boost::json::value& json, std::string& out);
void write_json(const boost::json::object& json, std::string& out);

} // namespace onefold::http
