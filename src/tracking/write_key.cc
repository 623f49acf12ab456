#include "tracking/write_key.h"

#include "core/text.h"
#include "tracking/base64.h"

namespace onefold::tracking {

std::string write_key_of_header(std::string_view authorization) {
    constexpr std::string_view scheme = "basic ";
    if (authorization.size() < scheme.size() || folded(authorization.substr(0, scheme.size())) != scheme)
        return "";
    const auto decoded = from_any_base64(trimmed(authorization.substr(scheme.size())));
    return decoded ? decoded->substr(0, decoded->find(':')) : "";
}

} // namespace onefold::tracking
