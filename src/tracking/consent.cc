#include "tracking/consent.h"

#include "tracking/message.h"

#include <algorithm>
#include <array>

namespace onefold::tracking {
namespace {

using Json = boost::json::object;

bool is_granted(const boost::json::value& consent) {
    if (consent.is_bool())
        return consent.get_bool();
    const Json* json = consent.if_object();
    if (!json)
        return false;
    if (const Json* categories = find_object(*json, "categoryPreferences"))
        return std::ranges::any_of(
            *categories, [](const auto& one) { return one.value().is_bool() && one.value().get_bool(); });
    const auto* state = find_member(*json, "state");
    return state && *state == "granted";
}

// A message's own, else its batch's.
const boost::json::value* consent_of(const Json& message, const Json* shared_context) {
    const Json* own = find_object(message, "context");
    const auto* consent = own ? find_member(*own, "consent") : nullptr;
    return !consent && shared_context ? find_member(*shared_context, "consent") : consent;
}

bool is_named(const Json& message) {
    return std::ranges::any_of(std::array<std::string_view, 2>{"userId", "user_id"}, [&](std::string_view name) {
        const auto* user = find_member(message, name);
        return user && !(user->is_string() && user->get_string().empty());
    });
}

} // namespace

bool has_consent(const Json& message, const Json* shared_context) {
    const auto* consent = consent_of(message, shared_context);
    return consent && is_granted(*consent);
}

bool takes_consent_back(const Json& message, std::string_view type, const Json* shared_context) {
    const auto* event = find_member(message, "event");
    if (type != "track" || !event || *event != "Segment Consent Preference Updated" || !is_named(message))
        return false;
    const auto* consent = consent_of(message, shared_context);
    const Json* json = consent ? consent->if_object() : nullptr;
    return json && find_object(*json, "categoryPreferences");
}

Json only_consent(const Json& message, const Json* shared_context) {
    Json kept;
    for (const std::string_view name : {"type", "event", "userId", "user_id", "messageId"})
        if (const auto* found = find_member(message, name))
            kept[name] = *found;
    for (const std::string_view name : {"timestamp", "originalTimestamp", "sentAt", "receivedAt"})
        if (time_in(message, name, "UTC"))
            kept[name] = *find_member(message, name);
    const Json& said = consent_of(message, shared_context)->get_object();
    Json categories;
    for (const auto& [name, answer] : *find_object(said, "categoryPreferences"))
        if (answer.is_bool())
            categories[name] = answer;
    Json consent{{"categoryPreferences", std::move(categories)}};
    if (const auto* state = find_member(said, "state"); state && *state == "denied")
        consent["state"] = *state;
    kept["context"] = Json{{"consent", std::move(consent)}};
    return kept;
}

} // namespace onefold::tracking
