#pragma once
// One typed query over the company's objects, and its compiler to bound SQL. Whatever a person reads of the company's
// data is a Query.
#include "core/decimal.h"
#include "core/id.h"
#include "core/local_text.h"
#include "core/result.h"
#include "core/time.h"
#include "formula/expression.h"
#include "store/store.h"

#include <boost/json.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace onefold::query {

// ---- the catalogue: what there is to ask for; `object` provides it ----
//
// Columns: text, choice and json are TEXT; a date is TEXT "2010-12-01"; integer, relation and id are BIGINT; decimal
// and money BIGINT in units of the scale; an instant is BIGINT microseconds; a boolean is BIGINT 0 or 1. NULL is blank.

enum class FieldType { text, integer, decimal, money, instant, date, boolean, choice, relation, json };

enum class Via {
    record, // the column holds the target's id
    node,   // the column holds a node's id, and node.customer_id the customer
};

// Rows beyond the record's own: those of `table` whose `key` is the record's key, or the step before's `next`.
struct Step {
    std::string table, key;
    std::string next;
};

struct FieldEntry {
    FieldId id;
    std::string code;
    LocalText label;
    FieldType type = FieldType::text;
    std::string column;
    int scale = 0;               // decimal, money: the column holds units of 10^-scale
    std::string extension;       // a table beside the object's own that holds this column, "" for its own
    ObjectId target;             // relation
    Via via = Via::record;       // relation
    std::string currency_column; // money: where its ISO code stands
    bool is_required = false;    // the column is NOT NULL: sorting by it can use an index
    // A record has any number of such values, in the last of these steps' table. Such a field stands in conditions
    // only, beside =, <>, in (one of its values is, none is, one of them is) and blank (it has none); it is never blank
    // there.
    std::vector<Step> steps;
    // With steps, of codes: the column of the object's own table where all the values stand too, each between blanks
    // (" email phone "), "" without any. What is asked of one value is then answered by the row itself.
    std::string held;
};

// Records of another object that belong to one: a customer's orders. The last step's table is the target's.
struct RecordsEntry {
    std::string code; // "orders"
    LocalText label;
    ObjectId target;
    std::vector<Step> steps;
    FieldId id = {}; // among those of fields
};

struct ObjectEntry {
    ObjectId id;
    std::string code; // "customer"
    LocalText label;
    std::string table;
    std::string key = "id";
    struct Extension {
        std::string table;
        std::string key; // the column that equals the object's key; one row or none
    };
    std::vector<Extension> extensions;
    std::vector<FieldEntry> fields; // the first is always `id`
    std::optional<formula::Expression>
        always;                             // what every query of this object is restricted to (only living customers)
    std::vector<RecordsEntry> records = {}; // that formulas aggregate over
};

class Catalogue {
  public:
    virtual ~Catalogue() = default;
    virtual const ObjectEntry* find_object(std::string_view code) const = 0;
    virtual const ObjectEntry* find_object(ObjectId id) const = 0;
};

// ---- the query ----

enum class Aggregate { none, count, sum, min, max, average };
enum class Direction { ascending, descending };

struct Selection {
    std::vector<std::string> path; // codes over relations: {"customer", "name"}
    Aggregate aggregate = Aggregate::none;
};
struct Sort {
    std::vector<std::string> path;
    Direction direction = Direction::ascending;
};
struct Page {
    int limit = 50;    // ≤ limit_max
    std::string after; // the `next` of the page before
    static constexpr int limit_max = 1000;
};

struct Query {
    std::string object;
    std::vector<Selection> select;
    std::optional<formula::Expression> filter;
    std::vector<std::vector<std::string>> group;
    std::optional<formula::Expression> having; // fields are positions in select: {"field":"0"}
    // The key is added last, in the direction of the last sort, so that every order is total. Blanks come last in both
    // directions. A grouped query sorts by what it groups by, or by positions in select ({"1"}).
    std::vector<Sort> sort;
    Page page;
    // Ids already known (by an index: an identifier, a search; or gathered): restricts to these.
    std::optional<std::vector<std::int64_t>> among;
    std::optional<Instant> now; // what `ago` counts from
    Zone zone = {};             // whose days are meant
};

enum class Form { plain, sum_and_count }; // an average stands in SQL as the text "sum/count"
struct Column {
    FieldType type;
    int scale = 0;
    Form form = Form::plain;
};
struct Compiled {
    std::string sql;
    store::Values values;
    std::vector<Column> columns; // one a selection, then the hidden ones that make `next`
    bool may_be_blank = false;   // the first sort value of a list
};

// How the database goes about a list. `planner` leaves it to the database. The others are the two halves of a list: the
// rows whose first sort value is not blank, walked along that column's index, and then those where it is. On `filled`
// and `blank` the filter is tried on what the walk meets, on `filled_of_set` what meets the filter is gathered first.
enum class Way { planner, filled, filled_of_set, blank };

// A condition is what the language of formulas has (ADR 29): what compares fields with values, or with each other, is
// written as plainly as it can be, all else as sql.h says, with the errors of formula::check and query.not_in_sql.
// query.unknown_object, query.unknown_field (also for what the caller may not see), query.wrong_type, query.bad_page,
// query.not_grouped (a column outside an aggregate that is no group), query.too_wide. Their fields carry JSON pointers
// into the query:
// "/select/0", "/filter/args/1", "/sort/0", "/group/0", "/having".
//
// `customer` and `customer.id` are the same. Of a joined record that its object's `always` leaves out, every field is
// blank, its id too. A query is grouped when it has a group or an aggregate; it takes a limit, no `after`, and its
// answer has no `next`.
Result<Compiled> compile(
    const Query& query, const Catalogue& catalogue, store::Dialect dialect, Way way = Way::planner);

// The ids of the rows that the filter meets, in no order, at most `most` of them.
Result<Compiled> compile_keys(
    const Query& query, const Catalogue& catalogue, store::Dialect dialect, std::int64_t most);
// Where the filter demands, without "or" and "not", something of a field with steps or so many related records: the ids
// of those that meet it, some twice, and one more than `most` where there are more. One a demand.
struct Seed {
    Compiled ids;
    std::int64_t most;
};
Result<std::vector<Seed>> compile_seeds(const Query& query, const Catalogue& catalogue, store::Dialect dialect);

// What a query answers, as JSON will carry it: text, integers as numbers, decimals as strings, instants as RFC 3339,
// ids as strings. An average is a decimal with at most 12 places, rounded half away from zero.
struct Table {
    std::vector<std::vector<boost::json::value>> rows;
    std::string next; // "" on the last page
    std::string last; // the cursor of the last row, "" without rows
};
Result<Table> run(store::Session& session, const Query& query, const Catalogue& catalogue);

// The same rows for a list of a million that people look at. What a rare value or related records lead to is looked up
// and sorted. Otherwise the index of the first sort column is walked a little, which serves filters that many meet;
// then it looks whether few records meet the filter, and sorts those; otherwise walks on; where the walk does not soon
// meet enough, it gathers what meets the filter (on SQLite at once, where the first walk met nobody) and walks along
// that. Not for grouped queries.
struct ListLimits {
    std::int64_t few = 3000;            // are sorted
    std::chrono::milliseconds walk{60}; // then it is given up; 0: never begun
    std::chrono::milliseconds glance{15};
    std::chrono::milliseconds look{200}; // for few; five times as long where the record itself holds what is asked for
};
Result<Table> list(
    store::Session& session, const Query& query, const Catalogue& catalogue, const ListLimits& limits = {});

// How many rows the filter meets, as far as that can be told within `patience`.
struct Count {
    std::int64_t count = 0;
    bool is_exact = true; // else there are at least so many
};
Result<Count> count(
    store::Session& session, const Query& query, const Catalogue& catalogue, std::chrono::milliseconds patience);

// What SQLite must know to answer conditions that its own SQL cannot say (store::Options::functions).
store::Functions functions();

} // namespace onefold::query
