#include "store/columns_chunks.h"

#include <cstring>

namespace onefold::store {
namespace {

using Cell = ColumnsBatch::Cell;

// The types of an appender's columns, and one chunk of them.
class Chunk {
  public:
    explicit Chunk(duckdb_appender appender) {
        for (idx_t i = 0; i < duckdb_appender_column_count(appender); ++i)
            types_.push_back(duckdb_appender_column_type(appender, i));
        chunk_ = duckdb_create_data_chunk(types_.data(), types_.size());
    }
    Chunk(const Chunk&) = delete;
    ~Chunk() {
        duckdb_destroy_data_chunk(&chunk_);
        for (auto& type : types_)
            duckdb_destroy_logical_type(&type);
    }
    duckdb_data_chunk handle() const { return chunk_; }
    std::size_t columns() const { return types_.size(); }
    duckdb_type type(std::size_t column) const { return duckdb_get_type_id(types_[column]); }
    duckdb_vector vector(std::size_t column) const { return duckdb_data_chunk_get_vector(chunk_, column); }

  private:
    std::vector<duckdb_logical_type> types_;
    duckdb_data_chunk chunk_ = nullptr;
};

bool put(duckdb_vector vector, duckdb_type type, idx_t row, const Cell& cell, const ColumnsBatch& batch) {
    void* values = duckdb_vector_get_data(vector);
    switch (type) {
    case DUCKDB_TYPE_BIGINT:
    case DUCKDB_TYPE_TIMESTAMP:
        static_cast<std::int64_t*>(values)[row] = cell.integer;
        return true;
    case DUCKDB_TYPE_INTEGER:
    case DUCKDB_TYPE_DATE:
        static_cast<std::int32_t*>(values)[row] = static_cast<std::int32_t>(cell.integer);
        return true;
    case DUCKDB_TYPE_BOOLEAN:
        static_cast<bool*>(values)[row] = cell.integer != 0;
        return true;
    case DUCKDB_TYPE_DOUBLE:
        static_cast<double*>(values)[row] = cell.real;
        return true;
    case DUCKDB_TYPE_VARCHAR: {
        const auto text = batch.text(cell);
        duckdb_vector_assign_string_element_len(vector, row, text.data(), text.size());
        return true;
    }
    default:
        return false;
    }
}

// The cells of one column for the rows from `begin` on; `next` is the first cell not yet taken.
bool fill(const Chunk& chunk, std::size_t column, const ColumnsBatch& batch, std::size_t begin, std::size_t end,
    std::size_t& next) {
    const auto& cells = batch.columns()[column];
    const duckdb_vector vector = chunk.vector(column);
    duckdb_vector_ensure_validity_writable(vector);
    std::uint64_t* validity = duckdb_vector_get_validity(vector);
    std::memset(validity, 0, (duckdb_vector_size() + 63) / 64 * sizeof(std::uint64_t));
    const duckdb_type type = chunk.type(column);
    for (; next < cells.size() && cells[next].row < end; ++next) {
        const idx_t row = cells[next].row - begin;
        validity[row / 64] |= std::uint64_t{1} << (row % 64);
        if (!put(vector, type, row, cells[next], batch))
            return false;
    }
    return true;
}

} // namespace

Appended append(duckdb_appender appender, const ColumnsBatch& batch) {
    const Chunk chunk(appender);
    if (chunk.columns() != batch.columns().size())
        return Appended::wrong_columns;
    std::vector<std::size_t> next(chunk.columns(), 0);
    const std::size_t size = duckdb_vector_size();
    for (std::size_t begin = 0; begin < batch.rows(); begin += size) {
        const std::size_t end = std::min(begin + size, batch.rows());
        duckdb_data_chunk_reset(chunk.handle());
        for (std::size_t column = 0; column < chunk.columns(); ++column)
            if (!fill(chunk, column, batch, begin, end, next[column]))
                return Appended::wrong_columns;
        duckdb_data_chunk_set_size(chunk.handle(), end - begin);
        if (duckdb_append_data_chunk(appender, chunk.handle()) != DuckDBSuccess)
            return Appended::refused_by_appender;
    }
    return Appended::all;
}

} // namespace onefold::store
