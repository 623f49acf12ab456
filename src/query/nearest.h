#pragma once
// Did you mean …?
#include <string>
#include <string_view>
#include <vector>

namespace onefold::query {

// Single characters inserted, left out, changed, or two neighbours swapped (optimal string alignment), by code point
// and folded.
std::size_t distance_between(std::string_view left, std::string_view right);

// The code nearest to `written`, or "" where none is near (a third of its length, at least one).
std::string nearest_of(std::string_view written, const std::vector<std::string_view>& codes);

} // namespace onefold::query
