#include "identity/facts.h"

#include "core/id.h"

namespace onefold::identity {

namespace {

constexpr std::string_view mark_names[] = {"", "verified", "hidden", "confirmed"};

Mark mark_named(std::string_view name) {
    const auto found = std::ranges::find(mark_names, name);
    return found == std::end(mark_names) ? Mark::said : Mark(found - std::begin(mark_names));
}

boost::json::object fields_of(const Fact& fact) {
    boost::json::object json{{"v", fact.value}, {"at", micros_of(fact.at)}};
    if (fact.mark != Mark::said)
        json["m"] = to_string(fact.mark);
    return json;
}

Fact fact_in(const boost::json::object& json, FieldId field) {
    const auto* mark = json.if_contains("m");
    return {field, std::string(json.at("v").as_string()), instant_of(json.at("at").as_int64()),
        mark ? mark_named(mark->as_string()) : Mark::said};
}

} // namespace

std::string_view to_string(Mark mark) {
    return mark_names[std::size_t(mark)];
}

std::vector<Fact> facts_of(std::string_view json) {
    std::vector<Fact> facts;
    const auto parsed = boost::json::parse(json);
    for (const auto& [field, fact] : parsed.as_object())
        facts.push_back(fact_in(fact.as_object(), FieldId{parse_id(field).value_or(0)}));
    return facts;
}

std::string json_of(const std::vector<Fact>& facts) {
    boost::json::object json;
    for (const Fact& fact : facts)
        json[to_string(fact.field)] = fields_of(fact);
    return boost::json::serialize(json);
}

boost::json::value json_of(const std::optional<Fact>& fact) {
    return fact ? boost::json::value(fields_of(*fact)) : boost::json::value{};
}

std::optional<Fact> fact_of(const boost::json::value& json, FieldId field) {
    return json.is_object() ? std::optional(fact_in(json.get_object(), field)) : std::nullopt;
}

bool merge_facts(std::vector<Fact>& into, const std::vector<Fact>& said) {
    bool is_changed = false;
    for (const Fact& fact : said) {
        auto place = std::ranges::lower_bound(into, fact.field, {}, &Fact::field);
        if (place == into.end() || place->field != fact.field) {
            into.insert(place, fact);
            is_changed = true;
        } else if (std::tie(place->at, place->value, place->mark) < std::tie(fact.at, fact.value, fact.mark)) {
            *place = fact;
            is_changed = true;
        }
    }
    return is_changed;
}

} // namespace onefold::identity
