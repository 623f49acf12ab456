#pragma once
// Links by hand, separations and decisions as rows. For this room's own files.
#include "identity/decision.h"
#include "identity/facts.h"
#include "identity/resolve.h"
#include "store/store.h"

#include <set>

namespace onefold::identity {

// ---- what stands, for resolving ----

Result<bool> has_hand_links(store::Session& session);
// Those that begin or end at one of these nodes, and stand; each once.
Result<std::vector<HandLink>> list_hand_links(store::Session& session, const std::vector<NodeId>& nodes);
// Those that stand between some of these nodes and some others of them, cut down to these nodes.
Result<std::vector<Separation>> list_separations(store::Session& session, const std::vector<NodeId>& nodes);

// ---- what a decision writes and takes back ----

inline constexpr std::string_view hand_rule = "manual", edits_rule = "edits";

struct StoredSeparation {
    std::int64_t id = 0;
    Separation separation; // whole
};
// Those that stand with a node of `left` on one side and one of `right` on the other.
Result<std::vector<StoredSeparation>> list_separations_between(
    store::Session& session, const std::set<NodeId>& left, const std::set<NodeId>& right);

// The sides of the separation that an unmerge wrote; empty where it wrote none.
Result<Separation> sides_of(store::Session& session, DecisionId decision);

// Whether a later decision ended something that this one wrote.
Result<bool> is_overruled(store::Session& session, DecisionId decision);

// A value that a decision wrote on an edits node, and what stood there before.
struct WrittenEdit {
    NodeId node;
    FieldId field;
    std::optional<Fact> before, after;
};
std::string json_of(const std::vector<WrittenEdit>& edits);
std::vector<WrittenEdit> edits_of(std::string_view json);

// Rows of one decision.
class DecisionRows {
  public:
    DecisionRows(store::Session& session, DecisionId decision, const Say& say)
        : session_(session), decision_(decision), say_(say) {}

    static Result<DecisionId> create(
        store::Session& session, DecisionKind kind, CustomerId customer, CustomerId other, const Say& say);
    Result<> link(NodeId a, NodeId b);
    Result<> separate(const Separation& separation);
    Result<> end_link(std::int64_t link);
    Result<> end_separation(std::int64_t separation);
    Result<> keep_edits(const std::vector<WrittenEdit>& edits);

    // Ends what it wrote, revives what it ended; the nodes that this touches.
    Result<std::vector<NodeId>> take_back();

  private:
    Result<std::vector<NodeId>> touched_nodes() const;

    store::Session& session_;
    const DecisionId decision_;
    const Say& say_;
};

} // namespace onefold::identity
