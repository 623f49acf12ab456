#pragma once
// How many customers were first seen on each day of the company's zone.
#include "http/contract.h"
#include "runtime/runtime.h"
#include "store/store.h"

#include <optional>
#include <string>
#include <vector>

namespace onefold::customer {

struct DayGrowth {
    std::string day;                   // "2026-11-28"
    std::optional<std::int64_t> count; // nullopt where counting took too long
};

// The last `days` days, the newest first. Counts for `patience` altogether.
Result<std::vector<DayGrowth>> list_growth(
    store::Session& session, const Zone& zone, Instant now, int days, std::chrono::milliseconds patience);

void add_growth_route(http::Contract& contract, store::Database& database, const runtime::Clock& clock);

} // namespace onefold::customer
