#include "object/newest.h"

#include <fmt/format.h>

namespace onefold::object {

Result<std::vector<std::optional<Instant>>> list_newest_within(
    store::Session& session, RecordKind kind, const std::vector<NodeSpan>& spans) {
    std::vector<store::Values> keys;
    for (const auto& [node, from, to] : spans)
        keys.push_back({node.value, micros_of(from), micros_of(to)});
    std::vector<std::optional<Instant>> newest(spans.size());
    TRY(session.each_many(fmt::format("SELECT MAX(time) FROM {} WHERE node_id = $1 AND time >= $2 AND time < $3",
                              kind == RecordKind::order ? "record_order" : "record_ticket"),
        keys, [&](std::size_t index, const store::Row& row) -> Result<> {
            if (!row.is_null(0))
                newest[index] = instant_of(row.integer(0));
            return {};
        }));
    return newest;
}

} // namespace onefold::object
