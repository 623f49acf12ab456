#pragma once
// The organisation that a message names beside its subject, and what it says of the membership. Pure; for this room's
// own files.
#include "customer/message.h"
#include "customer/payload.h"

namespace onefold::customer {

// Another subject of the same message, of which nothing is said yet.
identity::Subject beside(const identity::Subject& subject, identity::NodeKind kind);

// {"role","title","is_decision_maker","valid_from","valid_to"}, in Segment's spelling too; what cannot be read is left
// out.
identity::MembershipWords membership_words(const Json& json);
Json written(const identity::MembershipWords& words);

// Of a group call the group, of any other message `context.groupId`, of an identify `traits.company`, which is known by
// its id, else its web domain, else its name.
void read_organisation(Message& message, const Json& json, const source::Source& source);

} // namespace onefold::customer
