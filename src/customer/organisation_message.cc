#include "customer/organisation_message.h"

#include "customer/traits.h"

namespace onefold::customer {
namespace {

constexpr std::size_t word_code_points_max = 100;

std::string word_in(const Json& json, std::string_view name) {
    return std::string(beginning_of(text_in(json, name), word_code_points_max));
}

std::optional<bool> flag_in(const Json& json, std::string_view name) {
    const auto* found = find(json, name);
    if (!found || !found->is_bool())
        return std::nullopt;
    return found->get_bool();
}

std::optional<Instant> instant_in(const Json& json, std::string_view name) {
    const auto at = parse_rfc3339(text_in(json, name));
    return at ? std::optional(*at) : std::nullopt;
}

template <class T>
std::optional<T> either(std::optional<T> first, std::optional<T> second) {
    return first ? std::move(first) : std::move(second);
}

std::optional<identity::Subject> group_in(
    const Message& message, const std::string& group, const source::Source& source) {
    identity::Subject organisation = beside(message.subject, identity::NodeKind::organisation);
    const std::string id = add_identifier(organisation, "group_id", group, source);
    if (id.empty())
        return std::nullopt;
    organisation.key = "group_id:" + id;
    return organisation;
}

// `traits.company`: a name, or an object with id, name, website and the like.
std::optional<identity::Subject> company_in(const Message& message, const source::Source& source) {
    const auto* said = find(message.properties, "company");
    const Json* company = said ? said->if_object() : nullptr;
    const std::string id = company ? text_in(*company, "id") : "";
    std::optional<identity::Subject> organisation;
    if (!id.empty())
        organisation = group_in(message, id, source);
    if (!organisation)
        organisation = beside(message.subject, identity::NodeKind::organisation);
    if (company)
        add_organisation_traits(*organisation, *company, source);
    else
        add_fact(*organisation, "name", text_of(said));
    if (!organisation->key.empty())
        return organisation;
    const auto domain = std::ranges::find_if(
        organisation->identifiers, [](const auto& one) { return one.type->code == "web_domain" && !one.is_blocked; });
    if (domain != organisation->identifiers.end()) {
        organisation->key = "web_domain:" + domain->value;
        return organisation;
    }
    const std::string name =
        add_identifier(*organisation, "organisation_name", company ? text_in(*company, "name") : text_of(said), source);
    if (name.empty())
        return std::nullopt;
    organisation->key = "organisation_name:" + name;
    return organisation;
}

} // namespace

identity::Subject beside(const identity::Subject& subject, identity::NodeKind kind) {
    identity::Subject other = subject;
    other.kind = kind;
    other.key.clear();
    other.identifiers.clear();
    other.facts.clear();
    return other;
}

identity::MembershipWords membership_words(const Json& json) {
    return {word_in(json, "role"), word_in(json, "title"),
        either(flag_in(json, "is_decision_maker"), flag_in(json, "isDecisionMaker")),
        either(instant_in(json, "valid_from"), instant_in(json, "validFrom")),
        either(instant_in(json, "valid_to"), instant_in(json, "validTo"))};
}

Json written(const identity::MembershipWords& words) {
    Json json;
    if (!words.role.empty())
        json["role"] = words.role;
    if (!words.title.empty())
        json["title"] = words.title;
    if (words.is_decision_maker)
        json["is_decision_maker"] = *words.is_decision_maker;
    if (words.valid_from)
        json["valid_from"] = to_rfc3339(*words.valid_from);
    if (words.valid_to)
        json["valid_to"] = to_rfc3339(*words.valid_to);
    return json;
}

void read_organisation(Message& message, const Json& json, const source::Source& source) {
    if (message.kind == "group") {
        message.organisation = group_in(message, text_in(json, "groupId"), source);
        if (!message.organisation)
            return;
        add_organisation_traits(*message.organisation, message.properties, source);
        message.membership = membership_words(message.properties);
        return;
    }
    if (const Json* context = object_in(json, "context"))
        message.organisation = group_in(message, text_in(*context, "groupId"), source);
    if (message.organisation || message.kind != "identify")
        return;
    message.organisation = company_in(message, source);
    if (!message.organisation)
        return;
    if (const Json* company = object_in(message.properties, "company"))
        message.membership = membership_words(*company);
    if (message.membership.title.empty())
        message.membership.title = word_in(message.properties, "title");
}

} // namespace onefold::customer
