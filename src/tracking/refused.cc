#include "tracking/refused.h"

namespace onefold::tracking {

// After a start the first write of each source clears, so that nothing need be counted.
bool RefusedMessages::is_clearing_due(SourceId source, std::size_t added) {
    const std::lock_guard lock(mutex_);
    const auto [count, is_first] = added_.try_emplace(source.value, 0);
    count->second += std::int64_t(added);
    if (!is_first && count->second < kept_max / 10)
        return false;
    count->second = 0;
    return true;
}

Result<> RefusedMessages::keep(SourceId source, Instant at, const std::vector<Refused>& refused) {
    std::vector<store::Values> rows;
    rows.reserve(refused.size());
    for (const Refused& one : refused)
        rows.push_back({source.value, micros_of(at), std::string(one.reason.code), one.reason.path, one.text});
    const bool clears = is_clearing_due(source, refused.size());
    return database_.write([&](store::Session& session) -> Result<> {
        TRY(session.execute_many(
            "INSERT INTO refused_message (source_id, at, code, path, message) VALUES ($1, $2, $3, $4, $5)", rows));
        if (clears)
            TRY(session.execute(
                "DELETE FROM refused_message WHERE source_id = $1 AND id <= (SELECT id FROM refused_message "
                "WHERE source_id = $1 ORDER BY id DESC LIMIT 1 OFFSET $2)",
                {source.value, kept_max}));
        return {};
    });
}

Result<std::vector<RefusedMessage>> RefusedMessages::list(
    SourceId source, std::optional<std::int64_t> before, std::int64_t limit) const {
    return database_.read([&](store::Session& session) {
        return session.list(
            "SELECT id, at, code, path, message FROM refused_message WHERE source_id = $1 AND id < $2 ORDER "
            "BY id DESC LIMIT $3",
            {source.value, before.value_or(std::numeric_limits<std::int64_t>::max()), limit},
            [](const store::Row& row) {
                return RefusedMessage{row.integer(0), instant_of(row.integer(1)), std::string(row.text(2)),
                    std::string(row.text(3)), std::string(row.text(4))};
            });
    });
}

} // namespace onefold::tracking
