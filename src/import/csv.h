#pragma once
// CSV as files really are: RFC 4180, and what spreadsheets and exports make of it.
#include "core/result.h"
#include "import/chunk_source.h"
#include "import/csv_record.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace onefold::import {

inline constexpr std::size_t record_bytes_max = 1 << 20;
inline constexpr std::size_t columns_max = 2000;

// What is wrong with one row, said so that it can be found in the file.
struct RowError {
    std::uint64_t line = 0; // of the file, the first is 1
    std::string column;     // empty where it concerns the whole row
    std::string code;
    LocalText message;
};

struct CsvRow {
    std::uint64_t line = 0;          // the first of the row's lines
    std::vector<std::string> fields; // one for each column of the header; meaningless where `error` is set
    std::optional<RowError> error;
};

// Reads rows one after the other in memory that does not grow with the file: one record, one chunk. For one thread.
//   delimiter  , ; tab or |, whichever divides the first lines most evenly
//   lines      end with LF, CRLF or CR; blank ones are skipped; a byte order mark is too
//   quotes     "a ""b""" may hold delimiters and line ends; a quote inside an unquoted field is an ordinary character
//   header     the first line that is not blank; names are trimmed, a column without a name is called "column N"
// A row that cannot be read is delivered with `error`, and reading goes on with the next line:
//   import.ragged_row         more or fewer fields than the header
//   import.unterminated_quote the quote is not closed before the end of the file or within 1 MiB
//   import.stray_quote        characters between a closing quote and the delimiter
//   import.not_utf8, import.nul_byte, import.record_too_large, import.too_many_columns
class CsvReader {
  public:
    // As open_file; import.empty_file, import.no_header (blank or only numbers), import.duplicate_column,
    // import.not_utf8, and the errors of a row where the header has them.
    static Result<std::unique_ptr<CsvReader>> open(const std::string& path);
    static Result<std::unique_ptr<CsvReader>> over(std::unique_ptr<ChunkSource> source);

    const std::vector<std::string>& header() const { return header_; }
    char delimiter() const { return delimiter_; }
    // False at the end. `row` may be used again, so that its strings keep their memory. Fails where the source does.
    Result<bool> next(CsvRow& row);
    std::uint64_t bytes_read() const { return source_->bytes_read(); }
    std::uint64_t bytes_total() const { return source_->bytes_total(); }

  private:
    explicit CsvReader(std::unique_ptr<ChunkSource> source);
    Result<> read_header();
    // The next record that is not blank; false at the end.
    Result<bool> read_record(CsvRow& row);
    // Brings more of the file behind what is in memory, and says whether there was any.
    Result<bool> read_more();
    Result<bool> leave_line(CsvRow& row, RowError error);
    Result<bool> deliver(CsvRow& row, const CsvRecord& record);
    std::string_view unread() const { return std::string_view(buffer_).substr(at_, end_ - at_); }

    std::unique_ptr<ChunkSource> source_;
    std::string buffer_;
    std::size_t at_ = 0;  // where the next record begins in buffer_
    std::size_t end_ = 0; // of what buffer_ holds
    Bytes what_follows_ = Bytes::more_follow;
    char delimiter_ = ',';
    std::uint64_t line_ = 1; // of at_
    std::vector<std::string> header_;
};

} // namespace onefold::import
