#include "review/look.h"

#include "identity/policy.h"

namespace onefold::review {
namespace {

using identity::CandidatePair;

constexpr std::size_t touched_nodes_a_step = 500;
constexpr std::int64_t values_a_step = 2000;

Result<> compare(store::Session& session, IdentifierId identifier, Found& found) {
    const auto before = TRY(list_evidence(session, identifier));
    const auto now = TRY(identity::list_candidates(session, identifier));
    std::ranges::set_difference(before, now, std::back_inserter(found.gone));
    std::ranges::set_difference(now, before, std::back_inserter(found.come));
    return {};
}

// The next values of all, where they were not looked at by this policy yet.
Result<> look_at_all(store::Session& session, std::set<IdentifierId>& identifiers, Found& found) {
    Scan scan = TRY(read_scan(session));
    const auto version = TRY(identity::read_policy(session)).version;
    if (scan.policy_version != version)
        scan = {0, false, version};
    if (scan.is_done)
        return {};
    const auto held = TRY(identity::list_held_values(session, scan.position, values_a_step));
    identifiers.insert(held.identifiers.begin(), held.identifiers.end());
    scan.is_done = held.last == 0;
    scan.position = std::max(scan.position, held.last);
    found.scan = scan;
    return {};
}

} // namespace

Result<Found> look(store::Session& session) {
    Found found;
    const auto touched = TRY(identity::read_touched(session, touched_nodes_a_step));
    found.touched_until = touched.last;
    std::set<IdentifierId> identifiers(touched.identifiers.begin(), touched.identifiers.end());
    TRY(look_at_all(session, identifiers, found));
    for (const IdentifierId identifier : identifiers)
        TRY(compare(session, identifier, found));
    found.ends = TRY(list_ends(session, touched.customers));
    for (const auto* list : {&found.gone, &found.come})
        for (const CandidatePair& pair : *list)
            found.ends.emplace(pair.low, pair.high);
    return found;
}

Result<> take_up(store::Session& session, const Found& found, Instant now) {
    TRY(write_evidence(session, found.gone, found.come));
    for (const Ends& ends : found.ends) {
        const Weighed weighed = weigh(TRY(list_evidence(session, ends)));
        const auto stored = TRY(find_pair(session, ends));
        const bool may_be_one =
            !weighed.evidence.empty() && TRY(identity::may_be_one(session, ends.first, ends.second));
        const Pair* known = stored ? &*stored : nullptr;
        switch (fate_of(known, weighed, may_be_one)) {
        case Fate::stays:
            break;
        case Fate::opens:
            TRY(open_pair(session, ends, known, weighed, now));
            break;
        case Fate::leaves:
            TRY(delete_pair(session, stored->id));
            break;
        }
    }
    if (found.touched_until)
        TRY(identity::forget_touched(session, found.touched_until));
    if (found.scan)
        TRY(write_scan(session, *found.scan));
    return {};
}

} // namespace onefold::review
