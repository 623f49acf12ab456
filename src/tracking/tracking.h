#pragma once
// The door: what sites, apps and servers send, acknowledged once it is durable. It speaks as Segment does, with what
// RudderStack and Snowplow do otherwise.
//
// What is refused for its meaning is answered 200, as senders expect, after it was kept with its reason; the header
// Onefold-Refused counts it. 400 is for what is no JSON or too large, 401 for an unknown or revoked write key, 403 for
// pages of an origin that its source does not allow, 429 for trackers that send too fast.
#include "event_log/event_log.h"
#include "http/contract.h"
#include "source/source.h"
#include "store/store.h"
#include "traffic/traffic.h"

#include <memory>

namespace onefold::tracking {

const store::Schema& schema();

// Thread-safe.
class Tracking {
  public:
    Tracking(store::Database& database, event_log::EventLog& log, const source::Sources& sources,
        traffic::Traffic& traffic, const runtime::Outside& outside);
    ~Tracking();

    void add_routes(http::Contract& contract);

  private:
    struct Parts;
    std::shared_ptr<Parts> parts_;
};

} // namespace onefold::tracking
