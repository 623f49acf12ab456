#pragma once
// PostgreSQL through libpq: one connection, prepared statements, pipelines for many rows of values.
#include "store/connection.h"

#include <atomic>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

typedef struct pg_conn PGconn;
typedef struct pg_result PGresult;

namespace onefold::store {

bool is_postgres_url(std::string_view url);
std::string quoted(std::string_view name); // as an identifier

// Counts the committed changes of tables; a connection that sees a new count prepares its statements anew.
using Definitions = std::atomic<std::uint64_t>;

// A broken connection answers store.unavailable once and is made anew at the next begin.
class PostgresConnection final : public Connection {
  public:
    // A writing one holds the database's advisory lock: one process a database (store.database_in_use).
    enum class Purpose { writing, reading };
    static Result<std::unique_ptr<PostgresConnection>> open(
        const std::string& url, std::shared_ptr<Definitions> definitions, Purpose purpose);
    ~PostgresConnection() override;

    Dialect dialect() const override { return Dialect::postgres; }
    Result<> begin_writing() override { return begin("BEGIN"); }
    Result<> begin_reading() override { return begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"); }
    Result<> commit() override;
    void rollback() override;
    bool is_in_transaction() const override;
    Result<> control(const std::string& sql) override;

    // A table's rows as COPY writes them, one a call; and back. Within a transaction.
    using TakeRow = std::function<Result<>(std::string_view row)>;
    Result<> copy_out(const std::string& table, const std::vector<std::string>& columns, const TakeRow& take);
    Result<> copy_in(const std::string& table, const std::vector<std::string>& columns,
        const std::function<Result<>(const TakeRow& put)>& give);

  private:
    struct Free {
        void operator()(PGresult* result) const;
    };
    using Answer = std::unique_ptr<PGresult, Free>;
    // A statement as the server prepared it, for these types of values (0: the server's choice).
    struct Plan {
        std::vector<unsigned> types;
        std::string name;
    };
    using Take = std::function<Result<>(std::size_t index, const PGresult& answer)>;

    PostgresConnection(std::string url, std::shared_ptr<Definitions> definitions, Purpose purpose)
        : url_(std::move(url)), definitions_(std::move(definitions)), purpose_(purpose) {}
    Result<> connect();
    Result<> take_database_lock();
    Result<> begin(const std::string& sql);
    bool is_broken() const;
    Error error_of(const PGresult* answer) const;
    Result<> checked(const Answer& answer) const;
    void note_definition(std::string_view sql);

    Result<std::string> plan(std::string_view sql, const std::vector<unsigned>& types);
    Result<Answer> ask(std::string_view sql, const Values& values);
    Result<> pipelined(std::string_view sql, const std::vector<Values>& rows, const Take& take);
    Result<std::vector<std::string>> plans_of(
        std::string_view sql, const std::vector<Values>& rows, std::size_t from, std::size_t to);
    Result<std::vector<Answer>> run_pipeline(
        const std::vector<std::string>& plans, const std::vector<Values>& rows, std::size_t from);
    Result<std::vector<Answer>> collect(std::size_t count);

    Result<std::int64_t> run_execute(std::string_view sql, const Values& values) override;
    Result<> run_each(std::string_view sql, const Values& values, const RowSink& sink) override;
    Result<bool> run_each_within(
        std::chrono::milliseconds patience, std::string_view sql, const Values& values, const RowSink& sink) override;
    Result<std::int64_t> run_execute_many(std::string_view sql, const std::vector<Values>& rows) override;
    Result<> run_each_many(std::string_view sql, const std::vector<Values>& rows, const IndexedRowSink& sink) override;
    Result<std::vector<std::int64_t>> run_insert_many(std::string_view sql, const std::vector<Values>& rows) override;

    const std::string url_;
    std::shared_ptr<Definitions> definitions_;
    const Purpose purpose_;
    PGconn* connection_ = nullptr;
    std::unordered_map<std::string, std::vector<Plan>> plans_;
    std::size_t plans_count_ = 0;
    std::uint64_t plans_made_ = 0;
    std::uint64_t definitions_seen_ = 0;
    bool is_defining_ = false;
};

} // namespace onefold::store
