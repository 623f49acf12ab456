// Into PostgreSQL, what a dump holds.
#include "store/copy.h"
#include "store/dump.h"
#include "store/postgres.h"

#include <fmt/format.h>

namespace onefold::store {
namespace {

Failure not_empty() {
    return fail(ErrorKind::conflict, "store.not_empty",
        {"The database has tables already. Name a new, empty one; nothing was changed.",
            "该数据库中已有数据表，请指定一个新的空数据库；未做任何更改。"});
}

std::string text_in(const boost::json::object& line, std::string_view name) {
    const auto* value = line.if_contains(name);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

// A dump makes tables, keys and indexes, and nothing else. Each statement is prepared, so it is a single one.
Result<> make(PostgresConnection& connection, const std::string& statement) {
    constexpr std::string_view makers[] = {"CREATE TABLE ", "ALTER TABLE ", "CREATE INDEX ", "CREATE UNIQUE INDEX "};
    if (!std::ranges::any_of(makers, [&](std::string_view maker) { return statement.starts_with(maker); }))
        return bad_dump("a statement makes neither table nor index");
    TRY(connection.execute(statement, {}));
    return {};
}

Result<> take_rows(PostgresConnection& connection, DumpReader& reader, const boost::json::object& line) {
    std::vector<std::string> columns;
    const auto* list = line.if_contains("columns");
    if (!list || !list->is_array())
        return bad_dump("a table has no columns");
    for (const auto& column : list->get_array())
        columns.emplace_back(column.is_string() ? column.get_string() : "");
    return connection.copy_in(text_in(line, "rows_of"), columns, [&](const Put& put) { return reader.rows(put); });
}

Result<> take_identity(PostgresConnection& connection, const boost::json::object& line) {
    const auto* last = line.if_contains("last");
    const auto* is_used = line.if_contains("is_used");
    if (!last || !last->is_int64() || !is_used || !is_used->is_bool())
        return bad_dump("an identity has no value");
    TRY(connection.execute("SELECT setval(pg_get_serial_sequence($1, $2), $3, $4 = 1)",
        {quoted(text_in(line, "identity_of")), text_in(line, "column"), last->get_int64(),
            std::int64_t(is_used->get_bool())}));
    return {};
}

Result<> take_all(PostgresConnection& connection, const Get& get) {
    DumpReader reader(get);
    if (!TRY(reader.next()).contains("onefold_dump"))
        return bad_dump("it is another kind of file");
    for (;;) {
        const auto line = TRY(reader.next());
        if (line.contains("end"))
            return {};
        if (line.contains("create"))
            TRY(make(connection, text_in(line, "create")));
        else if (line.contains("rows_of"))
            TRY(take_rows(connection, reader, line));
        else if (line.contains("add"))
            TRY(make(connection, text_in(line, "add")));
        else if (line.contains("identity_of"))
            TRY(take_identity(connection, line));
        else
            return bad_dump("a line means nothing");
    }
}

} // namespace

Result<> load_postgres(const std::string& url, const Get& get, const std::function<Result<>(Session&)>& look) {
    const auto connection =
        TRY(PostgresConnection::open(url, std::make_shared<Definitions>(0), PostgresConnection::Purpose::writing));
    TRY(connection->begin_writing());
    const auto tables = TRY(connection->find_integer(
        "SELECT COUNT(*) FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'"));
    if (tables.value_or(0) > 0)
        return not_empty();
    TRY(take_all(*connection, get));
    if (look)
        TRY(look(*connection));
    return connection->commit();
}

} // namespace onefold::store
