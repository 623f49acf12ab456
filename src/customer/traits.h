#pragma once
// Traits and the like → facts and identifiers of a subject. Pure; for this room's own files.
//
// A trait that is there and null takes back what its source said; one that is absent leaves it. A value that cannot be
// read is left out. Beside a trait, "NAME_verified" or "NAMEVerified" says that it was checked.
#include "customer/payload.h"
#include "identity/identity.h"
#include "source/source.h"

namespace onefold::customer {

// What it is compared by; "" for nothing, a placeholder, or what cannot be read.
std::string add_identifier(identity::Subject& subject, const identity::TypeReference& type, std::string_view raw,
    const source::Source& source);
std::string add_identifier(
    identity::Subject& subject, std::string_view type_code, std::string_view raw, const source::Source& source);
void add_fact(identity::Subject& subject, std::string_view field_code, std::string_view text);

// Segment's traits of a user (camelCase or with underscores), with e-mail, phone, unionid and openid as identifiers.
void add_person_traits(identity::Subject& subject, const Json& traits, const source::Source& source);
// Segment's traits of a group. A website that is a whole domain is an identifier; e-mail and phone are facts only, so
// that nobody is joined by the number of a switchboard.
void add_organisation_traits(identity::Subject& subject, const Json& traits, const source::Source& source);
// context.externalIds, context.device: types of identifiers as the house calls them ("openid@wx123" too), and those of
// devices.
void add_context(identity::Subject& subject, const Json& context, const source::Source& source);

} // namespace onefold::customer
