#pragma once
// Where a request names the write key of its source. Pure.
#include <string>
#include <string_view>

namespace onefold::tracking {

// The user of "Basic base64(key:)"; the colon, the password and the padding may be missing. "" for anything else.
std::string write_key_of_header(std::string_view authorization);

} // namespace onefold::tracking
