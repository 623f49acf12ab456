#include "object/by_number.h"

#include <array>

namespace onefold::object {
namespace {

// From scope to scope along the index of (number_scope, number), which has no beginning that is a number alone.
std::string sql_of(std::string_view object) {
    return fmt::format(
        "WITH RECURSIVE scope (name) AS (SELECT MIN(number_scope) FROM record_{0} UNION ALL SELECT (SELECT "
        "MIN(number_scope) FROM record_{0} WHERE number_scope > scope.name) FROM scope WHERE scope.name IS NOT NULL) "
        "SELECT r.id, r.number, r.node_id, r.time FROM scope JOIN record_{0} r ON r.number_scope = scope.name AND "
        "r.number = $1 ORDER BY r.time DESC, r.id DESC LIMIT $2",
        object);
}

} // namespace

Result<std::vector<NumberedRecord>> find_by_number(store::Session& session, const std::string& number, int limit) {
    static const std::array<std::pair<std::string, std::string>, 2> objects{
        {{"order", sql_of("order")}, {"ticket", sql_of("ticket")}}};
    std::vector<NumberedRecord> records;
    for (const auto& [object, sql] : objects)
        TRY(session.each(sql, {number, limit}, [&](const store::Row& row) -> Result<> {
            NumberedRecord record{
                object, RecordId{row.integer(0)}, std::string(row.text(1)), NodeId{row.integer(2)}, {}};
            if (!row.is_null(3))
                record.time = instant_of(row.integer(3));
            records.push_back(std::move(record));
            return {};
        }));
    return records;
}

} // namespace onefold::object
