#include "tracking/refused.h"

#include "http/json.h"

namespace onefold::tracking {
namespace {

constexpr std::size_t message_id_bytes_max = 100;

constexpr std::string_view columns =
    "SELECT id, source_id, at, code, path, message, call, address, replayed_at, times, last_at FROM refused_message";

RefusedMessage message_of(const store::Row& row) {
    const auto replayed_at = row.optional_integer(8);
    return {RefusedId{row.integer(0)}, SourceId{row.integer(1)}, instant_of(row.integer(2)), std::string(row.text(3)),
        std::string(row.text(4)), std::string(row.text(5)), std::string(row.text(6)), std::string(row.text(7)),
        replayed_at ? std::optional(instant_of(*replayed_at)) : std::nullopt, row.integer(9),
        instant_of(row.optional_integer(10).value_or(row.integer(2)))};
}

// By which a message that is sent again is known again; "" where nothing tells.
std::string message_id_of(const Refused& refused) {
    if (!refused.once.empty())
        return refused.once;
    boost::json::monotonic_resource memory;
    const auto json = http::parse_json(refused.text, &memory);
    const auto* message = json ? json->if_object() : nullptr;
    if (!message)
        return "";
    for (const std::string_view name : {"messageId", "eid"})
        if (const auto* id = find_member(*message, name);
            id && id->is_string() && id->get_string().size() <= message_id_bytes_max)
            return std::string(id->get_string());
    return "";
}

// The condition of a source's messages, and its values.
struct Condition {
    std::string sql;
    store::Values values;

    Condition(SourceId source, const RefusedFilter& filter) : sql(" WHERE source_id = $1"), values{source.value} {
        sql += filter.state == RefusedState::open ? " AND replayed_at IS NULL" : " AND replayed_at IS NOT NULL";
        if (filter.code)
            add("code =", *filter.code);
        if (filter.path)
            add("path =", *filter.path);
    }
    template <class Value>
    void add(std::string_view comparison, const Value& value) {
        values.emplace_back(value);
        sql += fmt::format(" AND {} ${}", comparison, values.size());
    }
};

} // namespace

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

Result<> RefusedMessages::keep(
    SourceId source, Instant at, const std::vector<Refused>& refused, std::string_view address) {
    std::vector<store::Values> rows;
    rows.reserve(refused.size());
    for (const Refused& one : refused)
        rows.push_back({source.value, micros_of(at), std::string(one.reason.code), one.reason.path, one.text, one.call,
            one.text.empty() ? std::string() : std::string(address), message_id_of(one), one.times});
    const bool clears = is_clearing_due(source, refused.size());
    return database_.write([&](store::Session& session) -> Result<> {
        TRY(session.execute_many(
            "INSERT INTO refused_message (source_id, at, code, path, message, call, address, "
            "message_id, times, last_at) VALUES "
            "($1, $2, $3, $4, $5, $6, $7, $8, $9, $2) ON CONFLICT (source_id, message_id, code, path) "
            "WHERE message_id <> '' "
            "DO UPDATE SET times = refused_message.times + excluded.times, last_at = excluded.last_at",
            rows));
        if (clears)
            TRY(session.execute(
                "DELETE FROM refused_message WHERE source_id = $1 AND id <= (SELECT id FROM refused_message "
                "WHERE source_id = $1 ORDER BY id DESC LIMIT 1 OFFSET $2)",
                {source.value, kept_max}));
        return {};
    });
}

Result<RefusedMessage> RefusedMessages::get(RefusedId id) const {
    static const std::string sql = fmt::format("{} WHERE id = $1", columns);
    auto found =
        TRY(database_.read([&](store::Session& session) { return session.find(sql, {id.value}, message_of); }));
    if (found)
        return std::move(*found);
    return fail(ErrorKind::not_found, "tracking.no_such_refused_message",
        {"This refused message is not kept any more.", "这条被拒收的消息已不存在。"});
}

Result<std::vector<RefusedMessage>> RefusedMessages::list(
    SourceId source, const RefusedFilter& filter, std::optional<RefusedId> before, std::int64_t limit) const {
    Condition condition(source, filter);
    if (before)
        condition.add("id <", before->value);
    condition.values.emplace_back(limit);
    const std::string sql =
        fmt::format("{}{} ORDER BY id DESC LIMIT ${}", columns, condition.sql, condition.values.size());
    return database_.read([&](store::Session& session) { return session.list(sql, condition.values, message_of); });
}

Result<std::vector<RefusedMessage>> RefusedMessages::list_oldest(
    SourceId source, const RefusedFilter& filter, RefusedId behind, std::int64_t limit) const {
    Condition condition(source, filter);
    condition.add("id >", behind.value);
    condition.values.emplace_back(limit);
    const std::string sql = fmt::format("{}{} ORDER BY id LIMIT ${}", columns, condition.sql, condition.values.size());
    return database_.read([&](store::Session& session) { return session.list(sql, condition.values, message_of); });
}

Result<std::vector<RefusedReason>> RefusedMessages::list_reasons(SourceId source) const {
    return database_.read([&](store::Session& session) {
        return session.list("SELECT code, path, COUNT(*) FROM refused_message WHERE source_id = $1 AND replayed_at IS "
                            "NULL GROUP BY code, path ORDER BY COUNT(*) DESC, code, path LIMIT 100",
            {source.value}, [](const store::Row& row) {
                return RefusedReason{std::string(row.text(0)), std::string(row.text(1)), row.integer(2)};
            });
    });
}

Result<> RefusedMessages::mark_replayed(const std::vector<RefusedId>& ids, Instant at) {
    std::vector<store::Values> rows;
    for (const RefusedId id : ids)
        rows.push_back({id.value, micros_of(at)});
    TRY(database_.write([&](store::Session& session) {
        return session.execute_many("UPDATE refused_message SET replayed_at = $2 WHERE id = $1", rows);
    }));
    return {};
}

Result<std::int64_t> RefusedMessages::discard(RefusedId id) {
    return database_.write([&](store::Session& session) {
        return session.execute("DELETE FROM refused_message WHERE id = $1", {id.value});
    });
}

Result<std::int64_t> RefusedMessages::discard_all(SourceId source, const RefusedFilter& filter) {
    const Condition condition(source, filter);
    return database_.write([&](store::Session& session) {
        return session.execute(fmt::format("DELETE FROM refused_message{}", condition.sql), condition.values);
    });
}

} // namespace onefold::tracking
