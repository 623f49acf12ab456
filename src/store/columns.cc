#include "store/columns.h"

#include "store/columns_chunks.h"
#include "store/columns_functions.h"
#include "store/columns_values.h"

#include <duckdb.h>
#include <filesystem>
#include <fmt/format.h>
#include <sys/stat.h>

namespace onefold::store {
namespace {

Failure failure(std::string_view code, std::string_view en, std::string_view zh, std::string_view detail) {
    return fail(
        ErrorKind::internal, code, LocalText(fmt::format("{} ({})", en, detail), fmt::format("{}（{}）", zh, detail)));
}
Failure failed(std::string_view detail) {
    return failure("columns.failed", "The analysis failed; no data is affected.", "分析失败，数据不受影响。", detail);
}
Failure damaged(std::string_view detail) {
    return failure("columns.damaged", "The file for analysis cannot be opened; it can be rebuilt, no data is lost.",
        "分析文件无法打开，可以重建，数据没有丢失。", detail);
}
Failure failed(duckdb_error_type type, std::string_view detail) {
    if (type == DUCKDB_ERROR_INTERRUPT)
        return failure(
            "columns.interrupted", "The analysis took too long and was stopped.", "分析耗时过长，已停止。", detail);
    if (type == DUCKDB_ERROR_OUT_OF_MEMORY)
        return failure(
            "columns.too_large", "The analysis needs more memory than it may have.", "分析所需内存超出限制。", detail);
    if (detail.contains("No space left on device"))
        return failure("columns.full", "The disk is full; the analysis stands until there is space, no data is lost.",
            "磁盘已满；分析暂停，待有空间后自动继续，数据没有丢失。", detail);
    if (type == DUCKDB_ERROR_FATAL || type == DUCKDB_ERROR_INTERNAL || type == DUCKDB_ERROR_IO ||
        type == DUCKDB_ERROR_SERIALIZATION)
        return damaged(detail);
    return failed(detail);
}

// DuckDB's C handles, each ended by its own function.
template <class Handle, auto end>
struct Owned {
    Owned() = default;
    Owned(const Owned&) = delete;
    ~Owned() { end(&handle); }
    Handle handle{};
};
using File = Owned<duckdb_database, duckdb_close>;
using Config = Owned<duckdb_config, duckdb_destroy_config>;
using Statement = Owned<duckdb_prepared_statement, duckdb_destroy_prepare>;
using Answer = Owned<duckdb_result, duckdb_destroy_result>;
using Chunk = Owned<duckdb_data_chunk, duckdb_destroy_data_chunk>;
using Appender = Owned<duckdb_appender, duckdb_appender_destroy>;

class OpenConnection final : public ColumnsConnection {
  public:
    explicit OpenConnection(std::shared_ptr<File> database) : database_(std::move(database)) {}
    ~OpenConnection() override { duckdb_disconnect(&connection_); }

    Result<> connect() {
        if (duckdb_connect(database_->handle, &connection_) != DuckDBSuccess)
            return failed("no connection");
        return {};
    }

    Result<std::int64_t> execute(std::string_view sql, const Values& values) override {
        Answer answer;
        TRY(run(sql, values, answer));
        return static_cast<std::int64_t>(duckdb_rows_changed(&answer.handle));
    }

    Result<> each(std::string_view sql, const Values& values, const RowSink& sink) override {
        Answer answer;
        TRY(run(sql, values, answer));
        while (true) {
            Chunk chunk;
            chunk.handle = duckdb_fetch_chunk(answer.handle);
            if (!chunk.handle)
                return {};
            TRY(give(ColumnsChunk(answer.handle, chunk.handle), sink));
        }
    }

    Result<> append(const std::string& table, const std::vector<Values>& rows) override {
        return together([&] { return append_all(table, rows); });
    }
    Result<> append_batch(const std::string& table, const ColumnsBatch& rows) override {
        return together([&] { return append_all(table, rows); });
    }

    Result<> in_transaction(const std::function<Result<>(ColumnsConnection&)>& work) override {
        VERIFY(transaction_ == Transaction::none);
        TRY(execute("BEGIN TRANSACTION", {}));
        transaction_ = Transaction::open;
        Result<> outcome = work(*this);
        if (outcome && std::exchange(transaction_, Transaction::none) == Transaction::spoiled)
            outcome = failed("rows were refused");
        transaction_ = Transaction::none;
        if (outcome) {
            auto committed = execute("COMMIT", {});
            if (committed)
                return {};
            outcome = Failure(std::move(committed).error());
        }
        (void)execute("ROLLBACK", {});
        return outcome;
    }

    Result<> add(const Functions& functions) {
        return add_functions(connection_, functions) ? Result<>() : failed("a function was refused");
    }

    void interrupt() override { duckdb_interrupt(connection_); }

  private:
    Result<> run(std::string_view sql, const Values& values, Answer& answer) {
        Statement statement;
        if (duckdb_prepare(connection_, std::string(sql).c_str(), &statement.handle) != DuckDBSuccess)
            return failed(duckdb_prepare_error(statement.handle));
        if (duckdb_nparams(statement.handle) != values.size())
            return failed(
                fmt::format("{} values for {} placeholders", values.size(), duckdb_nparams(statement.handle)));
        for (std::size_t i = 0; i < values.size(); ++i)
            if (!bind(statement.handle, i + 1, values[i]))
                return failed(duckdb_prepare_error(statement.handle));
        if (duckdb_execute_prepared(statement.handle, &answer.handle) != DuckDBSuccess)
            return failed(duckdb_result_error_type(&answer.handle), duckdb_result_error(&answer.handle));
        return {};
    }

    static Result<> give(const ColumnsChunk& chunk, const RowSink& sink) {
        ValuesRow row;
        row.values.resize(chunk.columns());
        for (idx_t i = 0; i < chunk.rows(); ++i) {
            for (idx_t column = 0; column < chunk.columns(); ++column) {
                auto value = chunk.value(column, i);
                if (!value)
                    return failed(fmt::format("column {} has a type that wants a CAST", column));
                row.values[column] = std::move(*value);
            }
            TRY(sink(row));
        }
        return {};
    }

    Result<> append_all(const std::string& table, const std::vector<Values>& rows) {
        Appender appender;
        if (duckdb_appender_create(connection_, nullptr, table.c_str(), &appender.handle) != DuckDBSuccess)
            return refuse(appender);
        for (const auto& row : rows) {
            for (const auto& value : row)
                if (!store::append(appender.handle, value))
                    return refuse(appender);
            if (duckdb_appender_end_row(appender.handle) != DuckDBSuccess)
                return refuse(appender);
        }
        if (duckdb_appender_close(appender.handle) != DuckDBSuccess)
            return refuse(appender);
        return {};
    }

    Result<> append_all(const std::string& table, const ColumnsBatch& rows) {
        Appender appender;
        if (duckdb_appender_create(connection_, nullptr, table.c_str(), &appender.handle) != DuckDBSuccess ||
            store::append(appender.handle, rows) != Appended::all ||
            duckdb_appender_close(appender.handle) != DuckDBSuccess)
            return refuse(appender);
        return {};
    }

    template <class Work>
    Result<> together(Work work) {
        if (transaction_ == Transaction::none)
            return in_transaction([&](ColumnsConnection&) { return work(); });
        return work();
    }

    // The appender may write what it took before the refusal, so nothing of the transaction may stay.
    Result<> refuse(const Appender& appender) {
        transaction_ = Transaction::spoiled;
        const char* what = duckdb_appender_error(appender.handle);
        return failed(DUCKDB_ERROR_INVALID, what ? what : "the table does not take these rows");
    }

    enum class Transaction { none, open, spoiled };

    Transaction transaction_ = Transaction::none;
    std::shared_ptr<File> database_;
    duckdb_connection connection_ = nullptr;
};

class OpenColumns final : public Columns {
  public:
    explicit OpenColumns(std::shared_ptr<File> database) : database_(std::move(database)) {}
    Result<std::unique_ptr<ColumnsConnection>> connect() override {
        auto connection = std::make_unique<OpenConnection>(database_);
        TRY(connection->connect());
        return connection;
    }

  private:
    std::shared_ptr<File> database_;
};

std::vector<std::pair<const char*, std::string>> settings_of(const Columns::Limits& limits) {
    return {
        {"memory_limit", fmt::format("{}MB", limits.memory_mb)},
        {"max_temp_directory_size", fmt::format("{}MB", limits.temporary_files_mb)},
        {"threads", std::to_string(limits.threads)},
        {"checkpoint_threshold", fmt::format("{}MB", limits.log_mb)},
        {"enable_external_access", "false"},
        {"autoinstall_known_extensions", "false"},
        {"autoload_known_extensions", "false"},
        {"allow_community_extensions", "false"},
        {"allow_unsigned_extensions", "false"},
        {"allow_persistent_secrets", "false"},
        {"lock_configuration", "true"},
    };
}

} // namespace

Result<std::unique_ptr<Columns>> Columns::open(const std::string& path, Limits limits, const Functions& functions) {
    std::error_code ignored;
    const auto folder = std::filesystem::path(path).parent_path();
    if (!folder.empty() && std::filesystem::create_directories(folder, ignored))
        ::chmod(folder.c_str(), 0700);
    Config config;
    if (duckdb_create_config(&config.handle) != DuckDBSuccess)
        return damaged("no configuration");
    for (const auto& [name, value] : settings_of(limits))
        if (duckdb_set_config(config.handle, name, value.c_str()) != DuckDBSuccess)
            return damaged(name);
    auto database = std::make_shared<File>();
    char* error = nullptr;
    if (duckdb_open_ext(path.c_str(), &database->handle, config.handle, &error) != DuckDBSuccess) {
        auto failure = damaged(error ? error : "");
        duckdb_free(error);
        return failure;
    }
    ::chmod(path.c_str(), 0600);
    if (!functions.empty()) {
        OpenConnection connection(database);
        TRY(connection.connect());
        TRY(connection.add(functions));
    }
    return std::make_unique<OpenColumns>(std::move(database));
}

} // namespace onefold::store
