#pragma once
// base64 as senders write it: standard or URL-safe, padded or not, a blank where a '+' went through a query.
#include <optional>
#include <string>
#include <string_view>

namespace onefold::tracking {

std::optional<std::string> from_any_base64(std::string_view text);

} // namespace onefold::tracking
