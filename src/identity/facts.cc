#include "identity/facts.h"

#include "core/id.h"

namespace onefold::identity {

std::vector<Fact> facts_of(std::string_view json) {
    std::vector<Fact> facts;
    const auto parsed = boost::json::parse(json);
    for (const auto& [field, fact] : parsed.as_object())
        facts.push_back({FieldId{parse_id(field).value_or(0)}, std::string(fact.at("v").as_string()),
            instant_of(fact.at("at").as_int64())});
    return facts;
}

std::string json_of(const std::vector<Fact>& facts) {
    boost::json::object json;
    for (const Fact& fact : facts)
        json[to_string(fact.field)] = {{"v", fact.value}, {"at", micros_of(fact.at)}};
    return boost::json::serialize(json);
}

bool merge_facts(std::vector<Fact>& into, const std::vector<Fact>& said) {
    bool is_changed = false;
    for (const Fact& fact : said) {
        auto place = std::ranges::lower_bound(into, fact.field, {}, &Fact::field);
        if (place == into.end() || place->field != fact.field) {
            into.insert(place, fact);
            is_changed = true;
        } else if (std::tie(place->at, place->value) < std::tie(fact.at, fact.value)) {
            *place = fact;
            is_changed = true;
        }
    }
    return is_changed;
}

} // namespace onefold::identity
