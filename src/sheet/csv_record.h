#pragma once
// One record of a CSV file, out of bytes that are already in memory. Pure.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace onefold::sheet {

struct CsvRecord {
    enum class State {
        complete,
        open,        // the bytes end before the record does
        open_quoted, // the same, within quotes
        stray_quote, // characters between a closing quote and the delimiter
        too_wide,    // more fields than `fields_max`
    };
    State state = State::open;
    std::size_t bytes = 0;       // the record with its line end, where complete
    std::uint64_t line_ends = 0; // in those bytes
    std::size_t fields = 0;      // how many were read
};

enum class Bytes { more_follow, end_here };

struct Dialect {
    char delimiter = ',';
    char quote = '"';
    bool quotes_follow_blanks = false; // a quote behind blanks at the beginning of a field opens it
};

// Reads the record at the beginning of `bytes` into fields[0..count); `fields` grows as needed and never shrinks.
// Where the bytes end here, the last record needs no line end. Takes time in proportion to the record.
CsvRecord parse_record(std::string_view bytes, Bytes what_follows, Dialect dialect, std::size_t fields_max,
    std::vector<std::string>& fields);

// Of , ; tab and | the one that divides the most of the first records into equally many fields; and ' as the quote
// where the fields are quoted by it.
Dialect detect_dialect(std::string_view beginning, Bytes what_follows);

// Bytes of the first line with its line end; npos where it does not end in `bytes`.
std::size_t line_bytes(std::string_view bytes);

} // namespace onefold::sheet
