#include "survivorship/policy.h"

#include <array>
#include <utility>

namespace onefold::survivorship {
namespace {

constexpr std::array<std::pair<Rule, std::string_view>, 6> names{
    {{Rule::trusted, "trusted"}, {Rule::newest, "newest"}, {Rule::oldest, "oldest"},
        {Rule::most_frequent, "most_frequent"}, {Rule::longest, "longest"}, {Rule::sources, "sources"}}};

} // namespace

const FieldRule& Policy::of(FieldId field) const {
    static const FieldRule by_default;
    const auto found = fields.find(field);
    return found == fields.end() ? by_default : found->second;
}

std::string_view to_string(Rule rule) {
    return std::ranges::find(names, rule, &std::pair<Rule, std::string_view>::first)->second;
}

std::optional<Rule> rule_named(std::string_view name) {
    const auto found = std::ranges::find(names, name, &std::pair<Rule, std::string_view>::second);
    return found == names.end() ? std::nullopt : std::optional(found->first);
}

std::string json_of(const Policy& policy) {
    boost::json::object json;
    for (const auto& [field, rule] : policy.fields) {
        if (rule == FieldRule{})
            continue;
        boost::json::object entry{{"rule", to_string(rule.rule)}};
        if (!rule.sources.empty()) {
            boost::json::array sources;
            for (const SourceId source : rule.sources)
                sources.push_back(source.value);
            entry["sources"] = std::move(sources);
        }
        if (rule.is_verified_first)
            entry["verified_first"] = true;
        json[to_string(field)] = std::move(entry);
    }
    return boost::json::serialize(json);
}

Policy policy_of(std::string_view json) {
    Policy policy;
    const auto parsed = boost::json::parse(json);
    for (const auto& [id, entry] : parsed.as_object()) {
        FieldRule& rule = policy.fields[FieldId{parse_id(id).value_or(0)}];
        rule.rule = rule_named(entry.at("rule").as_string()).value_or(Rule::trusted);
        const auto& object = entry.as_object();
        if (const auto* sources = object.if_contains("sources"))
            for (const auto& source : sources->as_array())
                rule.sources.push_back(SourceId{source.to_number<std::int64_t>()});
        rule.is_verified_first = object.contains("verified_first");
    }
    return policy;
}

} // namespace onefold::survivorship
