#include "identity/places.h"

namespace onefold::identity {

Result<std::vector<std::pair<std::string, std::string>>> list_places(store::Session& session) {
    return session.list("SELECT DISTINCT type, scope FROM identifier ORDER BY type, scope", {},
        [](const store::Row& row) { return std::pair(std::string(row.text(0)), std::string(row.text(1))); });
}

} // namespace onefold::identity
