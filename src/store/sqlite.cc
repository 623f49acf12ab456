#include "store/sqlite.h"

#include "core/text.h"
#include "store/checkpointer.h"
#include "store/failure.h"

#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>
#include <utility>

namespace onefold::store {
namespace {

constexpr std::size_t statements_max = 512;
constexpr int wal_frames_patience = 3 * 1024; // 12 MB, until the next try while somebody reads an old snapshot
constexpr int busy_timeout_ms = 5000;
constexpr int steps_between_looks = 20'000; // of SQLite's machine: less than a millisecond

class SqliteRow final : public Row {
  public:
    explicit SqliteRow(sqlite3_stmt* statement) : statement_(statement) {}
    int columns() const override { return sqlite3_data_count(statement_); }
    bool is_null(int column) const override { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
    std::int64_t integer(int column) const override { return sqlite3_column_int64(statement_, column); }
    double real(int column) const override { return sqlite3_column_double(statement_, column); }
    std::string_view text(int column) const override {
        const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
        return bytes ? std::string_view(bytes, size_of(column)) : std::string_view();
    }
    std::string_view blob(int column) const override {
        const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
        return bytes ? std::string_view(bytes, size_of(column)) : std::string_view();
    }
    Value value(int column) const override {
        switch (sqlite3_column_type(statement_, column)) {
        case SQLITE_INTEGER:
            return integer(column);
        case SQLITE_FLOAT:
            return real(column);
        case SQLITE_TEXT:
            return std::string(text(column));
        case SQLITE_BLOB:
            return Blob{std::string(blob(column))};
        default:
            return std::monostate{};
        }
    }

  private:
    std::size_t size_of(int column) const { return static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)); }
    sqlite3_stmt* statement_;
};

// After a failed write or sync nobody knows what the file holds; the next start reads it anew.
[[noreturn]] void stop_after(const char* what, int code) {
    std::fprintf(stderr,
        "onefold: the database file cannot be written (%s, code %d); stopping so that nothing is lost\n", what, code);
    ::_exit(74);
}

// Whether the quota was what a write to the database's log failed by. Of the connection SQLite tells whatever errno is
// by then.
bool is_quota_used_up(sqlite3* database) {
    sqlite3_file* log = nullptr;
    int number = 0;
    sqlite3_file_control(database, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
    if (log && log->pMethods)
        log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &number);
    return number == EDQUOT;
}

// Makes an empty file that only its owner reads; SQLite gives its companions the same mode.
Result<> make_file(const std::string& path) {
    std::error_code ignored;
    const auto folder = std::filesystem::path(path).parent_path();
    if (!folder.empty() && std::filesystem::create_directories(folder, ignored))
        std::filesystem::permissions(folder, std::filesystem::perms::owner_all, ignored);
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0)
        return fail(failed(fmt::format("{}: {}", path, std::strerror(errno))));
    ::close(file);
    return {};
}

int remember_frames(void* frames, sqlite3*, const char*, int count) {
    static_cast<WalFrames*>(frames)->written = count;
    return SQLITE_OK;
}

} // namespace

// A statement in use: back to the start when it is left, so that its snapshot ends and its values are forgotten.
class SqliteConnection::Use {
  public:
    Use(Prepared* cached) : cached_(cached) {}
    Use(Prepared own) : own_(std::move(own)) {}
    Use(Use&& other) noexcept : cached_(std::exchange(other.cached_, nullptr)), own_(std::exchange(other.own_, {})) {}
    ~Use() {
        if (cached_) {
            sqlite3_reset(cached_->statement);
            sqlite3_clear_bindings(cached_->statement);
        }
        if (own_.statement)
            sqlite3_finalize(own_.statement);
    }
    const Prepared& operator*() const { return cached_ ? *cached_ : own_; }

  private:
    Prepared* cached_ = nullptr;
    Prepared own_{};
};

Result<std::unique_ptr<SqliteConnection>> SqliteConnection::open(
    const std::string& path, Purpose purpose, std::shared_ptr<WalFrames> wal_frames) {
    static const int uncounted = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); // counting takes a lock an allocation
    (void)uncounted;
    TRY(make_file(path));
    sqlite3* database = nullptr;
    const int code = sqlite3_open_v2(
        path.c_str(), &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    std::unique_ptr<SqliteConnection> connection(new SqliteConnection(database, purpose, std::move(wal_frames)));
    if (code != SQLITE_OK)
        return fail(connection->error_of(code));
    TRY(connection->configure());
    return connection;
}

Result<std::unique_ptr<SqliteConnection>> SqliteConnection::open_unchanging(const std::string& uri) {
    sqlite3* database = nullptr;
    const int code = sqlite3_open_v2(uri.c_str(), &database,
        SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    std::unique_ptr<SqliteConnection> connection(new SqliteConnection(database, Purpose::reading, nullptr));
    if (code != SQLITE_OK)
        return fail(connection->error_of(code));
    TRY(connection->control("PRAGMA cell_size_check = ON"));
    TRY(connection->control("PRAGMA trusted_schema = OFF"));
    return connection;
}

Result<> SqliteConnection::configure() {
    sqlite3_busy_timeout(database_, busy_timeout_ms);
    sqlite3_db_config(database_, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(database_, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
    sqlite3_db_config(database_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    std::string mode;
    TRY(run_each("PRAGMA journal_mode = WAL", {}, [&](const Row& row) -> Result<> {
        mode = row.text(0);
        return {};
    }));
    if (mode != "wal")
        return fail(failed("the file system does not allow a write-ahead log"));
    sqlite3_db_config(database_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    for (const char* pragma : {"PRAGMA synchronous = FULL", "PRAGMA foreign_keys = ON", "PRAGMA secure_delete = ON",
             "PRAGMA temp_store = MEMORY", "PRAGMA cell_size_check = ON", "PRAGMA mmap_size = 0",
             "PRAGMA wal_autocheckpoint = 0",
             purpose_ == Purpose::writing ? "PRAGMA cache_size = -524288" : "PRAGMA cache_size = -32000"})
        TRY(control(pragma));
    TRY(control(fmt::format("PRAGMA journal_size_limit = {}", std::int64_t{WalFrames::max} * WalFrames::bytes)));
    if (purpose_ == Purpose::reading)
        TRY(control("PRAGMA query_only = ON"));
    if (purpose_ == Purpose::writing)
        sqlite3_wal_hook(database_, remember_frames, wal_frames_.get());
    return {};
}

SqliteConnection::~SqliteConnection() {
    for (auto& prepared : statements_)
        sqlite3_finalize(prepared.statement);
    sqlite3_close_v2(database_);
}

bool SqliteConnection::is_in_transaction() const {
    return sqlite3_get_autocommit(database_) == 0;
}

void SqliteConnection::rollback() {
    if (is_in_transaction())
        sqlite3_exec(database_, "ROLLBACK", nullptr, nullptr, nullptr);
}

Result<> SqliteConnection::control(const std::string& sql) {
    const int code = sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK)
        return fail(error_of(code));
    return {};
}

Error SqliteConnection::error_of(int code) const {
    const char* what = database_ ? sqlite3_errmsg(database_) : sqlite3_errstr(code);
    const int system = database_ ? sqlite3_system_errno(database_) : 0;
    const bool is_sync = code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC;
    switch (code & 0xff) {
    case SQLITE_FULL:
        return full("");
    case SQLITE_IOERR:
        if (code == SQLITE_IOERR_NOMEM)
            return busy(what);
        if (!is_sync && (system == ENOSPC || system == EDQUOT))
            return full("");
        if (code == SQLITE_IOERR_WRITE && is_quota_used_up(database_))
            return full("");
        if (purpose_ != Purpose::reading)
            stop_after(sqlite3_errstr(code), code);
        return failed(what);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_NOMEM:
        return busy(what);
    case SQLITE_CONSTRAINT:
        return constraint(what);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return damaged(what);
    default:
        return failed(what);
    }
}

Result<SqliteConnection::Prepared> SqliteConnection::prepare(std::string_view sql) {
    Prepared prepared{std::string(sql), nullptr, {}};
    const char* rest = nullptr;
    const int code = sqlite3_prepare_v3(database_, prepared.sql.c_str(), static_cast<int>(sql.size()) + 1,
        SQLITE_PREPARE_PERSISTENT, &prepared.statement, &rest);
    if (code != SQLITE_OK)
        return fail(error_of(code));
    if (!prepared.statement || !trimmed(rest).empty()) {
        sqlite3_finalize(prepared.statement);
        return fail(failed("one statement at a time"));
    }
    const int count = sqlite3_bind_parameter_count(prepared.statement);
    prepared.places.resize(static_cast<std::size_t>(count));
    for (int place = 1; place <= count; ++place) {
        const char* name = sqlite3_bind_parameter_name(prepared.statement, place);
        int number = 0;
        if (name && *name == '$')
            std::from_chars(name + 1, name + std::strlen(name), number);
        if (number < 1 || number > count) {
            sqlite3_finalize(prepared.statement);
            return fail(failed("placeholders are $1, $2, … without gaps"));
        }
        prepared.places[static_cast<std::size_t>(number) - 1] = place;
    }
    return prepared;
}

Result<SqliteConnection::Use> SqliteConnection::use(std::string_view sql) {
    if (auto found = by_sql_.find(sql); found != by_sql_.end()) {
        statements_.splice(statements_.begin(), statements_, found->second);
        if (!sqlite3_stmt_busy(found->second->statement))
            return Use(&statements_.front());
        return Use(TRY(prepare(sql)));
    }
    auto prepared = TRY(prepare(sql));
    if (statements_.size() >= statements_max) {
        auto& oldest = statements_.back();
        if (sqlite3_stmt_busy(oldest.statement))
            return Use(std::move(prepared));
        by_sql_.erase(oldest.sql);
        sqlite3_finalize(oldest.statement);
        statements_.pop_back();
    }
    statements_.push_front(std::move(prepared));
    by_sql_.emplace(statements_.front().sql, statements_.begin());
    return Use(&statements_.front());
}

Result<> SqliteConnection::bind(const Prepared& prepared, const Values& values) {
    if (values.size() != prepared.places.size())
        return fail(failed(fmt::format("{} values for {} placeholders", values.size(), prepared.places.size())));
    for (std::size_t i = 0; i < values.size(); ++i) {
        const int place = prepared.places[i];
        int code = SQLITE_OK;
        if (const auto* integer = std::get_if<std::int64_t>(&values[i]))
            code = sqlite3_bind_int64(prepared.statement, place, *integer);
        else if (const auto* real = std::get_if<double>(&values[i]))
            code = sqlite3_bind_double(prepared.statement, place, *real);
        else if (const auto* text = std::get_if<std::string>(&values[i])) {
            if (text->find('\0') != text->npos || !is_valid_utf8(*text))
                return fail(bad_text());
            code =
                sqlite3_bind_text64(prepared.statement, place, text->data(), text->size(), SQLITE_STATIC, SQLITE_UTF8);
        } else if (const auto* blob = std::get_if<Blob>(&values[i]))
            code =
                sqlite3_bind_blob64(prepared.statement, place, blob->bytes.data(), blob->bytes.size(), SQLITE_STATIC);
        else
            code = sqlite3_bind_null(prepared.statement, place);
        if (code != SQLITE_OK)
            return fail(error_of(code));
    }
    return {};
}

Result<std::int64_t> SqliteConnection::step_to_end(const Prepared& prepared) {
    const auto before = sqlite3_total_changes64(database_);
    int code = SQLITE_ROW;
    while (code == SQLITE_ROW)
        code = sqlite3_step(prepared.statement);
    const Error error = code == SQLITE_DONE ? Error{} : error_of(code);
    sqlite3_reset(prepared.statement);
    if (code != SQLITE_DONE)
        return fail(error);
    return sqlite3_total_changes64(database_) == before ? 0 : sqlite3_changes64(database_);
}

Result<std::int64_t> SqliteConnection::run_execute(std::string_view sql, const Values& values) {
    auto used = TRY(use(sql));
    TRY(bind(*used, values));
    return step_to_end(*used);
}

Result<> SqliteConnection::run_each(std::string_view sql, const Values& values, const RowSink& sink) {
    auto used = TRY(use(sql));
    TRY(bind(*used, values));
    const SqliteRow row((*used).statement);
    while (true) {
        const int code = sqlite3_step((*used).statement);
        if (code == SQLITE_DONE)
            return {};
        if (code != SQLITE_ROW)
            return fail(error_of(code));
        TRY(sink(row));
    }
}

Result<bool> SqliteConnection::run_each_within(
    std::chrono::milliseconds patience, std::string_view sql, const Values& values, const RowSink& sink) {
    using Clock = std::chrono::steady_clock;
    auto deadline = Clock::now() + patience;
    const auto is_late = [](void* at) { return int(Clock::now() > *static_cast<Clock::time_point*>(at)); };
    auto used = TRY(use(sql));
    TRY(bind(*used, values));
    sqlite3_progress_handler(database_, steps_between_looks, is_late, &deadline);
    const SqliteRow row((*used).statement);
    Result<> going;
    int code = SQLITE_OK;
    while (going && (code = sqlite3_step((*used).statement)) == SQLITE_ROW)
        going = sink(row);
    sqlite3_progress_handler(database_, 0, nullptr, nullptr);
    TRY(going);
    if (code != SQLITE_DONE && code != SQLITE_INTERRUPT)
        return fail(error_of(code));
    return code == SQLITE_DONE;
}

Result<std::int64_t> SqliteConnection::run_execute_many(std::string_view sql, const std::vector<Values>& rows) {
    auto used = TRY(use(sql));
    std::int64_t changed = 0;
    for (const auto& values : rows) {
        TRY(bind(*used, values));
        changed += TRY(step_to_end(*used));
    }
    return changed;
}

Result<> SqliteConnection::run_each_many(
    std::string_view sql, const std::vector<Values>& rows, const IndexedRowSink& sink) {
    auto used = TRY(use(sql));
    const SqliteRow row((*used).statement);
    for (std::size_t index = 0; index < rows.size(); ++index) {
        TRY(bind(*used, rows[index]));
        int code = SQLITE_ROW;
        while ((code = sqlite3_step((*used).statement)) == SQLITE_ROW)
            TRY(sink(index, row));
        if (code != SQLITE_DONE)
            return fail(error_of(code));
        sqlite3_reset((*used).statement);
    }
    return {};
}

Result<std::vector<std::int64_t>> SqliteConnection::run_insert_many(
    std::string_view sql, const std::vector<Values>& rows) {
    auto used = TRY(use(sql));
    std::vector<std::int64_t> ids;
    for (const auto& values : rows) {
        TRY(bind(*used, values));
        TRY(step_to_end(*used));
        ids.push_back(sqlite3_last_insert_rowid(database_));
    }
    return ids;
}

void SqliteConnection::settle() {
    const int written = wal_frames_->written;
    if (written < std::max(restart_at_frames_, WalFrames::worth_restarting))
        return;
    std::unique_lock copying(wal_frames_->copying, std::defer_lock);
    if (written >= WalFrames::max)
        copying.lock();
    else if (!copying.try_lock() || wal_frames_->waiting() > WalFrames::few)
        return;
    sqlite3_busy_timeout(database_, 20);
    const int code = sqlite3_wal_checkpoint_v2(database_, nullptr, SQLITE_CHECKPOINT_RESTART, nullptr, nullptr);
    sqlite3_busy_timeout(database_, busy_timeout_ms);
    restart_at_frames_ = 0;
    if (code == SQLITE_OK) {
        wal_frames_->copied = wal_frames_->written = 0;
        return;
    }
    restart_at_frames_ = written + wal_frames_patience;
    (void)error_of(code);
}

Result<> SqliteConnection::checkpoint() {
    int copied = 0;
    const int code = sqlite3_wal_checkpoint_v2(database_, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, &copied);
    if (code != SQLITE_OK && code != SQLITE_BUSY)
        return fail(error_of(code));
    wal_frames_->copied = std::max(copied, 0);
    return {};
}

} // namespace onefold::store
