#pragma once
// One connection to one database: what the writer and the readers drive. Not thread-safe.
#include "store/store.h"

#include <memory>
#include <optional>
#include <string_view>

namespace onefold::store {

// Statements of a session, and around them a transaction. The two databases answer alike after a failed statement:
// every further one answers the same error until `forget_failure`.
class Connection : public Session {
  public:
    Result<std::int64_t> execute(std::string_view sql, const Values& values) final;
    Result<> each(std::string_view sql, const Values& values, const RowSink& sink) final;
    Result<bool> each_within(
        std::chrono::milliseconds patience, std::string_view sql, const Values& values, const RowSink& sink) final;
    Result<std::int64_t> execute_many(std::string_view sql, const std::vector<Values>& rows) final;
    Result<> each_many(std::string_view sql, const std::vector<Values>& rows, const IndexedRowSink& sink) final;
    Result<std::vector<std::int64_t>> insert_many(std::string_view sql, const std::vector<Values>& rows) final;

    virtual Result<> begin_writing() = 0;
    virtual Result<> begin_reading() = 0;
    virtual Result<> commit() = 0;
    // Ends the transaction, also a broken one.
    virtual void rollback() = 0;
    virtual bool is_in_transaction() const = 0;
    // A statement without values and rows: savepoints, definitions of tables. Not remembered as a failure.
    virtual Result<> control(const std::string& sql) = 0;
    // Between two transactions of the writer, while nobody waits for this one.
    virtual void settle() {}

    const std::optional<Error>& failure() const { return failure_; }
    void forget_failure() { failure_.reset(); }

  protected:
    virtual Result<std::int64_t> run_execute(std::string_view sql, const Values& values) = 0;
    virtual Result<> run_each(std::string_view sql, const Values& values, const RowSink& sink) = 0;
    virtual Result<bool> run_each_within(
        std::chrono::milliseconds patience, std::string_view sql, const Values& values, const RowSink& sink) = 0;
    virtual Result<std::int64_t> run_execute_many(std::string_view sql, const std::vector<Values>& rows) = 0;
    virtual Result<> run_each_many(
        std::string_view sql, const std::vector<Values>& rows, const IndexedRowSink& sink) = 0;
    virtual Result<std::vector<std::int64_t>> run_insert_many(
        std::string_view sql, const std::vector<Values>& rows) = 0;

  private:
    template <class Run>
    auto remembered(Run run) -> decltype(run());

    std::optional<Error> failure_;
};

using Work = std::function<Result<>(Session&)>;

// What `work` answers; its exceptions become store.failed, and a failed statement that it kept silent about is its
// failure.
Result<> run(const Work& work, Connection& connection);

} // namespace onefold::store
