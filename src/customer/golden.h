#pragma once
// The golden record: which value of each field stands, and why. Pure.
//
// Survivorship: the most trusted source wins, then the newest value, then the more frequent one, then the longer one,
// then the greater text; so the order in which nodes are given does not matter.
#include "core/id.h"
#include "core/time.h"
#include "identity/identity.h"

#include <functional>
#include <string>
#include <vector>

namespace onefold::customer {

struct Claimed {
    std::string value;
    SourceId source;
    NodeId node;
    Instant at;
};
struct GoldenValue {
    FieldId field;
    Claimed winner;
    std::string rule;            // "only_value", "most_trusted", "most_recent", "most_frequent", "longest"
    std::vector<Claimed> others; // different values that lost, best first
};

using Trust = std::function<int(SourceId)>;

std::vector<GoldenValue> fold(const std::vector<identity::NodeFacts>& nodes, const Trust& trust);

// As the customer's row keeps it; equal texts mean equal golden records.
std::string provenance_of(const std::vector<GoldenValue>& golden);

} // namespace onefold::customer
