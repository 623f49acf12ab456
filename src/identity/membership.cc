#include "identity/membership.h"

#include <map>

namespace onefold::identity {
namespace {

// Earliest time and newest role of one pair.
struct Span {
    std::int64_t from = INT64_MAX;
    std::pair<std::int64_t, std::string> role; // when it was said, 0 for never
    SourceId source;
};

} // namespace

Result<> save_memberships(store::Session& session, const std::vector<Membership>& memberships) {
    std::map<std::pair<NodeId, NodeId>, Span> spans;
    for (const auto& [person, organisation, role, at, source] : memberships) {
        Span& span = spans[{person, organisation}];
        span.from = std::min(span.from, micros_of(at));
        span.source = source;
        if (!role.empty())
            span.role = std::max(span.role, std::pair(micros_of(at), role));
    }
    std::vector<store::Values> rows;
    for (const auto& [pair, span] : spans)
        rows.push_back({pair.first.value, pair.second.value,
            span.role.second.empty() ? store::Value{} : store::Value{span.role.second}, span.from, span.source.value,
            span.role.first});
    static const std::string sql = fmt::format(
        "INSERT INTO membership (person_node, organisation_node, role, is_decision_maker, valid_from, source_id, "
        "said_at) VALUES ($1, $2, $3, 0, $4, $5, $6) ON CONFLICT (person_node, organisation_node) DO UPDATE SET "
        "valid_from = CASE WHEN {1} THEN excluded.valid_from ELSE membership.valid_from END, "
        "role = CASE WHEN {0} THEN excluded.role ELSE membership.role END, "
        "said_at = CASE WHEN {0} THEN excluded.said_at ELSE membership.said_at END WHERE {0} OR {1}",
        "(excluded.role IS NOT NULL AND (membership.role IS NULL OR excluded.said_at > membership.said_at OR "
        "(excluded.said_at = membership.said_at AND excluded.role > membership.role)))",
        "(excluded.valid_from < membership.valid_from)");
    TRY(session.execute_many(sql, rows));
    return {};
}

} // namespace onefold::identity
