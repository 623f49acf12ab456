#pragma once
// The rows of a file that could not be taken, all of them, kept beside the import with the reason, and as the CSV that
// people correct and import again.
#include "core/local_text.h"
#include "import/subject_row.h"
#include "runtime/runtime.h"

#include <string>
#include <vector>

namespace onefold::import {

inline constexpr std::int64_t failed_rows_a_part = 100'000; // what a part of the download holds at most
inline constexpr std::size_t failed_bytes_a_part = 32 << 20;

// Writes them; nothing is there until the first comes.
class FailedRows {
  public:
    FailedRows(runtime::Files& files, std::string folder, std::vector<std::string> header)
        : files_(files), folder_(std::move(folder)), header_(std::move(header)) {}

    Result<> clear(); // of an earlier run: all rows come again
    Result<> add(const Row& row, const RowError& reason);
    Result<> flush();
    int parts() const { return parts_; }

  private:
    Result<> begin_part();

    runtime::Files& files_;
    const std::string folder_;
    const std::vector<std::string> header_;
    std::unique_ptr<runtime::File> file_;
    std::string buffer_;
    std::uint64_t end_ = 0;
    std::int64_t rows_ = 0; // of the part
    int parts_ = 0;
};

std::string failed_rows_path(const std::string& folder, int part); // from 1

// One part as CSV in UTF-8 with its byte order mark, so that spreadsheet programs read it as such: the columns of the
// file and `reason`.
Result<std::string> failed_rows_csv(runtime::Files& files, const std::string& folder, int part, const Locale& locale);

// ---- pure ----

// "Line 12, column “phone”: …"
std::string reason_of(std::uint64_t line, const RowError& reason, const Locale& locale);
// Whether a cell is such a reason: then its row came out of a download, and was made safe.
bool is_reason(std::string_view cell);
// Of a row of an export: its first column names the record.
bool is_exported(const Row& row, std::span<const std::string> header);
// The row as it was before it was made safe, without its reason. Rows that are neither of a download of failed rows nor
// of an export stay.
void restore_row(Row& row, std::span<const std::string> header);

} // namespace onefold::import
