#pragma once
// A look at a file before it is imported: what it is, what its columns hold, what is wrong in its first rows, and a
// map.
#include "import/import.h"
#include "import/understand.h"

namespace onefold::import {

struct PreviewRequest {
    std::string path;
    std::optional<Kind> kind; // found where it is left out
    std::string source;       // whose last map is proposed again where the file has its columns; "" for none
    sheet::Choice choice;
};

struct Preview {
    sheet::Description file;
    Understanding understanding;
    Kind kind = Kind::customer;     // that was asked for, or found
    std::vector<Row> rows;          // the first, also those that cannot be read
    std::vector<RowError> problems; // of the rows that were looked at
    std::size_t rows_looked_at = 0;
    bool is_whole = false; // whether these are all
    std::vector<sheet::Note> notes;
    std::optional<Map> map;
    std::optional<LocalText> map_missing; // why none could be proposed
    bool is_map_of_source = false;        // it is the one of the source's last file
};
inline constexpr std::size_t rows_looked_at_max = 1000, rows_shown_max = 50;
inline constexpr std::size_t bytes_looked_at_max = 8 << 20;

Failure unknown_kind(); // import.unknown_kind

// The codes of the customer's fields that an import may set.
std::vector<std::string> field_codes();
// At most so many rows and bytes from the beginning.
Result<std::vector<Row>> first_rows(sheet::Table& table, std::size_t rows_max);

} // namespace onefold::import
