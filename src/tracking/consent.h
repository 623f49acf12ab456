#pragma once
// Whether a message carries the consent of whom it speaks of. Pure.
#include <boost/json.hpp>

namespace onefold::tracking {

// context.consent, as Segment has it: {"categoryPreferences": {"Analytics": true, …}} with one category granted at
// least; or {"state": "granted"}; or true. `shared` is what a batch says for all its messages, which the message's own
// goes before.
bool has_consent(const boost::json::object& message, const boost::json::object* shared_context = nullptr);

// Who takes consent back must be heard, or Onefold would go on believing the old answer: the track event "Segment
// Consent Preference Updated" of a known person (userId) that says of which categories (context.consent.
// categoryPreferences, its own or its batch's; an empty list is a refusal of all).
bool takes_consent_back(
    const boost::json::object& message, std::string_view type, const boost::json::object* shared_context = nullptr);

// All that may be kept of such a message: who, when, and the answer. No traits, properties, page or address.
boost::json::object only_consent(
    const boost::json::object& message, const boost::json::object* shared_context = nullptr);

} // namespace onefold::tracking
