#include "survivorship/fold.h"

#include "core/text.h"
#include "object/shipped.h"
#include "source/source.h"

#include <map>
#include <set>

namespace onefold::survivorship {
namespace {

using identity::Fact;
using identity::Mark;

enum class Criterion { verified, source_order, trust, newest, oldest, frequency, length };

struct Candidate {
    Claimed claimed;
    int trust = 0;
    int frequency = 1;
    std::int64_t place = 0; // among the named sources; theirs is no candidate where it is not among them
    std::string normal;
    std::vector<std::int64_t> rank; // one a criterion
};

// What a person said last.
struct Manual {
    Fact fact;
    NodeId node;
};

struct Claims {
    std::vector<Candidate> said;
    std::optional<Manual> manual;
};

std::vector<Criterion> criteria_of(const FieldRule& rule) {
    std::vector<Criterion> criteria;
    if (rule.is_verified_first)
        criteria.push_back(Criterion::verified);
    const auto add = [&](std::initializer_list<Criterion> list) { criteria.insert(criteria.end(), list); };
    switch (rule.rule) {
    case Rule::trusted:
        add({Criterion::trust, Criterion::newest, Criterion::frequency, Criterion::length});
        break;
    case Rule::newest:
        add({Criterion::newest, Criterion::trust, Criterion::frequency, Criterion::length});
        break;
    case Rule::oldest:
        add({Criterion::oldest, Criterion::trust, Criterion::frequency, Criterion::length});
        break;
    case Rule::most_frequent:
        add({Criterion::frequency, Criterion::trust, Criterion::newest, Criterion::length});
        break;
    case Rule::longest:
        add({Criterion::length, Criterion::trust, Criterion::newest, Criterion::frequency});
        break;
    case Rule::sources:
        add({Criterion::source_order, Criterion::newest, Criterion::frequency, Criterion::length});
        break;
    }
    return criteria;
}

std::string_view reason_of(Criterion criterion) {
    switch (criterion) {
    case Criterion::verified:
        return "verified";
    case Criterion::source_order:
        return "source_order";
    case Criterion::trust:
        return "most_trusted";
    case Criterion::newest:
        return "most_recent";
    case Criterion::oldest:
        return "oldest";
    case Criterion::frequency:
        return "most_frequent";
    case Criterion::length:
        return "longest";
    }
    return "longest";
}

std::int64_t measure(const Candidate& candidate, Criterion criterion) {
    switch (criterion) {
    case Criterion::verified:
        return candidate.claimed.is_verified;
    case Criterion::source_order:
        return -candidate.place;
    case Criterion::trust:
        return candidate.trust;
    case Criterion::newest:
        return micros_of(candidate.claimed.at);
    case Criterion::oldest:
        return -micros_of(candidate.claimed.at);
    case Criterion::frequency:
        return candidate.frequency;
    case Criterion::length:
        return std::int64_t(length_of(candidate.claimed.value));
    }
    return 0;
}

bool is_better(const Candidate& a, const Candidate& b) {
    if (a.rank != b.rank)
        return a.rank > b.rank;
    if (a.claimed.value != b.claimed.value)
        return a.claimed.value > b.claimed.value;
    if (a.claimed.is_verified != b.claimed.is_verified)
        return a.claimed.is_verified;
    return std::tie(a.claimed.source, a.claimed.node) < std::tie(b.claimed.source, b.claimed.node);
}

std::string rule_between(const Candidate& winner, const Candidate& second, const std::vector<Criterion>& criteria) {
    for (std::size_t i = 0; i < criteria.size(); ++i)
        if (winner.rank[i] != second.rank[i])
            return std::string(reason_of(criteria[i]));
    return "greater_text";
}

bool are_of_one_value(const std::vector<Candidate>& candidates) {
    return std::ranges::all_of(
        candidates, [&](const Candidate& one) { return one.claimed.value == candidates.front().claimed.value; });
}

void measure_all(FieldId field, std::vector<Candidate>& candidates, const std::vector<Criterion>& criteria) {
    if (are_of_one_value(candidates)) {
        for (Candidate& candidate : candidates)
            candidate.frequency = int(candidates.size());
    } else {
        std::map<std::string_view, int> frequency;
        for (Candidate& candidate : candidates) {
            if (candidate.normal.empty())
                candidate.normal = normal_form(field, candidate.claimed.value);
            ++frequency[candidate.normal];
        }
        for (Candidate& candidate : candidates)
            candidate.frequency = frequency[candidate.normal];
    }
    for (Candidate& candidate : candidates)
        for (const Criterion criterion : criteria)
            candidate.rank.push_back(measure(candidate, criterion));
}

// Nobody's word but that of the named sources counts.
void keep_named(std::vector<Candidate>& candidates, const FieldRule& rule) {
    if (rule.rule != Rule::sources)
        return;
    for (Candidate& candidate : candidates)
        candidate.place = std::ranges::find(rule.sources, candidate.claimed.source) - rule.sources.begin();
    std::erase_if(candidates, [&](const Candidate& one) { return std::size_t(one.place) == rule.sources.size(); });
}

auto standing_of(const Candidate& candidate, const FieldRule& rule) {
    const bool is_verified = rule.is_verified_first && candidate.claimed.is_verified;
    return std::tuple(is_verified, rule.rule == Rule::sources ? -candidate.place : candidate.trust);
}

std::vector<Claimed> conflict_among(const std::vector<Candidate>& candidates, const FieldRule& rule) {
    if (are_of_one_value(candidates))
        return {};
    const Candidate& winner = candidates.front();
    std::vector<Claimed> claims;
    std::set<std::pair<SourceId, std::string_view>> seen;
    bool is_contradicted = false;
    for (const Candidate& candidate : candidates) {
        if (standing_of(candidate, rule) != standing_of(winner, rule))
            continue;
        is_contradicted |= candidate.claimed.source != winner.claimed.source && candidate.normal != winner.normal;
        if (seen.emplace(candidate.claimed.source, candidate.normal).second)
            claims.push_back(candidate.claimed);
    }
    return is_contradicted ? claims : std::vector<Claimed>{};
}

void add_others(GoldenValue& golden, const std::vector<Candidate>& candidates) {
    std::set<std::string_view> seen;
    if (!golden.is_hidden)
        seen.insert(golden.winner.value);
    for (const Candidate& candidate : candidates)
        if (seen.insert(candidate.claimed.value).second)
            golden.others.push_back(candidate.claimed);
}

void confirm(FieldId field, const Fact& confirmed, std::vector<Candidate>& candidates) {
    const std::string right = normal_form(field, confirmed.value);
    for (Candidate& candidate : candidates) {
        candidate.normal = normal_form(field, candidate.claimed.value);
        candidate.claimed.is_verified |= candidate.normal == right;
    }
}

GoldenValue by_hand(FieldId field, const Manual& manual, const std::vector<Candidate>& candidates) {
    const auto& [fact, node] = manual;
    const bool is_verified = fact.mark == Mark::verified;
    GoldenValue golden{field, {fact.value, source::manual, node, fact.at, is_verified}, "manual", {}, false, {}, {}};
    if (fact.mark == Mark::hidden) {
        golden.winner.value.clear();
        golden.is_hidden = true;
        golden.rule = "hidden";
    }
    if (is_verified)
        golden.verified = {node, fact.at};
    add_others(golden, candidates);
    return golden;
}

std::optional<GoldenValue> decide(FieldId field, Claims claims, const FieldRule& rule) {
    std::vector<Candidate>& candidates = claims.said;
    keep_named(candidates, rule);
    const auto& manual = claims.manual;
    const bool is_confirmed = manual && manual->fact.mark == Mark::confirmed;
    if (is_confirmed)
        confirm(field, manual->fact, candidates);
    const std::vector<Criterion> criteria = criteria_of(rule);
    if (candidates.size() > 1) {
        measure_all(field, candidates, criteria);
        std::ranges::sort(candidates, is_better);
    }
    if (manual && !is_confirmed)
        return by_hand(field, *manual, candidates);
    if (candidates.empty())
        return std::nullopt;
    const Candidate& winner = candidates.front();
    GoldenValue golden{field, winner.claimed, "only_value", {}, false, {}, {}};
    const bool is_confirmed_winner = is_confirmed && winner.claimed.is_verified;
    if (is_confirmed_winner)
        golden.verified = {manual->node, manual->fact.at};
    else if (winner.claimed.is_verified)
        golden.verified = {winner.claimed.node, winner.claimed.at};
    if (candidates.size() == 1)
        return golden;
    const auto second = std::ranges::find_if(
        candidates, [&](const Candidate& one) { return one.claimed.value != winner.claimed.value; });
    if (second != candidates.end())
        golden.rule = rule_between(winner, *second, criteria);
    add_others(golden, candidates);
    if (!is_confirmed_winner)
        golden.conflict = conflict_among(candidates, rule);
    return golden;
}

void add_manual(Claims& claims, const Fact& fact, NodeId node) {
    const auto said = [](const Fact& one) { return std::tuple(one.at, std::string_view(one.value), one.mark); };
    if (!claims.manual || said(claims.manual->fact) < said(fact) ||
        (said(claims.manual->fact) == said(fact) && node < claims.manual->node))
        claims.manual = {fact, node};
}

boost::json::object json_of(const Claimed& claimed) {
    boost::json::object json{{"value", claimed.value}, {"source", claimed.source.value}, {"node", claimed.node.value},
        {"at", micros_of(claimed.at)}};
    if (claimed.is_verified)
        json["is_verified"] = true;
    return json;
}

} // namespace

std::string normal_form(FieldId field, std::string_view value) {
    const auto* golden = object::find_golden_field(field);
    if (golden && (golden->code == "phone" || golden->code == "email"))
        if (const auto normal = identity::normalise(*identity::find_identifier_type(golden->code), value, "CN"))
            return normal->value;
    std::string text = folded(value);
    std::erase_if(text, [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; });
    return text;
}

std::vector<GoldenValue> fold(const std::vector<identity::NodeFacts>& nodes, const Trust& trust, const Policy& policy) {
    std::map<FieldId, Claims> fields;
    for (const auto& node : nodes)
        for (const Fact& fact : node.facts) {
            if (node.source == source::manual)
                add_manual(fields[fact.field], fact, node.node);
            else if (!fact.value.empty())
                fields[fact.field].said.push_back(
                    {{fact.value, node.source, node.node, fact.at, fact.mark == Mark::verified}, trust(node.source), 1,
                        0, {}, {}});
        }
    std::vector<GoldenValue> golden;
    for (auto& [field, claims] : fields) {
        if (claims.manual && claims.manual->fact.value.empty() && claims.manual->fact.mark != Mark::hidden)
            claims.manual.reset(); // back to automatic
        if (auto value = decide(field, std::move(claims), policy.of(field)))
            golden.push_back(std::move(*value));
    }
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
        if (value.verified)
            entry["verified"] = {{"node", value.verified->node.value}, {"at", micros_of(value.verified->at)}};
        json[to_string(value.field)] = std::move(entry);
    }
    return boost::json::serialize(json);
}

LocalText reason_text(std::string_view rule) {
    static const std::map<std::string_view, LocalText> texts{
        {"manual", {"A person typed it; that holds against every source.", "由人工填写，优先于所有来源。"}},
        {"hidden", {"A person hides it: what sources say is wrong.", "已由人工隐藏：各来源的值有误。"}},
        {"only_value", {"Nobody says anything else.", "没有其他不同的值。"}},
        {"verified", {"It is verified, the others are not.", "该值已验证，其他值未验证。"}},
        {"source_order",
            {"Its source stands first in the order of this field's rule.", "按此字段的规则，其来源排在最前。"}},
        {"most_trusted", {"Its source is trusted most.", "其来源可信度最高。"}},
        {"most_recent", {"It was said last.", "该值最新。"}},
        {"oldest", {"It was said first.", "该值最早。"}},
        {"most_frequent", {"Most records say so.", "多数记录都是这个值。"}},
        {"longest", {"It is the most complete.", "该值最完整。"}},
        {"greater_text",
            {"All else is equal, so the order of the alphabet decides.", "其余条件相同，按文字顺序取值。"}},
    };
    const auto found = texts.find(rule);
    return found == texts.end() ? LocalText{} : found->second;
}

} // namespace onefold::survivorship
