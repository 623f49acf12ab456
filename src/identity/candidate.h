#pragma once
// Customers who hold an equal value and are two nevertheless: they may be one. What they share is looked up by value,
// never by comparing customers, so it costs what a value's few holders cost, however many customers there are.
#include "core/id.h"
#include "identity/resolve.h"
#include "identity/value.h"
#include "store/store.h"

#include <optional>
#include <vector>

namespace onefold::identity {

// Why an equal value did not join.
enum class Doubt {
    conflict, // it joins, and something stronger says that they are two
    limited,  // the policy does not let it join customers of this kind
    shared,   // the rules found it to be of too many
    weak,     // a device or a browser, which several people use
};
std::string_view to_string(Doubt doubt);
Doubt doubt_named(std::string_view name);

// Nothing of what says nothing: a placeholder, and what a person said to be of several.
std::optional<Doubt> doubt_of(const IdentifierType& type, ValueState state, StateCause cause, NodeKind kind);
// A value of more customers of one kind than this speaks of nobody: a switchboard, a shop's tablet. The same for one
// of more than 1,000 records.
std::size_t sharers_max(Doubt doubt);

struct CandidatePair {
    CustomerId low, high; // low < high
    IdentifierId identifier;
    Doubt doubt = Doubt::weak;
    friend auto operator<=>(const CandidatePair&, const CandidatePair&) = default;
};
// All pairs for which the value speaks, sorted; whether people keep them apart is another question.
Result<std::vector<CandidatePair>> list_candidates(store::Session& session, IdentifierId identifier);
// Whether both live and nobody said that they are two.
Result<bool> may_be_one(store::Session& session, CustomerId a, CustomerId b);

// What changed since it was forgotten last: nodes that claim something new or went elsewhere, as the values they hold;
// values whose state changed; customers whose nodes or separations changed. Each transaction that resolves writes one
// row, so nothing is lost by a kill.
struct Touched {
    std::int64_t last = 0; // of the rows
    std::vector<IdentifierId> identifiers;
    std::vector<CustomerId> customers;
};
Result<> note_touched(store::Session& session, const std::vector<NodeId>& nodes,
    const std::vector<IdentifierId>& identifiers, const std::vector<CustomerId>& customers);
// The oldest rows, of about `nodes_max` nodes; `last` is 0 where there is none.
Result<Touched> read_touched(store::Session& session, std::size_t nodes_max);
Result<> forget_touched(store::Session& session, std::int64_t last);

// Values with two records or more among the `limit` behind `after`, by id, and the last that was looked at; nothing
// behind it where that is 0.
struct HeldValues {
    std::vector<IdentifierId> identifiers;
    std::int64_t last = 0;
};
Result<HeldValues> list_held_values(store::Session& session, std::int64_t after, std::int64_t limit);

} // namespace onefold::identity
