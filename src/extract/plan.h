#pragma once
// Which columns an export has, and what stands in their cells. Pure.
#include "core/local_text.h"
#include "core/result.h"
#include "core/time.h"
#include "query/query.h"

#include <boost/json.hpp>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace onefold::extract {

inline constexpr std::size_t columns_max = 200; // in all
inline constexpr std::size_t identifier_columns_max = 60;

// Where a column's cells come from.
enum class From {
    id,         // the record's own
    field,      // of the record, by its path
    source,     // the name of the source that the record's field `source` means
    customer,   // the name of its customer
    identifier, // the first value of a type in a scope
    others,     // all values that have no column
    line,       // of an order's line, by its path; such a record has a row for each line
};
struct Column {
    std::string header;
    From from = From::field;
    std::string path;                               // field, line
    std::string type, scope;                        // identifier
    query::FieldType kind = query::FieldType::text; // field, line
};

// Types and scopes, as identity::list_places tells them.
using Places = std::vector<std::pair<std::string, std::string>>;

struct Words {
    std::string object;
    std::vector<std::string> columns; // codes of fields, and `identifiers`, `lines`; none: the usual ones
    Locale locale;
};

// The headers are words that an import understands, no two alike, and the first one tells an import that its rows are
// of an export (sheet::exported_id). Identifiers of which people see a part only have no column, and so have those of
// devices. extract.unknown_object, extract.unknown_field,
// extract.repeated_column, extract.too_many_columns
Result<std::vector<Column>> plan_columns(const Words& words, const query::Catalogue& catalogue, const Places& places);
// Whether a request asks for them; also what plan_columns refuses.
bool wants(const Words& words, std::string_view code);

struct Cell {
    enum class Kind { text, number, time };
    Kind kind = Kind::text;
    std::string text; // as CSV has it
    std::chrono::local_time<std::chrono::microseconds> at = {};
};
// A value as query answers it. A time is that of the wall clock in `zone`, where that says it without doubt, else RFC
// 3339.
Cell cell_of(const boost::json::value& value, query::FieldType kind, const Zone& zone, const Locale& locale);

} // namespace onefold::extract
