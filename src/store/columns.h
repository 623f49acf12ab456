#pragma once
// DuckDB, for questions over everything: a projection that can be thrown away and rebuilt, never the owner of a fact.
//
// Opened so that no statement reaches another file, the network, an extension or the settings. What a statement can
// still do is use time and memory: both are bounded, by `interrupt` and by Limits. Only statements that we generate are
// given to it. Errors: columns.damaged (quarantine the file and rebuild; also out of a statement that met a broken
// block), columns.interrupted, columns.too_large (memory or temporary files), columns.full (the disk), columns.failed.
#include "store/columns_batch.h"
#include "store/store.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace onefold::store {

// One connection; not thread-safe but for `interrupt`. Placeholders are $1, $2, …
// Rows: integers of every width and HUGEINT that fits are integers (else real), BOOLEAN is 0 or 1, TIMESTAMP
// microseconds and DATE days since 1970, FLOAT and DOUBLE real, VARCHAR text, BLOB blob; other types fail and want a
// CAST.
class ColumnsConnection {
  public:
    virtual ~ColumnsConnection() = default;
    // One statement; the number of rows changed.
    virtual Result<std::int64_t> execute(std::string_view sql, const Values& values = {}) = 0;
    virtual Result<> each(std::string_view sql, const Values& values, const RowSink& sink) = 0;
    // Rows for the columns of `table` in their order, by DuckDB's appender: all or none, best 10,000 and more at a
    // time.
    virtual Result<> append(const std::string& table, const std::vector<Values>& rows) = 0;
    virtual Result<> append_batch(const std::string& table, const ColumnsBatch& rows) = 0;
    // What `work` does, together or not at all: rows and the cursor that they bring.
    virtual Result<> in_transaction(const std::function<Result<>(ColumnsConnection&)>& work) = 0;
    // From any thread: the statement that runs now fails with columns.interrupted.
    virtual void interrupt() = 0;
};

// Thread-safe.
class Columns {
  public:
    struct Limits {
        int memory_mb = 1024;
        int temporary_files_mb = 4096;
        int threads = 2;
        int log_mb = 128; // when it is longer, a commit writes all columns' last blocks into the file and empties it
    };

    virtual ~Columns() = default;
    // Creates what is missing (0600). A damaged log may end the process while it is replayed: probe in a child first.
    static Result<std::unique_ptr<Columns>> open(
        const std::string& path, Limits limits, const Functions& functions = {});
    static Result<std::unique_ptr<Columns>> open(const std::string& path) { return open(path, Limits{}); }
    virtual Result<std::unique_ptr<ColumnsConnection>> connect() = 0;
};

} // namespace onefold::store
