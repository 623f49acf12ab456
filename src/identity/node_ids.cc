#include "identity/identity.h"

namespace onefold::identity {

Result<std::vector<NodeId>> Identity::find_node_ids(store::Session& session, const std::vector<NodeKey>& keys) const {
    std::vector<NodeId> found(keys.size());
    std::vector<store::Values> rows;
    rows.reserve(keys.size());
    for (const NodeKey& key : keys)
        rows.push_back({key.source.value, std::string(to_string(key.kind)), key.key});
    TRY(session.each_many("SELECT id FROM node WHERE source_id = $1 AND kind = $2 AND subject_key = $3", rows,
        [&](std::size_t index, const store::Row& row) -> Result<> {
            found[index] = NodeId{row.integer(0)};
            return {};
        }));
    return found;
}

} // namespace onefold::identity
