// What our reader takes, Boost's takes too, and it is the same; written out, it reads back.
#include "http/json.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace {

// Boost reads 0e999 as no number at all, and is off by the last bit now and then.
bool is_alike(const boost::json::value& ours, const boost::json::value& theirs) {
    if (ours.is_double() && theirs.is_double()) {
        const double one = ours.get_double(), other = theirs.get_double();
        const double apart = std::abs(one - other);
        return one == other || (std::isnan(other) && one == 0) ||
               (std::isfinite(apart) && apart <= std::max(1e-15 * std::abs(one), std::numeric_limits<double>::min()));
    }
    if (ours.is_array() && theirs.is_array())
        return std::ranges::equal(ours.get_array(), theirs.get_array(), is_alike);
    if (ours.is_object() && theirs.is_object())
        return std::ranges::equal(ours.get_object(), theirs.get_object(), [](const auto& one, const auto& other) {
            return one.key() == other.key() && is_alike(one.value(), other.value());
        });
    return ours == theirs;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto ours = onefold::http::parse_json(text);
    if (!ours)
        return 0;
    boost::json::parse_options options;
    options.max_depth = onefold::http::json_depth_max;
    boost::system::error_code error;
    const auto theirs = boost::json::parse(text, error, {}, options);
    if (error || !is_alike(*ours, theirs))
        __builtin_trap();
    std::string written;
    onefold::http::write_json(*ours, written);
    const auto back = onefold::http::parse_json(written);
    if (!back || !is_alike(*ours, *back))
        __builtin_trap();
    return 0;
}
