#include "store/connection.h"

#include "store/failure.h"

#include <exception>

namespace onefold::store {

template <class Run>
auto Connection::remembered(Run run) -> decltype(run()) {
    if (failure_)
        return fail(*failure_);
    auto done = run();
    if (!done && !failure_)
        failure_ = done.error();
    return done;
}

Result<std::int64_t> Connection::execute(std::string_view sql, const Values& values) {
    return remembered([&] { return run_execute(sql, values); });
}

Result<std::int64_t> Connection::execute_many(std::string_view sql, const std::vector<Values>& rows) {
    if (rows.empty())
        return 0;
    return remembered([&] { return run_execute_many(sql, rows); });
}

Result<> Connection::each(std::string_view sql, const Values& values, const RowSink& sink) {
    Result<> stopped;
    auto done = remembered([&] {
        auto ran = run_each(sql, values, [&](const Row& row) { return stopped = sink(row); });
        return stopped ? ran : Result<>{};
    });
    return stopped ? done : stopped;
}

Result<bool> Connection::each_within(
    std::chrono::milliseconds patience, std::string_view sql, const Values& values, const RowSink& sink) {
    Result<> stopped;
    auto done = remembered([&]() -> Result<bool> {
        auto ran = run_each_within(patience, sql, values, [&](const Row& row) { return stopped = sink(row); });
        return stopped ? ran : Result<bool>{false};
    });
    if (!stopped)
        return fail(stopped.error());
    return done;
}

Result<> Connection::each_many(std::string_view sql, const std::vector<Values>& rows, const IndexedRowSink& sink) {
    if (rows.empty())
        return {};
    Result<> stopped;
    auto done = remembered([&] {
        auto ran =
            run_each_many(sql, rows, [&](std::size_t index, const Row& row) { return stopped = sink(index, row); });
        return stopped ? ran : Result<>{};
    });
    return stopped ? done : stopped;
}

Result<std::vector<std::int64_t>> Connection::insert_many(std::string_view sql, const std::vector<Values>& rows) {
    if (rows.empty())
        return std::vector<std::int64_t>{};
    return remembered([&] { return run_insert_many(sql, rows); });
}

Result<std::optional<std::int64_t>> Session::find_integer(std::string_view sql, const Values& values) {
    std::optional<std::int64_t> found;
    bool is_first = true;
    TRY(each(sql, values, [&](const Row& row) -> Result<> {
        if (std::exchange(is_first, false))
            found = row.optional_integer(0);
        return {};
    }));
    return found;
}

Result<> run(const Work& work, Connection& connection) {
    Result<> outcome;
    try {
        outcome = work(connection);
    } catch (const std::exception& exception) {
        outcome = fail(failed(exception.what()));
    } catch (...) {
        outcome = fail(failed("unknown exception"));
    }
    if (outcome && connection.failure())
        outcome = fail(*connection.failure());
    return outcome;
}

} // namespace onefold::store
