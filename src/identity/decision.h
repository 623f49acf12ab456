#pragma once
// What people decide about who is who, and undo. A merge is a link by hand, an unmerge a separation: evidence for
// `resolve` like any other, so that replaying the log or a new record never takes a decision back.
#include "core/id.h"
#include "core/time.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace onefold::identity {

using DecisionId = Id<struct DecisionNoun>;

enum class DecisionKind { merge, unmerge, keep_apart };
std::string_view to_string(DecisionKind kind);
DecisionKind decision_kind_named(std::string_view name);

// Who says it, when and why; written beside everything that follows from it.
struct Say {
    std::string by; // as change writes a principal
    Instant at;
    std::string reason;
};

struct Edit {
    FieldId field;
    std::string value;
};
struct MergeDraft {
    CustomerId customer, other; // living ones
    std::vector<Edit> edits; // values that people chose; they stand on the survivor's edits node while the merge does
};
struct UnmergeDraft {
    CustomerId customer; // a living one
    std::vector<NodeId> nodes;
};

struct Decided {
    DecisionId id;
    DecisionKind kind = DecisionKind::merge;
    bool is_undone = false;
    std::vector<CustomerId> changed;                   // whose nodes or facts changed, sorted
    std::vector<std::pair<NodeId, CustomerId>> placed; // of every node that was resolved
    // What became of the customers' nodes: one entry a part, the one that keeps the id first.
    struct Part {
        CustomerId customer;
        std::vector<NodeId> nodes;
    };
    std::vector<Part> parts;
};

struct StoredDecision {
    DecisionId id;
    DecisionKind kind = DecisionKind::merge;
    CustomerId customer, other; // as they were; no other of an unmerge
    std::string by, reason;
    Instant at;
    std::string undone_by; // "" while it stands
    std::optional<Instant> undone_at;
    bool is_overruled = false;                    // a later one ended what it wrote
    std::vector<FieldId> edited;                  // fields for which a value was chosen
    std::vector<std::pair<NodeId, NodeId>> links; // of a merge
    std::vector<NodeId> left, right;              // of an unmerge: what went, what stayed; else the two sides
};

} // namespace onefold::identity
