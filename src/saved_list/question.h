#pragma once
// What a saved list asks, as it is kept: fields by id. Pure.
#include "field_use/field_use.h"
#include "query/query.h"

namespace onefold::saved_list {

inline constexpr std::size_t columns_max = 60;
inline constexpr int width_min = 64, width_max = 640; // pixels

enum class CustomerKind { any, person, organisation, household };

struct Column {
    FieldId field;
    int width = 0; // 0: the usual one
    bool is_frozen = false;
    friend bool operator==(const Column&, const Column&) = default;
};
struct Sort {
    FieldId field;
    query::Direction direction = query::Direction::ascending;
    friend bool operator==(const Sort&, const Sort&) = default;
};
struct Question {
    std::optional<formula::Expression> condition; // query::kept
    CustomerKind kind = CustomerKind::any;
    std::optional<Sort> sort;
    std::vector<Column> columns;
    friend bool operator==(const Question&, const Question&) = default;
};

// {"condition": tree, "kind": "person", "sort": ["66", "descending"], "columns": [["10", 232, true], …]}
boost::json::object to_json(const Question& question);
Question question_of(const boost::json::value& json); // what to_json made

// A kind is a condition on the field `kind`.
field_use::Uses uses_of(const Question& question);

} // namespace onefold::saved_list
