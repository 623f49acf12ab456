#pragma once
// Who belongs to which organisation, as sources say it of their nodes.
#include "core/id.h"
#include "core/time.h"
#include "store/store.h"

#include <string>
#include <vector>

namespace onefold::identity {

struct Membership {
    NodeId person, organisation;
    std::string role; // "" where nothing is said of it
    Instant at;
    SourceId source;
};

// Each pair once, since the earliest time; the newest role stands (of two at one instant the greater), so that the
// order of arrival does not matter and saying it again writes nothing.
Result<> save_memberships(store::Session& session, const std::vector<Membership>& memberships);

} // namespace onefold::identity
