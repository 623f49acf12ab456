#pragma once
// What is wrong with the server as a whole, for everybody who is signed in: GET /api/v1/state.
#include "audit/audit.h"
#include "event_log/event_log.h"
#include "http/contract.h"

#include <string>
#include <vector>

namespace onefold::house {

struct Problem {
    std::string
        code; // event_log.recovery_needed, event_log.damaged, event_log.full, audit.recovery_needed, audit.damaged
    LocalText message;
};

// Pure.
std::vector<Problem> problems_of(const event_log::Condition& events, const event_log::Condition& audit);

void add_state_routes(http::Contract& contract, const event_log::EventLog& log, const audit::Audit& audit);

} // namespace onefold::house
