#pragma once
// A node's facts: the newest value that its source said of each field, as JSON {"<field id>": {"v": value, "at": µs}},
// with "m" where it is not just said.
#include "identity/identity.h"

namespace onefold::identity {

std::vector<Fact> facts_of(std::string_view json);
std::string json_of(const std::vector<Fact>& facts);
std::string_view to_string(Mark mark); // "" for what is just said
// One fact without its field; null for none.
boost::json::value json_of(const std::optional<Fact>& fact);
std::optional<Fact> fact_of(const boost::json::value& json, FieldId field);

// The newer value of each field wins; of two at one instant the greater text, so that the order of arrival does not
// matter. An empty value takes the field back. True if anything changed.
bool merge_facts(std::vector<Fact>& into, const std::vector<Fact>& said);

} // namespace onefold::identity
