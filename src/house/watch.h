#pragma once
// Whether the house is well: /healthz, /readyz, /metrics; and Onefold-Position.
#include "columns/columns.h"
#include "customer/intake.h"
#include "event_log/event_log.h"
#include "http/contract.h"
#include "http/server.h"
#include "search/search.h"
#include "timeline/timeline.h"

#include <atomic>
#include <memory>

namespace onefold::house {

struct Watched {
    const event_log::EventLog& log;
    const customer::Intake& intake;
    const timeline::Timeline& timeline;
    const columns::Columns& columns;
    const search::Search& search;
};

class Watch {
  public:
    void add_routes(http::Contract& contract, const Watched& rooms);
    void of(const http::Server* server) { server_ = server; }

  private:
    std::atomic<const http::Server*> server_ = nullptr;
};

// In the exposition format of Prometheus; `server` may be nullptr.
std::string metrics_of(const Watched& rooms, const http::Server* server);

std::unique_ptr<http::Positions> make_positions(const event_log::EventLog& log, const customer::Intake& intake);

} // namespace onefold::house
