#pragma once
// Telephone numbers to E.164, after the algorithm and the numbering plans of libphonenumber.
#include "core/result.h"

#include <string>
#include <string_view>

namespace onefold::identity {

// "+8613912345678" from "139-1234-5678", "0086 139 1234 5678", "(010) 8888 6666 转 12". `text` is half-width UTF-8
// without blanks at its ends. Numbers without a calling code are read in `region`. Beyond libphonenumber, Chinese
// numbers without an area code are refused (two cities share them), and so are mobile numbers that do not begin with 13
// to 19. identity.bad_value: no number, several numbers, no region, or no number of that country's plan.
Result<std::string> phone_to_e164(std::string_view text, std::string_view region);

} // namespace onefold::identity
