#pragma once
// Snowplow's tracker protocol (tp2) → messages of our shape. Pure.
//
// pv is a page, se (structured) and ue (self-describing) are tracks named by their action or schema, a screen_view is a
// screen, pp is the track "Page Ping", tr is "Order Completed", ti "Order Item". uid becomes userId, duid (else a
// client session's) anonymousId. What has no place of its own is kept under context.snowplow.
#include "tracking/body.h"

namespace onefold::tracking {

struct SnowplowEvent {
    std::string_view type; // "" where it cannot be read: see `reason`
    boost::json::object message;
    Reason reason;
};
SnowplowEvent event_of_snowplow(const boost::json::object& event);

// The application id of the first event, which trackers set to the write key.
std::string application_of(const boost::json::object& body);

// {"schema":"iglu:…/payload_data/…","data":[events]}. tracking.not_a_batch where there is no such list.
Result<Taken> take_snowplow(const boost::json::object& body, const Occasion& occasion);
void take_snowplow_event(const boost::json::object& event, const Occasion& occasion, Taken& taken);

} // namespace onefold::tracking
