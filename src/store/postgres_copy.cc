// COPY over a connection, both ways.
#include "core/text.h"
#include "store/failure.h"
#include "store/postgres.h"

#include <fmt/format.h>
#include <libpq-fe.h>

namespace onefold::store {
namespace {

std::string table_and_columns(const std::string& table, const std::vector<std::string>& columns) {
    std::string text = quoted(table) + " (";
    for (const auto& column : columns)
        text += (&column == &columns.front() ? "" : ", ") + quoted(column);
    return text + ")";
}

} // namespace

std::string quoted(std::string_view name) {
    std::string text = "\"";
    for (const char c : name)
        text += c == '"' ? std::string("\"\"") : std::string(1, c);
    return text + "\"";
}

Result<> PostgresConnection::copy_out(
    const std::string& table, const std::vector<std::string>& columns, const TakeRow& take) {
    const auto sql = "COPY " + table_and_columns(table, columns) + " TO STDOUT";
    const Answer begun(PQexec(connection_, sql.c_str()));
    if (PQresultStatus(begun.get()) != PGRES_COPY_OUT)
        return fail(error_of(begun.get()));
    char* row = nullptr;
    int length = 0;
    while ((length = PQgetCopyData(connection_, &row, 0)) > 0) {
        const std::unique_ptr<char, void (*)(void*)> freed(row, PQfreemem);
        if (auto taken = take({row, std::size_t(length)}); !taken) {
            TRY(connect()); // the rest is not wanted
            return taken;
        }
    }
    const Answer ended(PQgetResult(connection_));
    while (Answer more{PQgetResult(connection_)})
        ;
    return length == -1 ? checked(ended) : fail(error_of(ended.get()));
}

Result<> PostgresConnection::copy_in(const std::string& table, const std::vector<std::string>& columns,
    const std::function<Result<>(const TakeRow& put)>& give) {
    const auto sql = "COPY " + table_and_columns(table, columns) + " FROM STDIN";
    const Answer begun(PQexec(connection_, sql.c_str()));
    if (PQresultStatus(begun.get()) != PGRES_COPY_IN)
        return fail(error_of(begun.get()));
    const auto given = give([&](std::string_view bytes) -> Result<> {
        if (PQputCopyData(connection_, bytes.data(), int(bytes.size())) == 1)
            return {};
        return fail(unavailable(trimmed(PQerrorMessage(connection_))));
    });
    PQputCopyEnd(connection_, given ? nullptr : "the dump is not whole");
    const Answer ended(PQgetResult(connection_));
    while (Answer more{PQgetResult(connection_)})
        ;
    TRY(given);
    return checked(ended);
}

} // namespace onefold::store
