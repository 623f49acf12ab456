#pragma once
// Bringing a database to what this program knows.
#include "store/connection.h"

#include <span>
#include <string>

namespace onefold::store {

// The common text of schema.h in the words of one database. Also for definitions that are made while the program runs.
std::string in_dialect(std::string_view sql, Dialect dialect);

// Runs what is missing, each migration in its own transaction, and remembers it in migration(room, number, name,
// checksum, at). store.newer_schema and store.changed_migration leave the database as it was.
Result<> migrate(Connection& connection, std::span<const Schema> schemas);

} // namespace onefold::store
