#pragma once
// One typed query over the company's objects, and its compiler to bound SQL. Whatever a person reads of the company's
// data is a Query.
#include "core/decimal.h"
#include "core/id.h"
#include "core/local_text.h"
#include "core/result.h"
#include "formula/expression.h"
#include "store/store.h"

#include <boost/json.hpp>
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
        always; // what every query of this object is restricted to (only living customers)
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
    // Ids already known by an index (an identifier, a search): restricts to these.
    std::optional<std::vector<std::int64_t>> among;
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
};

// query.unknown_object, query.unknown_field (also for what the caller may not see), query.wrong_type, query.bad_page,
// query.not_grouped (a column outside an aggregate that is no group), query.too_wide. Their fields carry JSON pointers
// into the query:
// "/select/0", "/filter/args/1", "/sort/0", "/group/0", "/having".
//
// `customer` and `customer.id` are the same. Of a joined record that its object's `always` leaves out, every field is
// blank, its id too. A query is grouped when it has a group or an aggregate; it takes a limit, no `after`, and its
// answer has no `next`.
Result<Compiled> compile(const Query& query, const Catalogue& catalogue, store::Dialect dialect);

// What a query answers, as JSON will carry it: text, integers as numbers, decimals as strings, instants as RFC 3339,
// ids as strings. An average is a decimal with at most 12 places, rounded half away from zero.
struct Table {
    std::vector<std::vector<boost::json::value>> rows;
    std::string next; // "" on the last page
};
Result<Table> run(store::Session& session, const Query& query, const Catalogue& catalogue);

} // namespace onefold::query
