#pragma once
// Which values do not join, since when and why, as rows. For this room's own files.
#include "identity/decision.h"
#include "identity/value.h"
#include "store/store.h"

#include <set>

namespace onefold::identity {

// Whether a person said that the value joins, whatever the rules say of it.
Result<bool> is_opened_by_hand(store::Session& session, IdentifierId identifier);

// What is created as blocked.
Result<> write_placeholders(store::Session& session, const std::vector<IdentifierId>& identifiers, Instant now);
// What the rules closed becomes shared.
Result<> write_closed(
    store::Session& session, const std::vector<std::pair<IdentifierId, StateCause>>& closed, Instant now);
// The row that stands ends, and this one stands. Of an open value by no hand no row stands.
Result<> write_state(
    store::Session& session, IdentifierId identifier, ValueState state, StateCause cause, const Say& say);

// What the rules say of it, by what is stored now.
struct RuledState {
    ValueState state = ValueState::open;
    StateCause cause = StateCause::frequency;
    friend bool operator==(const RuledState&, const RuledState&) = default;
};
Result<RuledState> ruled_state(store::Session& session, IdentifierId identifier);

// Its holders, `most` at most.
Result<std::vector<NodeId>> list_holders(store::Session& session, IdentifierId identifier, std::size_t most);

// What people said of values in another database, by type, scope and digest; adds the nodes that hold them.
Result<> copy_states(store::Session& from, store::Session& to, std::set<NodeId>& touched);

} // namespace onefold::identity
