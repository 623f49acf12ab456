#pragma once
// The identifier types in force. For this room's own files.
#include "identity/identifier.h"

#include <vector>

namespace onefold::identity {

// What Onefold ships, as it is without any policy.
std::span<const IdentifierType> built_in_types();

// From now on these are in force. `code` and what else they point to is copied. Whoever holds a type from before keeps
// it: nothing is ever freed, so that a pointer to a type is valid for ever. Thread-safe.
void install_types(const std::vector<IdentifierType>& types);

} // namespace onefold::identity
