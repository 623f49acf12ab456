#pragma once
// One event as the timeline knows it: whose it is, when it happened, what it is called, where the log has it.
#include "core/id.h"
#include "core/time.h"

#include <cstdint>
#include <tuple>

namespace onefold::timeline {

enum class NameId : std::uint32_t {}; // of a kind and name; see names.h

struct Entry {
    NodeId node;
    Instant at; // when it happened
    Position position;
    NameId name{};
    friend bool operator==(const Entry&, const Entry&) = default;
};

// Newest first, whosever it is.
inline bool is_newer(const Entry& a, const Entry& b) {
    return std::tie(a.at, a.position) > std::tie(b.at, b.position);
}

// The order of runs: by node, and of each node newest first.
inline bool is_before(const Entry& a, const Entry& b) {
    return a.node != b.node ? a.node < b.node : is_newer(a, b);
}

} // namespace onefold::timeline
