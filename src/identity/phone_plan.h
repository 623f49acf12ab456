#pragma once
// The numbering plans of the world, as the build takes them from libphonenumber-js (script/phone_metadata.mjs).
#include <cstdint>
#include <span>

namespace onefold::identity {

// Patterns are regular expressions over digits; empty where a plan has none.
struct PhonePlan {
    const char* region; // ISO 3166; "001" for plans of no country
    const char* calling_code;
    const char* international_prefix;
    const char* national_number;
    const char* national_prefix;      // what is dialled before the number within the country
    const char* national_prefix_rule; // what the prefix becomes ("9$1"); empty: it goes away
    std::uint32_t lengths;            // bit n: a national number may have n digits
};

// Grouped by calling code, the main region of a code first.
std::span<const PhonePlan> phone_plans();

} // namespace onefold::identity
