#pragma once
// SQLite: one connection in WAL mode with synchronous=FULL.
#include "store/connection.h"
#include "store/function.h"

#include <list>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace onefold::store {

struct WalFrames;

class SqliteConnection final : public Connection {
  public:
    enum class Purpose { writing, reading, checkpointing };
    // Creates the file (0600) and its folder (0700) where they are missing. store.damaged for what is not a database.
    // The writer and the checkpointer share the frames; whoever only reads needs none.
    static Result<std::unique_ptr<SqliteConnection>> open(
        const std::string& path, Purpose purpose, std::shared_ptr<WalFrames> wal_frames);
    // A database that nobody changes, by its URI; only for reading.
    static Result<std::unique_ptr<SqliteConnection>> open_unchanging(const std::string& uri);
    ~SqliteConnection() override;
    Result<> add(const Functions& functions);

    Dialect dialect() const override { return Dialect::sqlite; }
    Result<> begin_writing() override { return control("BEGIN IMMEDIATE"); }
    Result<> begin_reading() override { return control("BEGIN"); }
    Result<> commit() override { return control("COMMIT"); }
    void rollback() override;
    bool is_in_transaction() const override;
    Result<> control(const std::string& sql) override;
    // Restarts a log that grew although it was checkpointed all the time.
    void settle() override;
    // Copies what it can without waiting for anybody.
    Result<> checkpoint();
    sqlite3* handle() const { return database_; }

  private:
    struct Prepared {
        std::string sql;
        sqlite3_stmt* statement;
        std::vector<int> places; // of $1, $2, …
    };
    using Statements = std::list<Prepared>;
    class Use;

    SqliteConnection(sqlite3* database, Purpose purpose, std::shared_ptr<WalFrames> wal_frames)
        : database_(database), purpose_(purpose), wal_frames_(std::move(wal_frames)) {}
    Result<> configure();
    Result<Prepared> prepare(std::string_view sql);
    Result<Use> use(std::string_view sql);
    Result<> bind(const Prepared& prepared, const Values& values);
    Result<std::int64_t> step_to_end(const Prepared& prepared);
    Error error_of(int code) const;

    Result<std::int64_t> run_execute(std::string_view sql, const Values& values) override;
    Result<> run_each(std::string_view sql, const Values& values, const RowSink& sink) override;
    Result<bool> run_each_within(
        std::chrono::milliseconds patience, std::string_view sql, const Values& values, const RowSink& sink) override;
    Result<std::int64_t> run_execute_many(std::string_view sql, const std::vector<Values>& rows) override;
    Result<> run_each_many(std::string_view sql, const std::vector<Values>& rows, const IndexedRowSink& sink) override;
    Result<std::vector<std::int64_t>> run_insert_many(std::string_view sql, const std::vector<Values>& rows) override;

    sqlite3* database_;
    const Purpose purpose_;
    std::shared_ptr<WalFrames> wal_frames_;
    int restart_at_frames_ = 0;
    Statements statements_; // the one used last is the first
    std::unordered_map<std::string_view, Statements::iterator> by_sql_;
};

} // namespace onefold::store
