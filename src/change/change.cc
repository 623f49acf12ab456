#include "change/change.h"

namespace onefold::change {
namespace {

std::string_view name_of(Op op) {
    switch (op) {
    case Op::create:
        return "create";
    case Op::update:
        return "update";
    case Op::delete_:
        return "delete";
    }
    return "update";
}

Op op_named(std::string_view name) {
    if (name == "create")
        return Op::create;
    return name == "delete" ? Op::delete_ : Op::update;
}

store::Value text_of(const std::optional<boost::json::object>& values) {
    return values ? store::Value{boost::json::serialize(*values)} : store::Value{};
}

constexpr std::size_t depth_max = 512; // far beyond the deepest formula, whose calls lie two levels deep each

std::optional<boost::json::object> values_of(const store::Row& row, int column) {
    if (row.is_null(column))
        return std::nullopt;
    boost::json::parse_options options;
    options.max_depth = depth_max;
    return boost::json::parse(row.text(column), {}, options).as_object();
}

Change change_of(const store::Row& row) {
    return Change{row.integer(0), instant_of(row.integer(1)), std::string(row.text(2)), std::string(row.text(3)),
        std::string(row.text(4)),
        Entry{ObjectId{row.integer(5)}, row.integer(6), row.integer(7), op_named(row.text(8)), values_of(row, 9),
            values_of(row, 10)}};
}

} // namespace

Result<std::int64_t> newest(store::Session& session) {
    return TRY(session.find_integer("SELECT MAX(seq) FROM change")).value_or(0);
}

Result<> append(store::Session& session, const Author& author, const std::vector<Entry>& entries) {
    if (entries.empty())
        return {};
    const std::int64_t tx = TRY(newest(session)) + 1;
    std::vector<store::Values> rows;
    rows.reserve(entries.size());
    for (const Entry& entry : entries)
        rows.push_back({tx, micros_of(author.at), to_string(author.principal), author.cause_kind, author.cause_id,
            entry.object.value, entry.record, entry.version, std::string(name_of(entry.op)), text_of(entry.before),
            text_of(entry.after)});
    TRY(session.execute_many(
        "INSERT INTO change (tx, at, principal, cause_kind, cause_id, object_id, record_id, version, op, before, "
        "after) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        rows));
    return {};
}

Result<std::vector<Change>> list_behind(store::Session& session, std::int64_t seq, int limit) {
    return session.list(
        "SELECT seq, at, principal, cause_kind, cause_id, object_id, record_id, version, op, before, after "
        "FROM change WHERE seq > $1 ORDER BY seq LIMIT $2",
        {seq, std::int64_t(limit)}, change_of);
}

Result<std::vector<Change>> list_of(
    store::Session& session, ObjectId object, std::int64_t record, std::int64_t seq, int limit) {
    return session.list(
        "SELECT seq, at, principal, cause_kind, cause_id, object_id, record_id, version, op, before, after "
        "FROM change WHERE object_id = $1 AND record_id = $2 AND seq < $3 ORDER BY seq DESC LIMIT $4",
        {object.value, record, seq, std::int64_t(limit)}, change_of);
}

} // namespace onefold::change
