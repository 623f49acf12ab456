#include "tracking/consent.h"

#include "tracking/message.h"

#include <algorithm>

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

} // namespace

bool has_consent(const Json& message, const Json* shared_context) {
    const Json* own = find_object(message, "context");
    const auto* consent = own ? find_member(*own, "consent") : nullptr;
    if (!consent && shared_context)
        consent = find_member(*shared_context, "consent");
    return consent && is_granted(*consent);
}

bool takes_consent_back(const Json& message) {
    const auto* event = find_member(message, "event");
    const auto* user = find_member(message, "userId");
    const bool is_named = user && !(user->is_string() && user->get_string().empty());
    return is_named && event && *event == "Segment Consent Preference Updated";
}

} // namespace onefold::tracking
