#pragma once
// Numbered, forward-only migrations, one list a room (src/<room>/schema/0001_name.sql).
//
// One text serves both databases: write BIGINT, TEXT, BYTEA, DOUBLE PRECISION and `id IDENTITY` (a dense 64-bit key
// made by the database). SQLite gets INTEGER, TEXT, BLOB, REAL, INTEGER PRIMARY KEY and STRICT tables. Booleans are
// BIGINT 0 or 1, instants BIGINT microseconds, decimals BIGINT in units of the field's scale, JSON is TEXT.
// A statement that begins with the word SQLITE or POSTGRES is for that database alone.
#include <string_view>
#include <vector>

namespace onefold::store {

struct Migration {
    int number; // 1, 2, 3 …
    std::string_view name;
    std::string_view sql; // statements, separated by semicolons
};
struct Schema {
    std::string_view room;
    std::vector<Migration> migrations;
};

} // namespace onefold::store
