#include "timeline/timeline.h"

namespace onefold::timeline {

Result<> append(store::Session& session, const std::vector<Entry>& entries) {
    std::vector<store::Values> rows;
    rows.reserve(entries.size());
    for (const Entry& entry : entries)
        rows.push_back({entry.node.value, micros_of(entry.at), entry.position.value});
    TRY(session.execute_many(
        "INSERT INTO timeline_event (node_id, at, position) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", rows));
    return {};
}

Result<std::vector<Entry>> list_newest(
    store::Session& session, const std::vector<NodeId>& nodes, Before before, int limit) {
    std::vector<store::Values> keys;
    for (const NodeId node : nodes)
        keys.push_back({node.value, micros_of(before.at), before.position.value, std::int64_t(limit)});
    std::vector<Entry> entries;
    TRY(session.each_many("SELECT at, position FROM timeline_event WHERE node_id = $1 AND (at, position) < ($2, $3) "
                          "ORDER BY at DESC, position DESC LIMIT $4",
        keys, [&](std::size_t index, const store::Row& row) -> Result<> {
            entries.push_back({nodes[index], instant_of(row.integer(0)), Position{row.integer(1)}});
            return {};
        }));
    std::ranges::sort(entries,
        [](const Entry& a, const Entry& b) { return std::tie(a.at, a.position) > std::tie(b.at, b.position); });
    if (entries.size() > std::size_t(limit))
        entries.resize(std::size_t(limit));
    return entries;
}

} // namespace onefold::timeline
