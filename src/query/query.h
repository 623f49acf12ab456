#pragma once
// One typed query over the company's objects, and its compiler to bound SQL. Whatever a person reads of the company's data is a Query.
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
    int scale = 0;                // decimal, money: the column holds units of 10^-scale
    std::string extension;        // a table beside the object's own that holds this column, "" for its own
    ObjectId target;              // relation
    Via via = Via::record;        // relation
    std::string currency_column;  // money: where its ISO code stands
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
    std::optional<formula::Expression> always; // what every query of this object is restricted to (only living customers)
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
    int limit = 50;     // ≤ limit_max
    std::string after;  // the `next` of the page before
    static constexpr int limit_max = 1000;
};

struct Query {
    std::string object;
    std::vector<Selection> select;
    std::optional<formula::Expression> filter;
    std::vector<std::vector<std::string>> group;
    std::optional<formula::Expression> having; // fields are positions in select: {"field":"0"}
    std::vector<Sort> sort;                    // the key is added last, so that every order is total
    Page page;
    // Ids already known by an index (an identifier, a search): restricts to these.
    std::optional<std::vector<std::int64_t>> among;
};

struct Column {
    FieldType type;
    int scale = 0;
};
struct Compiled {
    std::string sql;
    store::Values values;
    std::vector<Column> columns; // one a selection, then the hidden ones that make `next`
};

// query.unknown_object, query.unknown_field (also for what the caller may not see), query.wrong_type, query.bad_page.
Result<Compiled> compile(const Query& query, const Catalogue& catalogue, store::Dialect dialect);

// What a query answers, as JSON will carry it: text, integers as numbers, decimals as strings, instants as RFC 3339, ids as strings.
struct Table {
    std::vector<std::vector<boost::json::value>> rows;
    std::string next; // "" on the last page
};
Result<Table> run(store::Session& session, const Query& query, const Catalogue& catalogue);

} // namespace onefold::query
