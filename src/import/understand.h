#pragma once
// What the columns of a file hold and what the file is, by the names of its columns and its first rows. Pure.
#include "import/map.h"
#include "import/subject_row.h"

namespace onefold::import {

enum class ColumnKind {
    blank,
    name,
    organisation,
    phone,
    email,
    address,
    id_card,
    credit_code,
    link,
    date,
    money,
    number,
    percent,
    order_number,
    code,
    flag,
    choice,
    text
};
std::string_view to_string(ColumnKind kind);

struct BadCell {
    std::uint64_t line = 0;
    std::string value;
    RowError error;
};
inline constexpr std::size_t bad_cells_max = 100, samples_max = 5;

struct UnderstoodColumn {
    std::string name;
    ColumnKind kind = ColumnKind::blank;
    double confidence = 0; // 0 to 1
    std::size_t filled = 0, blank = 0, bad = 0;
    std::vector<std::string> samples;  // different ones
    std::optional<ValueFormat> format; // that was found, of dates and numbers
    bool is_ambiguous = false;         // whether day and month could change places in every value
};

struct Understanding {
    std::vector<UnderstoodColumn> columns;
    Kind kind = Kind::customer; // what a row is
    double confidence = 0;
    bool is_of_organisations = false; // customers that are companies, perhaps with their contacts
    std::vector<BadCell> bad_cells;
};

// `region`: where numbers of phones without a country are from.
Understanding understand(std::span<const std::string> header, std::span<const Row> rows, std::string_view region);

// The guess by names, with what the values say beside: a column whose name says nothing and that holds phone numbers
// becomes an identifier. import.map_needed.
Result<Map> propose_map(const MapContext& context, const Understanding& understanding, std::span<const Row> rows);

} // namespace onefold::import
