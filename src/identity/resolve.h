#pragma once
// Which nodes are one customer: a pure function of a component's nodes, claims and separations. Ordered by evidence and
// content, never by arrival, so any order of events gives the same partition.
//
// What people joined by hand comes first, then strong identifiers, then joining ones, then weak ones; among equals the
// one seen first. A join is refused where a separation stands between the two sides, or where both hold a strong
// identifier of one scope and share none of them (unless a strong identifier or a hand joins). A weak identifier whose
// claimants are evidently several people (two of them hold different strong or joining values of one type) joins nobody
// who holds anything stronger; those who hold nothing else belong to the first who does.
#include "core/id.h"
#include "identity/identifier.h"

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace onefold::identity {

// Counts changes of these rules; written beside what follows from them.
inline constexpr std::int64_t rule_version = 3;

enum class NodeKind : std::uint8_t { person, organisation, household };

struct MemberClaim {
    IdentifierId identifier;
    std::int64_t first_at = 0; // µs
};
struct Member {
    NodeId node;
    NodeKind kind = NodeKind::person;
    std::string content_key; // source and subject key: breaks ties the same way always
    std::vector<MemberClaim> claims;
};
struct MemberIdentifier {
    IdentifierId id;
    const IdentifierType* type = nullptr;
    std::string scope;
    std::string digest;  // orders identifiers by content
    bool is_open = true; // blocked and shared ones do not join
};
// A person said that these are one.
struct HandLink {
    NodeId a, b;
    std::int64_t at = 0, number = 0; // when it was said; of several at one instant the one with the lower number first
};
// A person said that none of one side is any of the other.
struct Separation {
    std::array<std::vector<NodeId>, 2> sides;
};
struct Component {
    std::vector<Member> members;
    std::vector<MemberIdentifier> identifiers;
    std::vector<HandLink> links;
    std::vector<Separation> separations;
};

struct Join {
    NodeId a, b;
    IdentifierId identifier; // 0: by hand
};
struct Partition {
    std::vector<std::vector<NodeId>> parts; // each sorted; sorted by their first node
    std::vector<Join> joins;                // the evidence: a spanning forest of the parts
    std::vector<Join> refused;              // equal identifiers that did not join: for review
};

Partition resolve(const Component& component);

// Whether an equal value of this type may join nodes of this kind.
bool joins_kind(const IdentifierType& type, NodeKind kind);

} // namespace onefold::identity
