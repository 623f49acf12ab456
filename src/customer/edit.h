#pragma once
// What people say of a customer's fields, and how each value came to stand there.
#include "core/caller.h"
#include "identity/identity.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace onefold::customer {

struct EditRequest {
    CustomerId customer;
    std::int64_t version = 0;                                 // that was seen
    std::map<std::string, std::optional<std::string>> fields; // by code; without a value: hidden
    std::vector<std::string> automatic;                       // codes for which sources decide again
    std::vector<std::string> verified, unverified;            // codes whose present value is right; or nobody knows
    std::vector<IdentifierId> verified_identifiers, unverified_identifiers;
};

struct Origin {
    std::string value; // "" of a hidden field
    SourceId source;
    NodeId record;
    Instant at;
    bool is_verified = false;
};
struct FieldOrigin {
    std::string field, rule;
    Origin winner;
    std::vector<Origin> others; // different values that lost, best first
    std::string by;             // who typed or hid it
    bool is_verified_by_hand = false;
    std::string verified_by;
    std::optional<Instant> verified_at;
};
struct Origins {
    std::int64_t version = 0;
    std::vector<FieldOrigin> fields;          // in the order of the golden fields
    std::map<std::string, std::string> names; // of people, by principal
};

// One thing that was said of a field, by a person or by a source.
struct FieldEvent {
    Instant at;
    std::string kind; // "typed", "hidden", "automatic", "confirmed", "said"
    std::string value;
    std::optional<SourceId> source; // of "said"
    NodeId record;
    std::string by; // of people
};
struct FieldHistory {
    std::vector<FieldEvent> items; // the newest first
    std::map<std::string, std::string> names;
};

// What other rules would make of a sample of customers.
struct RulesPreview {
    struct Example {
        CustomerId customer;
        std::string name, field;
        std::optional<std::string> before, after;
    };
    std::int64_t sampled = 0, changed = 0;
    std::map<std::string, std::int64_t> changed_by_field;
    std::vector<Example> examples;
};

} // namespace onefold::customer
