#pragma once
// Numbers that a state gives out with a check character.
#include "core/result.h"

#include <string>
#include <string_view>

namespace onefold::identity {

// Resident identity card of China (GB 11643): 18 characters, the last by ISO 7064 MOD 11-2, a possible date of birth.
// A 15-digit number of before 1999 becomes its 18-character form. Case and blanks within do not matter.
Result<std::string> parse_id_card(std::string_view text);

// Unified social credit code of China (GB 32100): 18 characters, the last MOD 31 over the alphabet without I O S V Z.
Result<std::string> parse_credit_code(std::string_view text);

} // namespace onefold::identity
