#pragma once
// What people type into a golden field: whether it may stand there, and in which form. Pure.
#include "core/result.h"
#include "core/time.h"

#include <string>
#include <string_view>

namespace onefold::customer {

// customer.bad_value, with what is wrong in words and an example.
Result<std::string> typed_value(std::string_view field_code, std::string_view text, Instant now);

} // namespace onefold::customer
