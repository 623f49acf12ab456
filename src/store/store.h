#pragma once
// SQL, and nothing but SQL: one thin interface over SQLite (embedded) and PostgreSQL. The only room that links
// databases.
//
// Placeholders are $1, $2, … in both. A statement's text is its identity: it is prepared once a connection and kept.
// Errors: store.busy, store.unavailable (503), store.database_in_use, store.full (507), store.constraint (conflict),
// store.bad_text (not UTF-8, or a zero byte), store.damaged and store.failed (internal). After a failed write or fsync
// of the database file the process ends with code 74 (fail-stop); a full disk makes writes fail with store.full.
// store.unavailable out of a COMMIT says that the outcome is unknown.
#include "core/result.h"
#include "core/time.h"
#include "store/function.h"
#include "store/schema.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace onefold::store {

struct Blob {
    std::string bytes;
    friend bool operator==(const Blob&, const Blob&) = default;
};
using Value = std::variant<std::monostate, std::int64_t, double, std::string, Blob>;
using Values = std::vector<Value>;

inline Value micros_or_null(const std::optional<Instant>& at) {
    return at ? Value{micros_of(*at)} : Value{};
}

enum class Dialect { sqlite, postgres };

// One row of an answer; its views end with the next row. Columns count from 0. A NULL reads as 0, 0.0 or "".
class Row {
  public:
    virtual ~Row() = default;
    virtual int columns() const = 0;
    virtual bool is_null(int column) const = 0;
    virtual std::int64_t integer(int column) const = 0;
    virtual double real(int column) const = 0;
    virtual std::string_view text(int column) const = 0;
    virtual std::string_view blob(int column) const = 0;
    // As the database typed it (PostgreSQL: bigint → integer, double → real, bytea → Blob, numeric → integer where it
    // is one, else real; all others text).
    virtual Value value(int column) const = 0;
    std::optional<std::int64_t> optional_integer(int column) const {
        return is_null(column) ? std::nullopt : std::optional(integer(column));
    }
    std::optional<Instant> optional_instant(int column) const { // kept in microseconds
        return is_null(column) ? std::nullopt : std::optional(instant_of(integer(column)));
    }
};

using RowSink = std::function<Result<>(const Row&)>;
using IndexedRowSink = std::function<Result<>(std::size_t index, const Row&)>;

// A connection in a transaction: a snapshot for reading, or the one writer. Not thread-safe; lives as long as the call
// it is given to. A failed statement ends the work on both databases: the statements after it answer its error, and
// nothing of the work is kept. A sink may run further statements.
class Session {
  public:
    virtual ~Session() = default;
    virtual Dialect dialect() const = 0;

    // The number of rows changed.
    virtual Result<std::int64_t> execute(std::string_view sql, const Values& values = {}) = 0;
    // Every row to `sink`, in order; stops at the sink's first error and answers it.
    virtual Result<> each(std::string_view sql, const Values& values, const RowSink& sink) = 0;

    // The same for a question that may take long: is told whether it came to its end within `patience`. What came until
    // then was given to the sink; on PostgreSQL that is nothing.
    virtual Result<bool> each_within(
        std::chrono::milliseconds patience, std::string_view sql, const Values& values, const RowSink& sink) = 0;

    // The same statement for many rows of values: a loop over one prepared statement on SQLite, one pipeline on
    // PostgreSQL. The total changed.
    virtual Result<std::int64_t> execute_many(std::string_view sql, const std::vector<Values>& rows) = 0;
    // The same query for many rows of values; `sink` learns which row of values each answer belongs to, in order.
    virtual Result<> each_many(std::string_view sql, const std::vector<Values>& rows, const IndexedRowSink& sink) = 0;

    // The ids (the column `id`) of new rows, in order. `sql` is an INSERT without RETURNING, for which SQLite would
    // make a table each time.
    virtual Result<std::vector<std::int64_t>> insert_many(std::string_view sql, const std::vector<Values>& rows) = 0;

    // The first row's first column, for COUNT, MAX and RETURNING id; nullopt without a row or for NULL.
    Result<std::optional<std::int64_t>> find_integer(std::string_view sql, const Values& values = {});

    // All rows through `make`, a callable Row → T.
    template <class Make>
    auto list(std::string_view sql, const Values& values, Make make)
        -> Result<std::vector<decltype(make(std::declval<const Row&>()))>> {
        std::vector<decltype(make(std::declval<const Row&>()))> items;
        auto done = each(sql, values, [&](const Row& row) -> Result<> {
            items.push_back(make(row));
            return {};
        });
        if (!done)
            return Failure(std::move(done).error());
        return items;
    }
    // The first row through `make`, or nullopt.
    template <class Make>
    auto find(std::string_view sql, const Values& values, Make make)
        -> Result<std::optional<decltype(make(std::declval<const Row&>()))>> {
        auto items = list(sql, values, make);
        if (!items)
            return Failure(std::move(items).error());
        if (items->empty())
            return std::nullopt;
        return std::move(items->front());
    }
};

struct Options {
    int readers_max = 4;
    std::size_t writes_waiting_max = 4096; // more answer store.busy
    Functions functions = {};              // that SQLite knows beside its own
};

// Since the database was opened.
struct Activity {
    std::uint64_t commits = 0;
    std::uint64_t writes = 0; // that those commits made durable
};

// One database. Many readers, one writer with group commit: the write functions that wait together share one COMMIT,
// each inside its own savepoint; `write` returns when that COMMIT is durable. Thread-safe. A write function must not
// call write.
class Database {
  public:
    virtual ~Database() = default;
    // `url` is a path for SQLite or postgres://user@host/name (or postgresql://…). Creates what is missing. Several
    // schemas are migrated in the given order, each migration in a transaction with the checksum of its text; a
    // database that knows newer migrations than this program is refused with store.newer_schema, a changed text with
    // store.changed_migration.
    static Result<std::unique_ptr<Database>> open(
        const std::string& url, const std::vector<Schema>& schemas, Options options = {});

    virtual Dialect dialect() const = 0;
    virtual Result<> read_session(const std::function<Result<>(Session&)>& work) = 0;
    virtual Result<> write_session(const std::function<Result<>(Session&)>& work) = 0;
    virtual Activity activity() const = 0;

    // What `work` (Session& → Result<T>) answers, from one snapshot.
    template <class Work>
    auto read(Work&& work) -> decltype(work(std::declval<Session&>())) {
        return through([this](const auto& run) { return read_session(run); }, work);
    }
    // What `work` answers, once it is durable; its error rolls back what it did and nothing else.
    template <class Work>
    auto write(Work&& work) -> decltype(work(std::declval<Session&>())) {
        return through([this](const auto& run) { return write_session(run); }, work);
    }

  private:
    template <class Enter, class Work>
    static auto through(Enter enter, Work&& work) -> decltype(work(std::declval<Session&>())) {
        using Answer = decltype(work(std::declval<Session&>()));
        std::optional<Answer> answer;
        Result<> entered = enter([&](Session& session) -> Result<> {
            answer.emplace(work(session));
            if (!*answer)
                return Failure(answer->error());
            return {};
        });
        if (!entered)
            return Failure(std::move(entered).error());
        return std::move(*answer);
    }
};

} // namespace onefold::store
