#pragma once
// The ends of customers' phone numbers, for finding them by what people remember of a number. The whole numbers stay
// sealed.
#include "access/keys.h"
#include "core/id.h"
#include "store/store.h"

#include <string>
#include <vector>

namespace onefold::identity {

// Of each customer the last four digits of its phone identifiers; without placeholders.
Result<std::vector<std::vector<std::string>>> list_phone_ends(
    store::Session& session, const access::Keys& keys, const std::vector<CustomerId>& customers);

} // namespace onefold::identity
