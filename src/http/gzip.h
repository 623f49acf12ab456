#pragma once
// gzip (RFC 1952) of bodies, by zlib.
#include "core/result.h"

#include <string>
#include <string_view>

namespace onefold::http {

std::string gzipped(std::string_view bytes);

// http.too_large where more than `bytes_max` would come out, http.bad_gzip for what is damaged, cut or followed by
// something else.
Result<std::string> gunzipped(std::string_view bytes, std::size_t bytes_max);

} // namespace onefold::http
