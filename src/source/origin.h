#pragma once
// Web origins as people write them (RFC 6454): scheme, host and port, as a browser sends them in `Origin`. Pure.
#include "core/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace onefold::source {

inline constexpr std::size_t allowed_origins_max = 100;

// "https://Shop.Example:443/" → "https://shop.example". A host may begin with "*." for all its subdomains.
// source.bad_origin for what is none.
Result<std::string> origin_of(std::string_view text);

// Whether a browser's `Origin` is one of `allowed` (as origin_of gives them); any is, where there are none.
bool is_allowed(std::string_view origin, const std::vector<std::string>& allowed);

} // namespace onefold::source
