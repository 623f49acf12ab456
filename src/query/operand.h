#pragma once
// A typed piece of SQL: a column, an aggregate, a condition.
#include "query/binds.h"
#include "query/query.h"

#include <string>
#include <string_view>

namespace onefold::query {

struct Operand {
    enum class Kind {
        text,    // text and choice
        number,  // units of 10^-scale
        instant, // microseconds
        date,
        boolean, // sql is a condition
        id,
        json,
        average, // sql is the sum, count its divisor
        many,    // sql is one of the values, of the kind `each`; exists begins "there is one"
    };
    Kind kind = Kind::text;
    std::string sql;
    int scale = 0;
    std::string count;
    FieldType type = FieldType::text;
    bool is_never_blank = false;
    Kind each = Kind::text;
    std::string exists;      // EXISTS (SELECT 1 FROM … WHERE …, open for "AND …)"
    std::string from, where; // of `exists`
    std::string held;        // of `many`: the text " a b " of all values, where the record's own row has it
};
// What stands in `held` where it has this value; none where it is no code, and nothing has it.
std::optional<std::string> held_part(std::string_view value);
// One of the values of `many`.
Operand one_of(const Operand& many);

LocalText name_of(Operand::Kind kind); // for messages: "a number"

// The operand of a field's column. `raw` is the column in SQL.
enum class IsKey { no, yes };
Operand operand_of(const FieldEntry& field, IsKey is_key, std::string raw);

// As it is read (a boolean is 0 or 1 again) and as it is ordered: by code point on both databases.
std::string value_sql(const Operand& operand, const Binds& binds);
std::string order_sql(const Operand& operand, const Binds& binds);
// The same for SQLite's planner, but for which it finds no index.
Operand without_index(Operand operand, const Binds& binds);
Column column_of(const Operand& operand);

Failure wrong_type(const std::string& where, const LocalText& message);
Failure unknown_field(const std::string& where, const std::vector<std::string>& path, std::string_view nearest);

} // namespace onefold::query
