#pragma once
// The tracking routes: what sites, apps and servers send, acknowledged once it is durable.
#include "event_log/event_log.h"
#include "http/contract.h"
#include "source/source.h"

namespace onefold::tracking {

void add_routes(http::Contract& contract, event_log::EventLog& log, const source::Sources& sources,
    const runtime::Outside& outside);

} // namespace onefold::tracking
