#pragma once
// A whole database out of one snapshot while it is written to, and back again.
//
// SQLite gives the pages of one read transaction: the writer goes on, the write-ahead log grows meanwhile. PostgreSQL
// gives text from one repeatable-read transaction: lines of JSON for tables, constraints, indexes and identities, and
// each table's rows as COPY writes them (dump.h).
#include "store/store.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace onefold::store {

bool is_postgres_url(std::string_view url);

struct Copying {
    std::function<Result<>(Session&)> look; // the first reading of the snapshot; may be empty
    // Bytes so far, and about how many it will be; its error ends the copy and is answered.
    std::function<Result<>(std::uint64_t done, std::uint64_t total)> progress;
};

// Writes the file `target`, which may not be there yet, and does not sync it. store.full, store.failed
Result<> copy_sqlite(const std::string& path, const std::string& target, const Copying& copying);

// What is wrong with a database that nobody has open, in the database's words; changes nothing. `look` reads from it
// where nothing is wrong. store.damaged where it cannot be read at all.
Result<std::vector<std::string>> check_sqlite(const std::string& path, const std::function<Result<>(Session&)>& look);

using Put = std::function<Result<>(std::string_view bytes)>;
using Get = std::function<Result<std::string>()>; // the next bytes; empty at the end

Result<> dump_postgres(const std::string& url, const Put& put, const Copying& copying);

// Whether a dump is whole: every table has as many rows as it says. store.bad_dump
Result<> check_dump(const Get& get);

// Makes tables and rows of a dump, all or nothing, in a database without tables (store.not_empty). `look` reads what
// was made before it is kept; its error undoes all.
Result<> load_postgres(const std::string& url, const Get& get, const std::function<Result<>(Session&)>& look);

} // namespace onefold::store
