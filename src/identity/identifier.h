#pragma once
// Identifiers at the edge: which types there are, how they are written, and the one form each value is compared in.
// Safe to use from several threads; pure but for the types that a policy adds (policy.h).
#include "core/local_text.h"
#include "core/result.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace onefold::identity {

enum class Strength : std::uint8_t {
    strong,  // one subject has one of these in a scope; two different ones keep subjects apart
    joining, // equal values join
    weak,    // equal values join only where nothing speaks against it (a device, a browser)
};

// Between which kinds of nodes an equal value may be a link.
enum class Joins : std::uint8_t { persons, organisations, either };

// What shows a value to be a placeholder or a switchboard: it joins nobody once it is claimed by two records or more,
// and by more than `records_max`, or beside more than `strong_beside_max` different values of one strong type in one
// scope. 0: no limit. Both only grow with what is claimed, so the order of arrival does not matter.
struct FrequencyLimits {
    std::int64_t strong_beside_max = 0, records_max = 0;
    friend bool operator==(const FrequencyLimits&, const FrequencyLimits&) = default;
};

struct Spelling; // how values of an added type are written

struct IdentifierType {
    std::string_view code; // "phone"; stable, in the store, the API and maps
    LocalText label;
    Strength strength;
    Joins joins;
    bool is_scoped; // means something only within a scope: without one written, the source's name is the scope
    bool is_secret; // shown only in part, even to those who may see identifiers
    FrequencyLimits limits = {};
    bool is_digest_only = false;                   // nothing is kept that gives the value back
    bool is_joining = true;                        // otherwise it joins nobody and parts nobody
    std::shared_ptr<const Spelling> spelling = {}; // of types that a policy added
    std::int64_t since = 0; // µs: what was received before then does not speak of it, when it was read and for ever
};

// As the policy in force has them, in its order. All of it lives as long as the program.
std::span<const IdentifierType* const> identifier_types();
const IdentifierType* find_identifier_type(std::string_view code); // nullptr for others; lives as long as the program

// "type" or "type@scope".
struct TypeReference {
    const IdentifierType* type = nullptr;
    std::optional<std::string> scope; // as written; nullopt where none is

    // The scope in which a value of `source_name` is kept: what is written, else the source for scoped types, else "".
    std::string scope_within(std::string_view source_name) const;
};

// "type[@scope]:value", as URLs carry it. Without a scope, the value in every scope is meant.
struct Reference {
    TypeReference type;
    std::string value; // as written, not yet normalised
};

// identity.unknown_type (with the nearest type), identity.bad_scope, identity.bad_reference.
Result<TypeReference> parse_type(std::string_view text);
Result<Reference> parse_reference(std::string_view text);

struct Normalised {
    std::string value;       // 1 to 256 bytes of UTF-8
    bool is_blocked = false; // a placeholder ("n/a", 13800138000): kept, and never a link
};

// The form in which values are compared:
//   phone        E.164 ("+8613912345678"); numbers without a calling code are read in `region`; no extension
//   email        NFKC, case folded, domain in ASCII (IDNA)
//   web_domain   ASCII, lower case, without scheme, "www.", port and path
//   id_card      GB 11643, 18 characters, check character checked; 15-digit numbers of before 1999 become 18
//   credit_code  GB 32100, check character checked
//   added ones   as the policy says: text or digits, case folded or kept, a pattern, limits of length
//   others       half-width, without blanks at the ends, case kept; "13694.0" is "13694"
// `region` is an ISO 3166 code ("CN"); empty or unknown: only numbers with a calling code are read.
// identity.blank for nothing at all; identity.bad_value with a message that says what is wrong with it.
Result<Normalised> normalise(const IdentifierType& type, std::string_view raw, std::string_view region);

} // namespace onefold::identity
