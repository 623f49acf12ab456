#pragma once
// What messages do beyond being events: they change orders, make members, or show a problem.
#include "change/change.h"
#include "customer/message.h"

namespace onefold::customer {

struct Effect {
    const Message* message = nullptr;
    Position position;
    Instant received_at;
    NodeId subject;      // 0: nobody
    NodeId organisation; // of message->organisation
};

// Inside the transaction that moves the reader's cursor. The nodes whose orders changed.
Result<std::vector<NodeId>> apply_effects(store::Session& session, const change::Author& author,
    const source::Sources& sources, const std::vector<Effect>& effects);

} // namespace onefold::customer
