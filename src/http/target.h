#pragma once
// The target of a request: path and query, decoded strictly (RFC 3986).
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace onefold::http {

// nullopt for a bad %XX. In a query '+' is a blank, in a path it is itself.
std::optional<std::string> decoded_query_text(std::string_view text);

// The path decoded once; nullopt for a bad %XX, invalid UTF-8, control characters, an encoded slash or backslash, "."
// and ".." segments and empty ones but the last: what two readers could understand in two ways.
std::optional<std::string> decoded_path(std::string_view raw);

// The parameters in their order; nullopt for a bad %XX. Empty ones ("a&&b") are passed over.
std::optional<std::vector<std::pair<std::string, std::string>>> query_parameters(std::string_view query);

} // namespace onefold::http
