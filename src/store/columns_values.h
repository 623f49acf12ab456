#pragma once
// Values on their way to DuckDB and back.
#include "store/store.h"

#include <duckdb.h>

namespace onefold::store {

bool bind(duckdb_prepared_statement statement, idx_t place, const Value& value);
bool append(duckdb_appender appender, const Value& value);

// The columns of one chunk of an answer.
class ColumnsChunk {
  public:
    ColumnsChunk(duckdb_result& answer, duckdb_data_chunk chunk);
    idx_t rows() const { return rows_; }
    // nullopt for a type that has no Value.
    std::optional<Value> value(idx_t column, idx_t row) const;
    idx_t columns() const { return static_cast<idx_t>(columns_.size()); }

  private:
    struct Column {
        duckdb_type type;
        void* values;
        std::uint64_t* validity;
    };
    std::vector<Column> columns_;
    idx_t rows_;
};

// A row that holds its values.
class ValuesRow final : public Row {
  public:
    Values values;

    int columns() const override { return static_cast<int>(values.size()); }
    bool is_null(int column) const override { return std::holds_alternative<std::monostate>(at(column)); }
    std::int64_t integer(int column) const override;
    double real(int column) const override;
    std::string_view text(int column) const override;
    std::string_view blob(int column) const override { return text(column); }
    Value value(int column) const override { return at(column); }

  private:
    const Value& at(int column) const { return values[static_cast<std::size_t>(column)]; }
};

} // namespace onefold::store
