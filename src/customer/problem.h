#pragma once
// Why an accepted message has not all the effect that its name promises. Pure.
#include "core/local_text.h"

#include <string>
#include <string_view>

namespace onefold::customer {

struct MessageProblem {
    // "order.no_number", "order.bad_amount", "order.unknown_currency", "merge.unknown_type", "merge.bad_value",
    // "trait.no_identifier", "trait.no_date", "trait.no_age"
    std::string_view code;
    std::string path; // a JSON pointer into the message
};
// In words; for any of these codes.
LocalText text_of(std::string_view code, std::string_view path);

} // namespace onefold::customer
