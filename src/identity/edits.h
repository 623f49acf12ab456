#pragma once
// What people typed about a customer: facts of a node of the source `manual` that hangs on the customer's anchor node
// and goes where that goes. For this room's own files.
#include "identity/decision_store.h"

#include <map>

namespace onefold::identity {

inline constexpr std::string_view edits_prefix = "edits:"; // of the subject keys of such nodes

// That of an anchor node.
Result<NodeId> find_or_create_edits(store::Session& session, NodeId anchor, const Say& say);

// The facts of edits nodes on their way; `keep` writes them.
class Edits {
  public:
    explicit Edits(store::Session& session) : session_(session) {}

    Result<WrittenEdit> set(NodeId node, FieldId field, std::optional<Fact> fact);
    // Where a value still stands as it was written, what stood there before comes back. What was changed by that.
    Result<std::vector<WrittenEdit>> take_back(const std::vector<WrittenEdit>& edits);
    Result<> keep();
    std::vector<NodeId> nodes() const;

  private:
    Result<std::vector<Fact>*> facts_at(NodeId node);

    store::Session& session_;
    std::map<NodeId, std::vector<Fact>> facts_;
};

} // namespace onefold::identity
