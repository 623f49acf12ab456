#pragma once
// Which types of identifiers there are, and in which scopes.
#include "store/store.h"

namespace onefold::identity {

// (type, scope), sorted. Looks at every identifier.
Result<std::vector<std::pair<std::string, std::string>>> list_places(store::Session& session);

} // namespace onefold::identity
