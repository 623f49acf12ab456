#pragma once
// An HTTPS address, checked. No input and output.
#include "core/result.h"

#include <string>
#include <string_view>

namespace onefold::fetch {

struct WebAddress {
    std::string url;  // without a fragment
    std::string host; // in lower case
    std::string port;
    std::string name; // of the file: the last part of the path, "download" where it has none
    std::string origin() const { return host + ":" + port; }
};
// https only, without a user or password in it. fetch.bad_address
Result<WebAddress> parse_web_address(std::string_view text);
// The address that `location` names, seen from `from`. fetch.bad_address
Result<std::string> resolved(const WebAddress& from, const std::string& location);

} // namespace onefold::fetch
