#pragma once
// What a roll-back asks of records (nodes) before it takes back what sources said of them: see Customers::withdraw.
#include "core/id.h"
#include "store/store.h"

#include <set>
#include <string>
#include <vector>

namespace onefold::customer {

// One a node, in order.
struct RecordOrigin {
    std::string cause;   // of what told of it first, "log:123"
    std::string name;    // its customer's, else its key
    CustomerId customer; // 0: nobody's
};
Result<std::vector<RecordOrigin>> list_origins(store::Session& session, const std::vector<NodeId>& nodes);

// Those of which people said something: edits, merges and separations, notes, memberships, checked identifiers.
Result<std::set<NodeId>> list_said_by_hand(store::Session& session, const std::vector<NodeId>& nodes);

} // namespace onefold::customer
