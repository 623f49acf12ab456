#pragma once
// Whether the house is well: /healthz, /readyz, /metrics; and Onefold-Position.
#include "columns/columns.h"
#include "customer/intake.h"
#include "event_log/event_log.h"
#include "http/contract.h"
#include "http/server.h"

#include <atomic>
#include <memory>

namespace onefold::house {

class Watch {
  public:
    void add_routes(http::Contract& contract, const event_log::EventLog& log, const customer::Intake& intake,
        const columns::Columns& columns);
    void of(const http::Server* server) { server_ = server; }

  private:
    std::string metrics(
        const event_log::EventLog& log, const customer::Intake& intake, const columns::Columns& columns) const;
    std::atomic<const http::Server*> server_ = nullptr;
};

std::unique_ptr<http::Positions> make_positions(const event_log::EventLog& log, const customer::Intake& intake);

} // namespace onefold::house
