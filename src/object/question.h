#pragma once
// A query as JSON carries it: paths are dotted ("customer.city"), the filter is the formula tree.
#include "http/bind.h"
#include "query/query.h"

#include <optional>
#include <string>
#include <vector>

namespace onefold::object {

enum class AggregateName { count, sum, min, max, average };
BOOST_DESCRIBE_ENUM(AggregateName, count, sum, min, max, average)

enum class DirectionName { ascending, descending };
BOOST_DESCRIBE_ENUM(DirectionName, ascending, descending)

struct SelectionView {
    std::string path;
    std::optional<AggregateName> aggregate;
};
BOOST_DESCRIBE_STRUCT(SelectionView, (), (path, aggregate))

struct SortView {
    std::string path;
    std::optional<DirectionName> direction;
};
BOOST_DESCRIBE_STRUCT(SortView, (), (path, direction))

struct Question {
    std::string object;
    std::vector<SelectionView> select;
    std::optional<boost::json::value> filter, having;
    std::optional<std::vector<std::string>> group;
    std::optional<std::vector<SortView>> sort;
    std::optional<std::int64_t> limit;
    std::optional<std::string> after;
    static http::Rules rules() {
        return {{.member = "select", .length_min = 1, .length_max = 100},
            {.member = "limit", .minimum = 1, .maximum = query::Page::limit_max}};
    }
};
BOOST_DESCRIBE_STRUCT(Question, (), (object, select, filter, group, having, sort, limit, after))

// formula.invalid, its pointers beginning at the question.
Result<query::Query> query_of(const Question& question);

// "text", "decimal", …, "relation", as `fields` and `columns` say it.
std::string_view to_string(query::FieldType type);

} // namespace onefold::object
