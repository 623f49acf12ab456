#include "timeline/timeline.h"

namespace onefold::timeline {

Result<std::string> get_origin(store::Database& database, runtime::Random& random) {
    const std::string fresh = random.token();
    return database.write([&](store::Session& session) -> Result<std::string> {
        TRY(session.execute("INSERT INTO timeline_origin (id, origin) VALUES (1, $1) ON CONFLICT DO NOTHING", {fresh}));
        const auto origin = TRY(session.find("SELECT origin FROM timeline_origin WHERE id = 1", {},
            [](const store::Row& row) { return std::string(row.text(0)); }));
        return origin.value_or(fresh);
    });
}

} // namespace onefold::timeline
