#pragma once
// From the properties of an event, which may be any JSON, to typed cells: a pure reading that loses nothing.
//
// Objects are opened up: {"address": {"city": "Bern"}} is the property `address/city`. A path is a JSON pointer without
// its first slash ('~' in a name is written ~0, '/' is ~1), so it says exactly where the value was.
#include <boost/json.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace onefold::columns {

enum class CellType {
    text,
    number, // that a double holds exactly
    time,   // text of RFC 3339 with an offset, to the microsecond; kept as the instant
    flag,   // true or false
    json,   // what has no type of its own: lists, empty objects, numbers that no double holds, what lies too deep
};
inline constexpr std::size_t cell_types = 5;
std::string_view to_string(CellType type);

struct Cell {
    std::string path;
    CellType type = CellType::text;
    std::int64_t integer = 0; // time: microseconds; flag: 0 or 1
    double real = 0;          // number
    std::string text;         // text; json: serialised
};

inline constexpr int depth_max = 4;

// In the order of the properties. Null says nothing and is left out.
std::vector<Cell> cells_of(const boost::json::object& properties);

// The value that a cell stands for; a time is spelt in UTC.
boost::json::value value_of(const Cell& cell);

} // namespace onefold::columns
