#pragma once
// Files as tables: a header and rows, whatever the file is. The face of this room.
#include "sheet/row.h"

#include <functional>
#include <memory>

namespace onefold::sheet {

class File;

enum class Header { found, none }; // none: the columns are called "column 1", …

struct Choice {
    std::string sheet; // by name or number from 1; "": the first that people see and that holds rows. "NAME#2" and "#2"
                       // are the second table of a sheet, which blank lines part from the first
    std::string encoding; // "": found
    Header header = Header::found;
    std::uint64_t header_line = 0; // 0: found
};

struct SheetName {
    std::string name;
    bool is_hidden = false;
};

// What was found out about a file, so that people can see it.
struct Description {
    std::string format;   // csv, xlsx, json, vcard
    std::string encoding; // "UTF-8"; "" where the format has its own
    std::string delimiter;
    std::vector<SheetName> sheets; // of a workbook or an archive; tables of the chosen one that were seen already
    std::string sheet;             // the chosen one
    std::uint64_t header_line = 0;
    std::vector<std::string> header;
};

// Something that was left out or decided while reading: no row's failure.
struct Note {
    std::uint64_t line = 0;
    std::string code;
    LocalText message;
};
inline constexpr std::size_t notes_max = 100; // of one table

// One table. For one thread. A row that cannot be read is delivered with `error`; what CsvRows, open_sheet, json_rows
// and vcard_rows say, and
//   import.ragged_row   more or fewer fields than the header
class Table {
  public:
    virtual ~Table() = default;
    virtual const Description& description() const = 0;
    // False at the end. `row` may be used again. Fails where the source does.
    virtual Result<bool> next(Row& row) = 0;
    // What is to be told so far, each once.
    virtual std::vector<Note> take_notes() = 0;
    virtual std::uint64_t bytes_read() const = 0;
    virtual std::uint64_t bytes_total() const = 0;
    const std::vector<std::string>& header() const { return description().header; }
};

using Opener = std::function<Result<std::unique_ptr<Table>>(const std::string& path, const Choice& choice)>;

// Reads in this process; what nobody here has made is for open_in_child (child.h). import.no_such_file,
// import.unreadable_file, import.empty_file, import.no_header (only numbers or nothing; no row that names columns),
// sheet.no_such_sheet, sheet.unknown_encoding; for what is no table, with what to do: sheet.old_workbook (.xls),
// sheet.protected_workbook, sheet.open_document (.ods), sheet.binary_workbook (.xlsb), sheet.web_page,
// sheet.nested_archive, sheet.not_a_table.
Result<std::unique_ptr<Table>> open(const std::string& path, const Choice& choice = {});
Result<std::unique_ptr<Table>> open(std::shared_ptr<File> file, const Choice& choice);

} // namespace onefold::sheet
