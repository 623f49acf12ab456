#pragma once
// Rows on their way into DuckDB by column: a cell that is not set costs nothing, so that wide tables whose rows have
// few values are filled at the speed of those values.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace onefold::store {

class ColumnsBatch {
  public:
    explicit ColumnsBatch(std::size_t columns) : columns_(columns) {}

    void begin_row() { ++rows_; }
    // Of the row begun last, each column at most once. What is not set is NULL. Booleans are 0 or 1, TIMESTAMP
    // microseconds and DATE days since 1970.
    void set(std::size_t column, std::int64_t integer) { add(column).integer = integer; }
    void set(std::size_t column, double real) { add(column).real = real; }
    void set(std::size_t column, std::string_view utf8) {
        Cell& cell = add(column);
        cell.begin = texts_.size();
        cell.length = static_cast<std::uint32_t>(utf8.size());
        texts_.append(utf8);
    }
    void clear();

    struct Cell {
        std::uint32_t row;
        std::uint32_t length;
        union {
            std::int64_t integer;
            double real;
            std::uint64_t begin;
        };
    };
    std::size_t rows() const { return rows_; }
    std::size_t bytes() const { return texts_.size(); }
    const std::vector<std::vector<Cell>>& columns() const { return columns_; }
    std::string_view text(const Cell& cell) const { return std::string_view(texts_).substr(cell.begin, cell.length); }

  private:
    Cell& add(std::size_t column) {
        Cell& cell = columns_[column].emplace_back();
        cell.row = static_cast<std::uint32_t>(rows_ - 1);
        return cell;
    }
    std::vector<std::vector<Cell>> columns_;
    std::string texts_;
    std::size_t rows_ = 0;
};

} // namespace onefold::store
