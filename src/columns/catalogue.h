#pragma once
// Which events there are and what they say, counted from the rows themselves: so the figures are as exact as the rows,
// also after some were forgotten.
#include "columns/dictionary.h"
#include "core/time.h"
#include "store/columns.h"

#include <optional>
#include <string>
#include <vector>

namespace onefold::columns {

struct EventTypeSummary {
    EventTypeId id = 0;
    EventTypeKey key;
    std::int64_t event_count = 0;
    Instant first_seen_at, last_seen_at; // when they happened
    std::int64_t property_count = 0;
};

struct EventTypeQuestion {
    std::optional<SourceId> source;
    std::string text; // part of the name or kind, in any case
    struct After {
        std::int64_t event_count;
        EventTypeId id;
    };
    std::optional<After> after;
    std::int64_t limit = 50;
};

struct PropertyUse {
    CellType type = CellType::text;
    std::int64_t count = 0;            // events in which it has this type
    bool is_in_overflow = false;       // found no column of its own
    std::vector<std::string> examples; // 5 at most, of the newest events, the most frequent first; masked
};
struct PropertySummary {
    std::string path;
    std::int64_t count = 0;
    std::vector<PropertyUse> types; // the most frequent first: the others are unexpected
};
struct EventTypeDetail {
    EventTypeSummary summary;
    std::int64_t customer_count = 0;         // whose event it is, as customers are now; nobody's not counted
    std::vector<PropertySummary> properties; // the most frequent first
    std::int64_t left_out_count = 0;         // values of properties beyond the limits; kept, not told apart
};

// The most frequent first; those without an event left are not told.
Result<std::vector<EventTypeSummary>> list_event_types(
    store::ColumnsConnection& connection, const EventTypeQuestion& question);
// columns.no_such_event_type (not_found)
Result<EventTypeDetail> get_event_type(store::ColumnsConnection& connection, EventTypeId id);

// Events of kinds beyond the limits.
Result<std::int64_t> count_events_left_out(store::ColumnsConnection& connection);

} // namespace onefold::columns
