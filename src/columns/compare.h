#pragma once
// Whether two files say the same of the same events: rows and checksums of each day, and what was learned.
#include "core/result.h"
#include "store/columns.h"

#include <string>
#include <vector>

namespace onefold::columns {

struct Difference {
    std::string table; // "event", "event_type", "event_property", "customer", "node"
    std::string key;   // a local day, or an id; of customers and nodes the ids of a thousand
    std::int64_t live_rows = 0, rebuilt_rows = 0;
};

struct Comparison {
    std::int64_t days = 0;
    std::int64_t live_events = 0, rebuilt_events = 0;
    std::int64_t differences = 0;
    std::vector<Difference> first_differences; // 100 at most
};

enum class Compared { events, everything };
Result<Comparison> compare(store::ColumnsConnection& live, store::ColumnsConnection& rebuilt, Compared what);

} // namespace onefold::columns
