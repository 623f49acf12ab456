#pragma once
// A pair of customers who may be one, and what a person said of it. Pure.
#include "core/id.h"
#include "core/time.h"
#include "identity/candidate.h"

#include <optional>
#include <string>
#include <vector>

namespace onefold::review {

using PairId = Id<struct PairNoun>;
// Of change rows, beside those in change.h.
inline constexpr ObjectId pair_object{11};

enum class State {
    open,   // to be looked at
    later,  // somebody looks at it when it is time, or when what is known changes
    merged, // somebody said that they are one
    apart,  // somebody said that they are two
};
std::string_view to_string(State state);
State state_named(std::string_view name);

struct Pair {
    PairId id;
    CustomerId low, high;
    State state = State::open;
    std::int64_t weight = 0;
    std::vector<identity::Doubt> doubts; // each once, the weightiest first
    std::string evidence;                // which values say so and why; equal where nothing new was found
    std::int64_t version = 1;
    Instant since;
    std::optional<Instant> until;                          // of what is looked at later; none: until something changes
    std::optional<std::int64_t> low_version, high_version; // of the customers, when it was put off
    std::string decided_by;
    std::optional<Instant> decided_at;
    std::int64_t decision = 0;
};

// What speaks for a pair, in numbers and in words; sorted by value.
struct Weighed {
    std::int64_t weight = 0;
    std::vector<identity::Doubt> doubts;
    std::string evidence;
};
Weighed weigh(std::vector<std::pair<IdentifierId, identity::Doubt>> evidence);

// What becomes of a pair after what is known was looked at again.
enum class Fate {
    stays,
    opens,  // comes into the queue, or comes back into it
    leaves, // out of the queue; nobody decided it
};
// `stored` is none where the pair was never met; `may_be_one`: both live, and nobody said that they are two.
Fate fate_of(const Pair* stored, const Weighed& weighed, bool may_be_one);
// Whether it is time to look at what was put off. The versions are those of now, none of who is no more.
bool is_due(const Pair& later, Instant now, std::optional<std::int64_t> low, std::optional<std::int64_t> high);

} // namespace onefold::review
