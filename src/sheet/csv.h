#pragma once
// CSV as files really are: RFC 4180, and what spreadsheets and exports make of it.
#include "sheet/chunk_source.h"
#include "sheet/csv_record.h"
#include "sheet/row.h"

#include <string_view>

namespace onefold::sheet {

enum class DecodedFrom { utf8, another };

// Reads records one after the other in memory that does not grow with the file: one record, one chunk.
//   delimiter  , ; tab or |, whichever divides the first lines most evenly
//   lines      end with LF, CRLF or CR; blank ones are skipped; a byte order mark is too
//   quotes     "a ""b""" may hold delimiters and line ends; a quote inside an unquoted field is an ordinary character
// A record that cannot be read is delivered with `error`, and reading goes on with the next line:
//   import.unterminated_quote the quote is not closed before the end of the file or within 1 MiB
//   import.stray_quote        characters between a closing quote and the delimiter
//   import.not_utf8 (what was decoded to U+FFFD is sheet.undecodable), import.nul_byte, import.record_too_large,
//   import.too_many_columns
class CsvRows : public RowSource {
  public:
    // `source` gives UTF-8; A delimiter of 0 is found.
    static Result<std::unique_ptr<CsvRows>> over(
        std::unique_ptr<ChunkSource> source, char delimiter = 0, DecodedFrom from = DecodedFrom::utf8);

    const Dialect& dialect() const { return dialect_; }
    Result<bool> next(RawRow& row) override;
    std::uint64_t bytes_read() const override { return source_->bytes_read(); }
    std::uint64_t bytes_total() const override { return source_->bytes_total(); }

  private:
    CsvRows(std::unique_ptr<ChunkSource> source, DecodedFrom from);
    // Brings more of the file behind what is in memory, and says whether there was any.
    Result<bool> read_more();
    Result<bool> leave_line(RawRow& row, RawError error);
    Result<bool> deliver(RawRow& row, const CsvRecord& record);
    std::string_view unread() const { return std::string_view(buffer_).substr(at_, end_ - at_); }

    std::unique_ptr<ChunkSource> source_;
    DecodedFrom from_;
    std::string buffer_;
    std::size_t at_ = 0;  // where the next record begins in buffer_
    std::size_t end_ = 0; // of what buffer_ holds
    Bytes what_follows_ = Bytes::more_follow;
    Dialect dialect_;
    std::uint64_t line_ = 1; // of at_
};

} // namespace onefold::sheet
