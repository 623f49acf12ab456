#pragma once
// The parts of a customer's timeline: what is asked for, and where a page begins. Pure.
#include "customer/customer.h"

#include <climits>

namespace onefold::customer {

// A place on the timeline: newest first by time, then notes before events before orders before tickets, then the
// greater id.
struct TimelinePlace {
    std::int64_t at = INT64_MAX;
    int rank = INT_MAX;
    std::int64_t id = INT64_MAX;
    friend auto operator<=>(const TimelinePlace&, const TimelinePlace&) = default;
};
inline constexpr int rank_of_tickets = 0, rank_of_orders = 1, rank_of_events = 2, rank_of_notes = 3;

std::string cursor_of(const TimelinePlace& place);
Result<TimelinePlace> place_of(const std::string& cursor); // customer.bad_page

struct TimelineQuestion {
    bool has_events = true, has_orders = true, has_tickets = true, has_notes = true;
    timeline::Filter events;
    std::vector<SourceId> sources; // all where empty
    bool takes(SourceId source) const;
};
// `known_kinds` are the kinds of events that ever occurred.
Result<TimelineQuestion> question_of(
    const TimelineFilter& filter, const std::vector<std::string>& known_kinds, const source::Sources& sources);

} // namespace onefold::customer
