#include "object/question.h"

#include "object/listing.h"

namespace onefold::object {
namespace {

query::Aggregate aggregate_of(const std::optional<AggregateName>& name) {
    if (!name)
        return query::Aggregate::none;
    switch (*name) {
    case AggregateName::count:
        return query::Aggregate::count;
    case AggregateName::sum:
        return query::Aggregate::sum;
    case AggregateName::min:
        return query::Aggregate::min;
    case AggregateName::max:
        return query::Aggregate::max;
    case AggregateName::average:
        return query::Aggregate::average;
    }
    return query::Aggregate::none;
}

} // namespace

Result<query::Query> query_of(const Question& question) {
    query::Query query;
    query.object = question.object;
    for (const SelectionView& selection : question.select)
        query.select.push_back({path_of(selection.path), aggregate_of(selection.aggregate)});
    if (question.filter)
        query.filter = TRY(expression_at("/filter", *question.filter));
    if (question.having)
        query.having = TRY(expression_at("/having", *question.having));
    if (question.group)
        for (const std::string& path : *question.group)
            query.group.push_back(path_of(path));
    if (question.sort)
        for (const SortView& sort : *question.sort)
            query.sort.push_back(
                {path_of(sort.path), sort.direction == DirectionName::descending ? query::Direction::descending
                                                                                 : query::Direction::ascending});
    query.page = TRY(page_of(question.limit, question.after));
    return query;
}

std::string_view to_string(query::FieldType type) {
    using query::FieldType;
    switch (type) {
    case FieldType::text:
        return "text";
    case FieldType::integer:
        return "integer";
    case FieldType::decimal:
        return "decimal";
    case FieldType::money:
        return "money";
    case FieldType::instant:
        return "instant";
    case FieldType::date:
        return "date";
    case FieldType::boolean:
        return "boolean";
    case FieldType::choice:
        return "choice";
    case FieldType::relation:
        return "relation";
    case FieldType::json:
        return "json";
    }
    return "text";
}

} // namespace onefold::object
