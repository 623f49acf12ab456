#pragma once
// Why two nodes are one customer: the shortest chain of evidence between them. Pure.
#include "identity/resolve.h"

#include <vector>

namespace onefold::identity {

// Over equal strong and joining values, and over the links that stand (which alone say what a weak value or a hand
// joined). Of equally short chains the one whose steps are strongest, from `a` on. Empty where there is none.
std::vector<Join> shortest_chain(const Component& component, const std::vector<Join>& links, NodeId a, NodeId b);

} // namespace onefold::identity
