#include "customer/golden.h"

#include "core/text.h"

#include <map>
#include <set>

namespace onefold::customer {
namespace {

struct Candidate {
    Claimed claimed;
    int trust = 0;
    int frequency = 0;
    std::size_t length = 0;
};

auto rank(const Candidate& candidate) {
    return std::tuple(candidate.trust, candidate.claimed.at, candidate.frequency, candidate.length,
        std::string_view(candidate.claimed.value));
}

std::string rule_between(const Candidate& winner, const Candidate& second) {
    if (winner.trust != second.trust)
        return "most_trusted";
    if (winner.claimed.at != second.claimed.at)
        return "most_recent";
    if (winner.frequency != second.frequency)
        return "most_frequent";
    return "longest";
}

GoldenValue decide(FieldId field, std::vector<Candidate> candidates) {
    std::map<std::string_view, int> frequency;
    for (const Candidate& candidate : candidates)
        ++frequency[candidate.claimed.value];
    for (Candidate& candidate : candidates) {
        candidate.frequency = frequency[candidate.claimed.value];
        candidate.length = length_of(candidate.claimed.value);
    }
    std::ranges::sort(candidates, [](const Candidate& a, const Candidate& b) {
        return std::tuple(rank(b), a.claimed.source, a.claimed.node) <
               std::tuple(rank(a), b.claimed.source, b.claimed.node);
    });
    GoldenValue golden{field, candidates.front().claimed, "only_value", {}};
    std::set<std::string_view> seen{golden.winner.value};
    for (const Candidate& candidate : candidates) {
        if (!seen.insert(candidate.claimed.value).second)
            continue;
        if (golden.others.empty())
            golden.rule = rule_between(candidates.front(), candidate);
        golden.others.push_back(candidate.claimed);
    }
    return golden;
}

boost::json::object json_of(const Claimed& claimed) {
    return {{"value", claimed.value}, {"source", claimed.source.value}, {"node", claimed.node.value},
        {"at", micros_of(claimed.at)}};
}

} // namespace

std::vector<GoldenValue> fold(const std::vector<identity::NodeFacts>& nodes, const Trust& trust) {
    std::map<FieldId, std::vector<Candidate>> candidates;
    for (const auto& node : nodes)
        for (const identity::Fact& fact : node.facts)
            if (!fact.value.empty())
                candidates[fact.field].push_back({{fact.value, node.source, node.node, fact.at}, trust(node.source)});
    std::vector<GoldenValue> golden;
    for (auto& [field, list] : candidates)
        golden.push_back(decide(field, std::move(list)));
    return golden;
}

std::string provenance_of(const std::vector<GoldenValue>& golden) {
    boost::json::object json;
    for (const GoldenValue& value : golden) {
        boost::json::object entry = json_of(value.winner);
        entry["rule"] = value.rule;
        boost::json::array others;
        for (const Claimed& other : value.others)
            others.push_back(json_of(other));
        entry["others"] = std::move(others);
        json[to_string(value.field)] = std::move(entry);
    }
    return boost::json::serialize(json);
}

} // namespace onefold::customer
