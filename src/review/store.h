#pragma once
// Pairs and what speaks for them, as rows. For this room's own files.
#include "review/pair.h"
#include "store/store.h"

#include <set>

namespace onefold::review {

using Ends = std::pair<CustomerId, CustomerId>; // low, high

// What a value speaks for, as it is written.
Result<std::vector<identity::CandidatePair>> list_evidence(store::Session& session, IdentifierId identifier);
Result<std::vector<std::pair<IdentifierId, identity::Doubt>>> list_evidence(store::Session& session, const Ends& ends);
Result<> write_evidence(store::Session& session, const std::vector<identity::CandidatePair>& gone,
    const std::vector<identity::CandidatePair>& come);
// Every pair of these customers of which anything is written.
Result<std::set<Ends>> list_ends(store::Session& session, const std::vector<CustomerId>& customers);

Result<std::optional<Pair>> find_pair(store::Session& session, const Ends& ends);
Result<std::optional<Pair>> find_pair(store::Session& session, PairId id);
// The weightiest first; behind the pair of `after_weight` and `after`.
Result<std::vector<Pair>> list_pairs(
    store::Session& session, State state, std::int64_t after_weight, PairId after, std::int64_t limit);
Result<> open_pair(store::Session& session, const Ends& ends, const Pair* stored, const Weighed& weighed, Instant now);
Result<> delete_pair(store::Session& session, PairId id);
// All of it but its ends, evidence and age; its version becomes the next one.
Result<> update_pair(store::Session& session, const Pair& pair);

struct Counts {
    std::int64_t open = 0, later = 0, decided = 0; // since some instant
};
Result<Counts> count_pairs(store::Session& session, Instant since);

// How far all values were looked at; begun anew when the policy changed.
struct Scan {
    std::int64_t position = 0;
    bool is_done = false;
    std::int64_t policy_version = 0;
    friend bool operator==(const Scan&, const Scan&) = default;
};
Result<Scan> read_scan(store::Session& session);
Result<> write_scan(store::Session& session, const Scan& scan);

} // namespace onefold::review
