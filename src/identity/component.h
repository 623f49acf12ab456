#pragma once
// The part of the graph that could hang together with some touched nodes, read out of the store and written back
// resolved. For this room's own files.
#include "identity/identity.h"
#include "identity/value_store.h"

#include <map>

namespace onefold::identity {

inline constexpr std::string_view alias_prefix = "alias:"; // of subject keys

struct LoadedNode {
    NodeKind kind = NodeKind::person;
    std::string content_key;
    CustomerId customer;  // 0: not yet anybody
    CustomerId anchor_of; // the customer that was opened for this node
    std::int64_t first_at = 0;
    bool is_alias = false; // only says that identifiers belong together
};
struct LoadedComponent {
    std::map<NodeId, LoadedNode> nodes;
    Component graph;
    std::vector<std::pair<IdentifierId, StateCause>> closed; // no longer open; written with the partition
    std::vector<NodeId> touched;                             // for whose sake it was loaded
};

// Everything reachable from `touched` over open identifiers. Those that frequency shows to be shared close (but what a
// person opened), and then those that would make a component wider than `nodes_max`.
Result<LoadedComponent> load_component(
    store::Session& session, const std::vector<NodeId>& touched, std::size_t nodes_max);

// Gives every part its customer (the oldest whose anchor node it holds, else a new one), moves the others there, notes
// the evidence.
struct Written {
    std::vector<CustomerId> changed;                   // whose nodes changed, sorted
    std::vector<CustomerId> grown;                     // those of them to whom only new nodes came; sorted
    std::vector<std::pair<NodeId, CustomerId>> placed; // every node of the component and whose it is now
};
Result<Written> write_partition(store::Session& session, const LoadedComponent& component, const Partition& partition,
    CustomerBook& book, Instant now);

} // namespace onefold::identity
