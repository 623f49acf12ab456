#pragma once
// Accepted messages that had not all the effect that their name promises: the newest of each source.
#include "core/id.h"
#include "customer/problem.h"
#include "http/contract.h"
#include "source/source.h"
#include "store/store.h"

namespace onefold::customer {

struct KeptProblem {
    SourceId source;
    Position position; // of the message in the event log
    Instant at;        // when it came
    std::string name;  // of the event
    MessageProblem problem;
};
inline constexpr std::int64_t problems_kept_max = 10'000; // a source

// A position is noted once.
Result<> keep_problems(store::Session& session, const std::vector<KeptProblem>& problems);

// GET /api/v1/sources/{id}/problems
void add_problem_routes(http::Contract& contract, store::Database& database, const source::Sources& sources);

} // namespace onefold::customer
