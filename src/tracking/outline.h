#pragma once
// Where the values in a JSON text stand, by its grammar alone (RFC 8259): what its texts mean, how deep it is, which
// keys it has twice and how large its numbers are does not matter. No recursion, one pass. Pure.
#include <optional>
#include <string_view>
#include <vector>

namespace onefold::tracking {

struct Member {
    std::string_view key, value; // as written, the key within its quotes
};
// None where the whole text is no JSON object, or no JSON array.
std::optional<std::vector<Member>> members_of(std::string_view text);
std::optional<std::vector<std::string_view>> elements_of(std::string_view text);

} // namespace onefold::tracking
