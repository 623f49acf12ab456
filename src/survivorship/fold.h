#pragma once
// The golden record: which value of each field stands, and why. Pure.
//
// What a person said last holds: a typed value wins, a hidden one stays blank, a confirmed one is verified. Else the
// field's rule decides; what it leaves equal is decided by trust, time, frequency and length, in the end by the greater
// text; so the order in which nodes are given does not matter.
#include "core/id.h"
#include "core/time.h"
#include "identity/identity.h"
#include "survivorship/policy.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace onefold::survivorship {

struct Claimed {
    std::string value;
    SourceId source;
    NodeId node;
    Instant at;
    bool is_verified = false;
};
// Who says that the value is right: the source's own node, or the one where a person confirmed it.
struct Verified {
    NodeId node;
    Instant at;
};
struct GoldenValue {
    FieldId field;
    Claimed winner; // its value is "" where a person hides the field
    // Why: "manual", "hidden", "only_value", "verified", "source_order", "most_trusted", "most_recent", "oldest",
    // "most_frequent", "longest", "greater_text".
    std::string rule;
    std::vector<Claimed> others; // different values that lost, best first
    bool is_hidden = false;
    std::optional<Verified> verified;
    // What sources of equal standing say that do not mean the same: the winner and who contradicts it, each source and
    // meaning once. Empty where nobody contradicts, or a person has spoken.
    std::vector<Claimed> conflict;
};

using Trust = std::function<int(SourceId)>;

std::vector<GoldenValue> fold(
    const std::vector<identity::NodeFacts>& nodes, const Trust& trust, const Policy& policy = {});

// In which form values are compared: without case, width and blanks; phone numbers and mail addresses as identifiers.
std::string normal_form(FieldId field, std::string_view value);

// As the customer's row keeps it; equal texts mean equal golden records.
std::string provenance_of(const std::vector<GoldenValue>& golden);

// Why, in words.
LocalText reason_text(std::string_view rule);

} // namespace onefold::survivorship
