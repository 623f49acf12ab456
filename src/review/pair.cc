#include "review/pair.h"

#include <algorithm>
#include <array>

namespace onefold::review {
namespace {

using identity::Doubt;

constexpr std::array<std::string_view, 4> state_names{"open", "later", "merged", "apart"};
constexpr std::size_t evidence_bytes_max = 4000;

std::int64_t weight_of(Doubt doubt) {
    switch (doubt) {
    case Doubt::conflict:
        return 100;
    case Doubt::limited:
        return 40;
    case Doubt::shared:
        return 30;
    case Doubt::weak:
        break;
    }
    return 10;
}

} // namespace

std::string_view to_string(State state) {
    return state_names[std::size_t(state)];
}

State state_named(std::string_view name) {
    return State(std::ranges::find(state_names, name) - state_names.begin());
}

Weighed weigh(std::vector<std::pair<IdentifierId, Doubt>> evidence) {
    Weighed weighed;
    std::ranges::sort(evidence);
    for (const auto& [identifier, doubt] : evidence) {
        weighed.weight += weight_of(doubt);
        if (std::ranges::find(weighed.doubts, doubt) == weighed.doubts.end())
            weighed.doubts.push_back(doubt);
        if (weighed.evidence.size() < evidence_bytes_max)
            weighed.evidence += fmt::format("{}:{} ", identifier.value, identity::to_string(doubt));
    }
    if (weighed.evidence.size() >= evidence_bytes_max)
        weighed.evidence += fmt::format("{}", evidence.size());
    std::ranges::sort(weighed.doubts);
    return weighed;
}

Fate fate_of(const Pair* stored, const Weighed& weighed, bool may_be_one) {
    const bool is_queued = stored && (stored->state == State::open || stored->state == State::later);
    if (weighed.evidence.empty() || !may_be_one)
        return is_queued ? Fate::leaves : Fate::stays;
    return is_queued && stored->evidence == weighed.evidence ? Fate::stays : Fate::opens;
}

bool is_due(const Pair& later, Instant now, std::optional<std::int64_t> low, std::optional<std::int64_t> high) {
    return (later.until && *later.until <= now) || later.low_version != low || later.high_version != high;
}

} // namespace onefold::review
