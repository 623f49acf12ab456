#include "store/postgres.h"

#include "core/text.h"
#include "store/failure.h"
#include "store/postgres_values.h"

#include <charconv>
#include <fmt/format.h>
#include <libpq-fe.h>

namespace onefold::store {
namespace {

constexpr std::size_t plans_max = 512;
constexpr std::size_t pipeline_rows_max = 500;

// Exact numbers, bytes as hex, durable commits even where the server's default is not.
constexpr std::chrono::seconds lock_wait_max{3};
constexpr const char* habits = "SET TIME ZONE 'UTC'; SET extra_float_digits = 1; SET bytea_output = 'hex'; "
                               "SET standard_conforming_strings = on; SET jit = off; SET lock_timeout = '30s'; "
                               "SELECT set_config('synchronous_commit', 'on', false) "
                               "WHERE current_setting('synchronous_commit') = 'off'";

bool is_definition(std::string_view sql) {
    sql = trimmed(sql);
    return sql.starts_with("CREATE") || sql.starts_with("ALTER") || sql.starts_with("DROP");
}

bool is_sendable(const Values& values) {
    for (const auto& value : values)
        if (const auto* text = std::get_if<std::string>(&value))
            if (text->find('\0') != text->npos || !is_valid_utf8(*text))
                return false;
    return true;
}

std::int64_t changed_by(const PGresult& answer) {
    auto* result = const_cast<PGresult*>(&answer);
    if (std::string_view(PQcmdStatus(result)).starts_with("SELECT"))
        return 0;
    const std::string_view digits = PQcmdTuples(result);
    std::int64_t changed = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), changed);
    return changed;
}

bool is_success(const PGresult* answer) {
    const auto status = PQresultStatus(answer);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

// The type of each column in the first row that has one; NULL takes any.
std::vector<unsigned> common_types(const std::vector<Values>& rows, std::size_t from, std::size_t to) {
    std::vector<unsigned> types(rows[from].size());
    for (std::size_t i = from; i < to; ++i)
        for (std::size_t column = 0; column < std::min(types.size(), rows[i].size()); ++column)
            if (types[column] == 0)
                types[column] = type_of(rows[i][column]);
    return types;
}

// Whether values of `types` may be sent to a plan made for `planned`.
bool fits(const std::vector<unsigned>& types, const std::vector<unsigned>& planned) {
    if (types.size() != planned.size())
        return false;
    for (std::size_t i = 0; i < types.size(); ++i)
        if (types[i] != 0 && types[i] != planned[i])
            return false;
    return true;
}

} // namespace

bool is_postgres_url(std::string_view url) {
    return url.starts_with("postgres://") || url.starts_with("postgresql://");
}

void PostgresConnection::Free::operator()(PGresult* result) const {
    PQclear(result);
}

Result<std::unique_ptr<PostgresConnection>> PostgresConnection::open(
    const std::string& url, std::shared_ptr<Definitions> definitions, Purpose purpose) {
    std::unique_ptr<PostgresConnection> connection(new PostgresConnection(url, std::move(definitions), purpose));
    TRY(connection->connect());
    return connection;
}

PostgresConnection::~PostgresConnection() {
    PQfinish(connection_);
}

Result<> PostgresConnection::connect() {
    PQfinish(connection_);
    plans_.clear();
    plans_count_ = 0;
    is_defining_ = false;
    const char* names[] = {
        "connect_timeout", "tcp_user_timeout", "application_name", "dbname", "client_encoding", nullptr};
    const char* values[] = {"5", "30000", "onefold", url_.c_str(), "UTF8", nullptr};
    connection_ = PQconnectdbParams(names, values, 1);
    if (is_broken())
        return fail(error_of(nullptr));
    PQsetNoticeProcessor(connection_, [](void*, const char*) {}, nullptr);
    TRY(checked(Answer(PQexec(connection_, habits))));
    return purpose_ == Purpose::writing ? take_database_lock() : Result<>{};
}

Result<> PostgresConnection::take_database_lock() {
    // The server needs a moment to notice that an earlier holder was killed.
    for (const auto deadline = std::chrono::steady_clock::now() + lock_wait_max;;) {
        const Answer answer(PQexec(connection_, "SELECT pg_try_advisory_lock(7362054190)"));
        TRY(checked(answer));
        if (std::string_view(PQgetvalue(answer.get(), 0, 0)) == "t")
            return {};
        if (std::chrono::steady_clock::now() > deadline)
            return fail(ErrorKind::conflict, "store.database_in_use",
                {"Another Onefold uses this database. One database serves one data folder.",
                    "另一个 Onefold 正在使用该数据库；一个数据库只能对应一个数据目录。"});
        std::this_thread::sleep_for(std::chrono::milliseconds{50});
    }
}

bool PostgresConnection::is_broken() const {
    return PQstatus(connection_) != CONNECTION_OK;
}

bool PostgresConnection::is_in_transaction() const {
    const auto status = PQtransactionStatus(connection_);
    return status == PQTRANS_INTRANS || status == PQTRANS_INERROR;
}

Result<> PostgresConnection::begin(const std::string& sql) {
    if (is_broken())
        TRY(connect());
    Result<> begun = control(sql);
    if (!begun && is_broken()) {
        TRY(connect());
        begun = control(sql);
    }
    TRY(begun);
    if (std::exchange(definitions_seen_, *definitions_) == *definitions_)
        return {};
    plans_.clear();
    plans_count_ = 0;
    return control("DEALLOCATE ALL");
}

Result<> PostgresConnection::commit() {
    Answer answer(PQexec(connection_, "COMMIT"));
    if (is_broken())
        return fail(unknown_outcome(trimmed(PQerrorMessage(connection_))));
    TRY(checked(answer));
    if (std::string_view(PQcmdStatus(answer.get())) != "COMMIT")
        return fail(failed("the transaction was aborted"));
    if (std::exchange(is_defining_, false))
        ++*definitions_;
    return {};
}

void PostgresConnection::rollback() {
    is_defining_ = false;
    if (is_in_transaction())
        Answer(PQexec(connection_, "ROLLBACK"));
}

Result<> PostgresConnection::control(const std::string& sql) {
    note_definition(sql);
    return checked(Answer(PQexec(connection_, sql.c_str())));
}

void PostgresConnection::note_definition(std::string_view sql) {
    if (is_definition(sql))
        is_defining_ = true;
}

Result<> PostgresConnection::checked(const Answer& answer) const {
    if (is_success(answer.get()))
        return {};
    return fail(error_of(answer.get()));
}

Error PostgresConnection::error_of(const PGresult* answer) const {
    const char* primary = answer ? PQresultErrorField(answer, PG_DIAG_MESSAGE_PRIMARY) : nullptr;
    const char* state = answer ? PQresultErrorField(answer, PG_DIAG_SQLSTATE) : nullptr;
    const std::string_view what = trimmed(primary ? primary : PQerrorMessage(connection_));
    const std::string_view code = state ? state : "";
    if (is_broken() || code.starts_with("08") || code.starts_with("57P") || code.starts_with("53300"))
        return unavailable(what);
    if (code == "53100")
        return full("");
    if (code == "57014")
        return too_slow(what);
    if (code.starts_with("23"))
        return constraint(what);
    if (code.starts_with("40") || code.starts_with("53") || code == "55P03")
        return busy(what);
    if (code == "22021")
        return bad_text();
    if (code == "XX001" || code == "XX002")
        return damaged(what);
    return failed(what);
}

// The name of a plan that takes values of these types; the server makes one where there is none.
Result<std::string> PostgresConnection::plan(std::string_view sql, const std::vector<unsigned>& types) {
    auto& known = plans_[std::string(sql)];
    for (const auto& plan : known)
        if (fits(types, plan.types))
            return plan.name;
    auto name = fmt::format("s{}", ++plans_made_);
    const Answer answer(
        PQprepare(connection_, name.c_str(), std::string(sql).c_str(), static_cast<int>(types.size()), types.data()));
    TRY(checked(answer));
    known.push_back({types, name});
    ++plans_count_;
    return name;
}

Result<std::vector<std::string>> PostgresConnection::plans_of(
    std::string_view sql, const std::vector<Values>& rows, std::size_t from, std::size_t to) {
    if (plans_count_ >= plans_max) {
        TRY(control("DEALLOCATE ALL"));
        plans_.clear();
        plans_count_ = 0;
    }
    const auto common = common_types(rows, from, to);
    const auto common_plan = TRY(plan(sql, common));
    std::vector<std::string> plans;
    plans.reserve(to - from);
    for (std::size_t i = from; i < to; ++i) {
        if (rows[i].size() != common.size())
            return fail(failed("rows of values differ in length"));
        if (!is_sendable(rows[i]))
            return fail(bad_text());
        const auto types = types_of(rows[i]);
        plans.push_back(fits(types, common) ? common_plan : TRY(plan(sql, types)));
    }
    return plans;
}

Result<PostgresConnection::Answer> PostgresConnection::ask(std::string_view sql, const Values& values) {
    const std::vector<Values> rows{values};
    const auto plans = TRY(plans_of(sql, rows, 0, 1));
    const Parameters parameters(values);
    Answer answer(PQexecPrepared(connection_, plans[0].c_str(), parameters.count(), parameters.pointers(),
        parameters.lengths(), parameters.formats(), 0));
    TRY(checked(answer));
    note_definition(sql);
    return answer;
}

Result<> PostgresConnection::pipelined(std::string_view sql, const std::vector<Values>& rows, const Take& take) {
    for (std::size_t from = 0; from < rows.size(); from += pipeline_rows_max) {
        const auto to = std::min(rows.size(), from + pipeline_rows_max);
        const auto plans = TRY(plans_of(sql, rows, from, to));
        const auto answers = TRY(run_pipeline(plans, rows, from));
        for (std::size_t i = 0; i < answers.size(); ++i)
            TRY(take(from + i, *answers[i]));
    }
    return {};
}

Result<std::vector<PostgresConnection::Answer>> PostgresConnection::run_pipeline(
    const std::vector<std::string>& plans, const std::vector<Values>& rows, std::size_t from) {
    if (!PQenterPipelineMode(connection_))
        return fail(error_of(nullptr));
    bool is_sent = true;
    for (std::size_t i = 0; is_sent && i < plans.size(); ++i) {
        const Parameters parameters(rows[from + i]);
        is_sent = PQsendQueryPrepared(connection_, plans[i].c_str(), parameters.count(), parameters.pointers(),
            parameters.lengths(), parameters.formats(), 0);
    }
    if (!is_sent || !PQpipelineSync(connection_)) {
        auto error = unavailable(trimmed(PQerrorMessage(connection_)));
        TRY(connect());
        return fail(std::move(error));
    }
    return collect(plans.size());
}

Result<std::vector<PostgresConnection::Answer>> PostgresConnection::collect(std::size_t count) {
    std::vector<Answer> answers;
    std::optional<Error> first_error;
    bool is_synced = false;
    while (!is_synced && !is_broken()) {
        Answer answer(PQgetResult(connection_));
        if (!answer)
            continue;
        is_synced = PQresultStatus(answer.get()) == PGRES_PIPELINE_SYNC;
        if (is_synced)
            break;
        if (!is_success(answer.get()) && !first_error)
            first_error = error_of(answer.get());
        answers.push_back(std::move(answer));
    }
    if (is_synced)
        PQexitPipelineMode(connection_);
    if (first_error)
        return fail(std::move(*first_error));
    if (!is_synced || answers.size() != count)
        return fail(unavailable(trimmed(PQerrorMessage(connection_))));
    return answers;
}

Result<std::int64_t> PostgresConnection::run_execute(std::string_view sql, const Values& values) {
    return changed_by(*TRY(ask(sql, values)));
}

Result<> PostgresConnection::run_each(std::string_view sql, const Values& values, const RowSink& sink) {
    const auto answer = TRY(ask(sql, values));
    PostgresRow row(*answer);
    const int count = PQntuples(answer.get());
    for (int i = 0; i < count; ++i) {
        row.move_to(i);
        TRY(sink(row));
    }
    return {};
}

// A statement that was cancelled ends its transaction, hence the savepoint.
Result<bool> PostgresConnection::run_each_within(
    std::chrono::milliseconds patience, std::string_view sql, const Values& values, const RowSink& sink) {
    TRY(control("SAVEPOINT within"));
    TRY(control(fmt::format("SET LOCAL statement_timeout = {}", std::max<std::int64_t>(1, patience.count()))));
    const auto ran = run_each(sql, values, sink);
    if (!ran && ran.error().code != "store.too_slow")
        return fail(ran.error());
    TRY(control("ROLLBACK TO SAVEPOINT within"));
    TRY(control("RELEASE SAVEPOINT within"));
    return bool(ran);
}

Result<std::int64_t> PostgresConnection::run_execute_many(std::string_view sql, const std::vector<Values>& rows) {
    std::int64_t changed = 0;
    TRY(pipelined(sql, rows, [&](std::size_t, const PGresult& answer) -> Result<> {
        changed += changed_by(answer);
        return {};
    }));
    return changed;
}

Result<> PostgresConnection::run_each_many(
    std::string_view sql, const std::vector<Values>& rows, const IndexedRowSink& sink) {
    return pipelined(sql, rows, [&](std::size_t index, const PGresult& answer) -> Result<> {
        PostgresRow row(answer);
        const int count = PQntuples(&answer);
        for (int i = 0; i < count; ++i) {
            row.move_to(i);
            TRY(sink(index, row));
        }
        return {};
    });
}

Result<std::vector<std::int64_t>> PostgresConnection::run_insert_many(
    std::string_view sql, const std::vector<Values>& rows) {
    std::vector<std::int64_t> ids;
    TRY(run_each_many(fmt::format("{} RETURNING id", sql), rows, [&](std::size_t, const Row& row) -> Result<> {
        ids.push_back(row.integer(0));
        return {};
    }));
    return ids;
}

} // namespace onefold::store
