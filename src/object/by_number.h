#pragma once
// Orders and tickets whose number somebody has at hand, whatever its scope.
#include "core/id.h"
#include "core/time.h"
#include "store/store.h"

#include <optional>
#include <string>
#include <vector>

namespace onefold::object {

struct NumberedRecord {
    std::string object; // "order", "ticket"
    RecordId id;
    std::string number;
    NodeId node; // 0: of nobody
    std::optional<Instant> time;
};

// Those of exactly this number, the newest of each object first, at most `limit` of each. One look-up a scope.
Result<std::vector<NumberedRecord>> find_by_number(store::Session& session, const std::string& number, int limit);

} // namespace onefold::object
