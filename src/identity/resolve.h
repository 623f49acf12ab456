#pragma once
// Which nodes are one customer: a pure function of a component's nodes, claims and separations. Ordered by evidence and
// content, never by arrival, so any order of events gives the same partition.
//
// Strong identifiers join first, then joining ones, then weak ones; among equals the one seen first. A join is refused
// where both sides hold a strong identifier of one scope and share none of them (unless a strong identifier joins), or
// where a separation stands between them.
#include "core/id.h"
#include "identity/identifier.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace onefold::identity {

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
struct Component {
    std::vector<Member> members;
    std::vector<MemberIdentifier> identifiers;
    std::vector<std::pair<NodeId, NodeId>> separations;
};

struct Join {
    NodeId a, b;
    IdentifierId identifier;
};
struct Partition {
    std::vector<std::vector<NodeId>> parts; // each sorted; sorted by their first node
    std::vector<Join> joins;                // the evidence: a spanning forest of the parts
    std::vector<Join> refused;              // equal identifiers that did not join: for review
};

Partition resolve(const Component& component);

} // namespace onefold::identity
