#pragma once
// What a frame of the event log says: a pure reading of its payload.
//
// A payload is either a message of Segment's shape
// ({"type","userId","anonymousId","event","traits","properties","timestamp",…}) or a claim or event that an import
// wrote, which names its identifiers: {"type","key","kind","identifiers":[{"type","scope","value"}],"facts":{"<field
// code>":…},"timestamp",…}; an imported one may name an organisation too, of which its subject, if any, is a member:
// {…,"organisation":{"key","kind","identifiers","facts"},"membership":{"role","title","is_decision_maker","valid_from",
// "valid_to"}}.
#include "customer/order_message.h"
#include "event_log/event_log.h"
#include "identity/identity.h"
#include "identity/membership.h"
#include "source/source.h"

#include <string>

namespace onefold::customer {

struct Message {
    std::string kind; // "track", "identify", "page", "claim", …
    std::string name; // the event's name; of a page its name or path
    Instant at;
    boost::json::object properties; // of identify: the traits
    identity::Subject subject;      // without any identifier: nobody (key "")
    bool is_active = true;          // else it says nothing of when the subject was last seen

    std::optional<OrderMessage> order;
    std::optional<identity::Subject> organisation; // or household, of which the subject is a member…
    identity::MembershipWords membership;          // …as
    std::optional<identity::Subject> bridge; // claims identifiers of several, which therefore are one (alias, merge)
    std::optional<MessageProblem> problem;   // why it has not all the effect that it names
};

// Never fails: a value that cannot be read is left out, since the log has acknowledged it already.
Message read_message(const event_log::Frame& frame, const source::Source& source);

// The payload of an imported claim or event.
struct ImportedMessage {
    std::string kind = "claim"; // or "track"
    std::string name;           // of an event
    std::string subject_key;
    identity::NodeKind subject_kind = identity::NodeKind::person;
    std::vector<identity::IdentifierValue> identifiers;
    std::vector<std::pair<std::string, std::string>> facts; // field code → value
    Instant at;
    boost::json::object properties;
    struct Organisation {
        identity::NodeKind kind = identity::NodeKind::organisation; // or household
        std::string key;
        std::vector<identity::IdentifierValue> identifiers;
        std::vector<std::pair<std::string, std::string>> facts;
        identity::MembershipWords membership;
    };
    std::optional<Organisation> organisation;
};
std::string payload_of(const ImportedMessage& message);

} // namespace onefold::customer
