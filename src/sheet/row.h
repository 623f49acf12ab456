#pragma once
// One row of a file, and what can be wrong with it.
#include "core/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace onefold::sheet {

inline constexpr std::size_t row_bytes_max = 1 << 20;
inline constexpr std::size_t columns_max = 2000;

// The code of a row with more or fewer fields than the header.
inline constexpr std::string_view ragged_row = "import.ragged_row";

// What is wrong with one row, said so that it can be found in the file.
struct RowError {
    std::uint64_t line = 0; // of the file (of the sheet, where it has several); the first is 1
    std::string column;     // empty where it concerns the whole row
    std::string code;
    LocalText message;
};

// The same, as a row source says it: by the number of the field, since it knows no header.
struct RawError {
    std::string code;
    LocalText message;     // without line and column
    std::size_t field = 0; // from 1; 0: the whole row
};
// With line and column in its message.
RowError error_at(std::uint64_t line, std::string_view column, const RawError& error);

struct Row {
    std::uint64_t line = 0;          // the first of the row's lines
    std::vector<std::string> fields; // UTF-8; meaningless where `error` is set and is no ragged_row
    std::optional<RowError> error;
};

struct RawRow {
    std::uint64_t line = 0;
    std::vector<std::string> fields;
    std::optional<RawError> error;
    bool follows_blank = false; // a blank line or row stands before it
    bool is_hidden = false;     // in the workbook
};

// Rows as they stand in a file, one after the other in memory that does not grow with the file: of any width, before
// anybody knows which of them is the header. Blank ones are left out. For one thread.
class RowSource {
  public:
    virtual ~RowSource() = default;
    // False at the end. `row` may be used again, so that its strings keep their memory.
    virtual Result<bool> next(RawRow& row) = 0;
    // Whether the first row is the header for certain, since it was made of names in the file.
    virtual bool begins_with_header() const { return false; }
    // Whether a row may be shorter than the header, since what is blank at its end is not written.
    virtual bool leaves_out_blanks() const { return begins_with_header(); }
    virtual std::uint64_t bytes_read() const = 0; // of the file itself, for progress
    virtual std::uint64_t bytes_total() const = 0;
};

} // namespace onefold::sheet
