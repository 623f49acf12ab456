#include "tracking/write_key.h"

#include "core/text.h"
#include "tracking/base64.h"
#include "tracking/pixel.h"

namespace onefold::tracking {

std::string write_key_of_header(std::string_view authorization) {
    constexpr std::string_view scheme = "basic ";
    if (authorization.size() < scheme.size() || folded(authorization.substr(0, scheme.size())) != scheme)
        return "";
    const auto decoded = from_any_base64(trimmed(authorization.substr(scheme.size())));
    return decoded ? decoded->substr(0, decoded->find(':')) : "";
}

std::string write_key_at_start(std::string_view body) {
    constexpr std::string_view start = R"({"writeKey":")";
    constexpr std::size_t key_bytes_max = 100;
    if (!body.starts_with(start))
        return "";
    const std::string_view rest = body.substr(start.size(), key_bytes_max);
    const auto end = rest.find_first_of("\"\\");
    return end != rest.npos && rest[end] == '"' ? std::string(rest.substr(0, end)) : "";
}

std::string write_key_ahead(const http::Incoming& incoming) {
    std::string key = write_key_of_header(incoming.header("authorization"));
    if (key.empty())
        key = write_key_at_start(incoming.body);
    return key.empty() ? query_value(incoming.query, "writeKey") : key;
}

} // namespace onefold::tracking
