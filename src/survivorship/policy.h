#pragma once
// By which rule the value of each golden field is chosen: data that people set, versioned. Pure.
#include "core/id.h"
#include "core/local_text.h"
#include "core/result.h"

#include <boost/json.hpp>
#include <map>
#include <string_view>
#include <vector>

namespace onefold::survivorship {

enum class Rule {
    trusted,       // the most trusted source, then the newest value
    newest,        // whatever was said last
    oldest,        // whatever was said first
    most_frequent, // what most records say
    longest,       // the most complete text
    sources,       // the first of the named sources that says anything; nobody else's word counts
};

struct FieldRule {
    Rule rule = Rule::trusted;
    std::vector<SourceId> sources; // of Rule::sources, the best first
    bool is_verified_first = false;
    friend bool operator==(const FieldRule&, const FieldRule&) = default;
};

struct Policy {
    std::map<FieldId, FieldRule> fields; // those that differ from the default
    const FieldRule& of(FieldId field) const;
    friend bool operator==(const Policy&, const Policy&) = default;
};

constexpr std::size_t sources_max = 50; // of one field's rule

std::string_view to_string(Rule rule);
std::optional<Rule> rule_named(std::string_view name);

// {"<field id>": {"rule": …, "sources": [ids], "verified_first": true}}; equal texts mean equal policies.
std::string json_of(const Policy& policy);
Policy policy_of(std::string_view json);

} // namespace onefold::survivorship
