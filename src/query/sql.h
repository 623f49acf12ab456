#pragma once
// A checked formula as SQL for SQLite, PostgreSQL and DuckDB: the same value that its program computes (ADR 29).
// No literal of a formula stands in the text; what depends on no record is computed before and bound. A blank and an
// error are both NULL; where a blank is taken for something, an error is told from it.
//
// Texts and dates are texts, instants microseconds, conditions conditions. A number is a whole number of units of
// 10^-scale, or the dialect's exact number: NUMERIC on PostgreSQL, digits as text on the others, which compute with
// `formula` (sql_call.h), so their database must know `functions()`. PostgreSQL computes by itself; what it cannot say
// exactly is refused.
#include "formula/check.h"
#include "formula/run.h"
#include "store/store.h"

#include <optional>
#include <span>
#include <string>

namespace onefold::query {

enum class SqlDialect { sqlite, postgres, duckdb };

// What the caller knows: where fields stand, and where records come from.
class SqlTables {
  public:
    using Path = std::span<const formula::Shape::Slot>;
    struct Source {
        std::string from, where, key; // the key orders the records
        std::string held = "";        // of a list: the text " a b " of all its values, where there is one
    };
    struct Column {
        std::string sql;                   // a condition for truths; for a path that ends at a record, its key
        int scale = 0;                     // of a number in units; -1: the dialect's exact number
        std::optional<Source> source = {}; // of a list: where its values, `sql`, come from
    };

    virtual ~SqlTables() = default;
    virtual Result<Column> column(std::size_t scope, Path path) = 0;
    // The records at the end of the path are the next scope, until it is left.
    virtual Result<> enter(std::size_t scope, Path path) = 0;
    virtual Result<Source> leave() = 0;
    // A typed placeholder.
    virtual std::string bind(store::Value value) = 0;
};

// query.not_in_sql, with the Span of what this dialect cannot do and its name; query.too_wide.
// A condition that is true, false or NULL.
Result<std::string> condition_sql(
    const formula::Checked& condition, SqlTables& tables, SqlDialect dialect, const formula::Moment& moment);
// The value as a text (sql_call.h says how), NULL where there is none.
Result<std::string> value_sql(
    const formula::Checked& formula, SqlTables& tables, SqlDialect dialect, const formula::Moment& moment);

} // namespace onefold::query
