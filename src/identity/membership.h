#pragma once
// Who belongs to which organisation or household, as sources say it of their nodes, and as people say it.
#include "core/id.h"
#include "core/time.h"
#include "store/store.h"

#include <optional>
#include <string>
#include <vector>

namespace onefold::identity {

// Of change rows, beside those in change.h.
inline constexpr ObjectId membership_object{9};

// What is said of a membership; "" and nullopt where nothing is.
struct MembershipWords {
    std::string role, title;
    std::optional<bool> is_decision_maker;
    std::optional<Instant> valid_from, valid_to; // valid_from ≤ at < valid_to
    friend bool operator==(const MembershipWords&, const MembershipWords&) = default;
};

struct Membership {
    NodeId person, organisation;
    MembershipWords words;
    Instant at;
    SourceId source;
};

// Each pair of a source once, known since the earliest time; of each word the newest stands (of two at one instant the
// greater), so that the order of arrival does not matter and saying it again writes nothing.
Result<> save_memberships(store::Session& session, const std::vector<Membership>& memberships);

// Of each, whether saying it would change nothing but a time.
Result<std::vector<bool>> know_memberships(store::Session& session, const std::vector<Membership>& memberships);

// What a person says stands beside what sources say, as of the source `manual`, and goes before it word by word. Of
// several for two customers the newest stands. Without words: they never were a member, whatever sources say.
struct HandMembership {
    NodeId person, organisation; // anchor nodes
    std::optional<MembershipWords> words;
    Instant at;
};
Result<> put_membership(store::Session& session, const HandMembership& said);

// What people said, carried into another database: by source, kind and key of the nodes.
class Identity;
Result<> copy_memberships(const Identity& identity, store::Session& from, store::Session& to);

} // namespace onefold::identity
