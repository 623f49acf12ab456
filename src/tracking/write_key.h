#pragma once
// Where a request names the write key of its source. Pure.
#include "http/contract.h"

#include <string>
#include <string_view>

namespace onefold::tracking {

// The user of "Basic base64(key:)"; the colon, the password and the padding may be missing. "" for anything else.
std::string write_key_of_header(std::string_view authorization);

// The key with which a body begins, as those of our own tracker do ({"writeKey":"…",); "" for any other.
std::string write_key_at_start(std::string_view body);

// What a request tells of its key before its body is read: in the header, at the start of the body, in the address.
std::string write_key_ahead(const http::Incoming& incoming);

} // namespace onefold::tracking
