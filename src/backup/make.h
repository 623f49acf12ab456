#pragma once
// Making one backup of a data folder that is in use.
//
// The order is what makes it consistent: nothing expires meanwhile; where the logs end is noted; then one snapshot of
// the database is copied; then the event log up to where it ended, or to where the snapshot had read it if that is
// further. So the log holds all that the database has taken up, and nothing of a source that the database does not
// know.
#include "audit/audit.h"
#include "backup/place.h"
#include "event_log/event_log.h"
#include "store/store.h"

namespace onefold::backup {

// Up to where the event log must be there for what this snapshot of the database has taken up.
using LogNeeded = std::function<Result<Position>(store::Session&)>;

struct Origin {
    const runtime::Outside& outside;
    std::string folder;       // the data folder
    std::string database_url; // a path, or postgres://…
    event_log::EventLog& log;
    const audit::Audit& audit;
    LogNeeded log_needed;
};

enum class WithKeys { no, yes };

// About how many bytes it will be.
std::uint64_t bytes_expected(const Origin& origin);

// Everything but `Place::finish`. backup.log_damaged; what `place` and the rooms answer.
Result<Manifest> make(const Origin& origin, Place& place, WithKeys with_keys, const Progress& progress);

} // namespace onefold::backup
