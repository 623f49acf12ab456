#include "store/columns_values.h"

namespace onefold::store {
namespace {

template <class T>
T at(const void* values, idx_t row) {
    return static_cast<const T*>(values)[row];
}

std::string text_at(const void* values, idx_t row) {
    auto text = at<duckdb_string_t>(values, row);
    return {duckdb_string_t_data(&text), duckdb_string_t_length(text)};
}

Value hugeint_at(const void* values, idx_t row) {
    const auto huge = at<duckdb_hugeint>(values, row);
    const auto low = static_cast<std::int64_t>(huge.lower);
    if (huge.upper == (low < 0 ? -1 : 0))
        return low;
    return duckdb_hugeint_to_double(huge);
}

Value unsigned_at(const void* values, idx_t row) {
    const auto number = at<std::uint64_t>(values, row);
    if (number <= INT64_MAX)
        return static_cast<std::int64_t>(number);
    return static_cast<double>(number);
}

} // namespace

bool bind(duckdb_prepared_statement statement, idx_t place, const Value& value) {
    duckdb_state state = DuckDBSuccess;
    if (const auto* integer = std::get_if<std::int64_t>(&value))
        state = duckdb_bind_int64(statement, place, *integer);
    else if (const auto* real = std::get_if<double>(&value))
        state = duckdb_bind_double(statement, place, *real);
    else if (const auto* text = std::get_if<std::string>(&value))
        state = duckdb_bind_varchar_length(statement, place, text->data(), text->size());
    else if (const auto* blob = std::get_if<Blob>(&value))
        state = duckdb_bind_blob(statement, place, blob->bytes.data(), blob->bytes.size());
    else
        state = duckdb_bind_null(statement, place);
    return state == DuckDBSuccess;
}

bool append(duckdb_appender appender, const Value& value) {
    duckdb_state state = DuckDBSuccess;
    if (const auto* integer = std::get_if<std::int64_t>(&value))
        state = duckdb_append_int64(appender, *integer);
    else if (const auto* real = std::get_if<double>(&value))
        state = duckdb_append_double(appender, *real);
    else if (const auto* text = std::get_if<std::string>(&value))
        state = duckdb_append_varchar_length(appender, text->data(), text->size());
    else if (const auto* blob = std::get_if<Blob>(&value))
        state = duckdb_append_blob(appender, blob->bytes.data(), blob->bytes.size());
    else
        state = duckdb_append_null(appender);
    return state == DuckDBSuccess;
}

ColumnsChunk::ColumnsChunk(duckdb_result& answer, duckdb_data_chunk chunk) : rows_(duckdb_data_chunk_get_size(chunk)) {
    for (idx_t i = 0; i < duckdb_data_chunk_get_column_count(chunk); ++i) {
        auto vector = duckdb_data_chunk_get_vector(chunk, i);
        columns_.push_back(
            {duckdb_column_type(&answer, i), duckdb_vector_get_data(vector), duckdb_vector_get_validity(vector)});
    }
}

std::optional<Value> ColumnsChunk::value(idx_t column, idx_t row) const {
    const auto& [type, values, validity] = columns_[column];
    if (validity && !duckdb_validity_row_is_valid(validity, row))
        return Value{};
    switch (type) {
    case DUCKDB_TYPE_BOOLEAN:
        return std::int64_t{at<bool>(values, row)};
    case DUCKDB_TYPE_TINYINT:
        return std::int64_t{at<std::int8_t>(values, row)};
    case DUCKDB_TYPE_SMALLINT:
        return std::int64_t{at<std::int16_t>(values, row)};
    case DUCKDB_TYPE_DATE:
    case DUCKDB_TYPE_INTEGER:
        return std::int64_t{at<std::int32_t>(values, row)};
    case DUCKDB_TYPE_TIMESTAMP:
    case DUCKDB_TYPE_TIMESTAMP_TZ:
    case DUCKDB_TYPE_BIGINT:
        return at<std::int64_t>(values, row);
    case DUCKDB_TYPE_UTINYINT:
        return std::int64_t{at<std::uint8_t>(values, row)};
    case DUCKDB_TYPE_USMALLINT:
        return std::int64_t{at<std::uint16_t>(values, row)};
    case DUCKDB_TYPE_UINTEGER:
        return std::int64_t{at<std::uint32_t>(values, row)};
    case DUCKDB_TYPE_UBIGINT:
        return unsigned_at(values, row);
    case DUCKDB_TYPE_HUGEINT:
        return hugeint_at(values, row);
    case DUCKDB_TYPE_FLOAT:
        return double{at<float>(values, row)};
    case DUCKDB_TYPE_DOUBLE:
        return at<double>(values, row);
    case DUCKDB_TYPE_VARCHAR:
        return text_at(values, row);
    case DUCKDB_TYPE_BLOB:
        return Blob{text_at(values, row)};
    default:
        return std::nullopt;
    }
}

std::int64_t ValuesRow::integer(int column) const {
    if (const auto* integer = std::get_if<std::int64_t>(&at(column)))
        return *integer;
    if (const auto* real = std::get_if<double>(&at(column)))
        return static_cast<std::int64_t>(*real);
    return 0;
}

double ValuesRow::real(int column) const {
    if (const auto* real = std::get_if<double>(&at(column)))
        return *real;
    if (const auto* integer = std::get_if<std::int64_t>(&at(column)))
        return static_cast<double>(*integer);
    return 0;
}

std::string_view ValuesRow::text(int column) const {
    if (const auto* text = std::get_if<std::string>(&at(column)))
        return *text;
    if (const auto* blob = std::get_if<Blob>(&at(column)))
        return blob->bytes;
    return {};
}

} // namespace onefold::store
