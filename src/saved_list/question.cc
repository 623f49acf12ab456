#include "saved_list/question.h"

#include "change/change.h"
#include "object/shipped.h"
#include "query/kept.h"

#include <array>

namespace onefold::saved_list {
namespace {

constexpr std::array<std::string_view, 4> kinds{"", "person", "organisation", "household"};

FieldId id_in(const boost::json::value& json) {
    return FieldId{parse_id(json.as_string()).value_or(0)};
}

FieldId kind_field() {
    const auto* customer = object::shipped_catalogue().find_object(change::object_ids::customer);
    VERIFY(customer);
    const auto found = std::ranges::find(customer->fields, "kind", &query::FieldEntry::code);
    VERIFY(found != customer->fields.end());
    return found->id;
}

} // namespace

boost::json::object to_json(const Question& question) {
    boost::json::object json;
    if (question.condition)
        json["condition"] = formula::to_json(*question.condition);
    if (question.kind != CustomerKind::any)
        json["kind"] = kinds[std::size_t(question.kind)];
    if (question.sort)
        json["sort"] = boost::json::array{to_string(question.sort->field),
            question.sort->direction == query::Direction::descending ? "descending" : "ascending"};
    boost::json::array columns;
    for (const Column& column : question.columns)
        columns.push_back(boost::json::array{to_string(column.field), column.width, column.is_frozen});
    json["columns"] = std::move(columns);
    return json;
}

Question question_of(const boost::json::value& json) {
    Question question;
    const auto& object = json.as_object();
    if (const auto* condition = object.if_contains("condition")) {
        auto tree = formula::parse_json(*condition);
        VERIFY(tree);
        question.condition = std::move(*tree);
    }
    if (const auto* kind = object.if_contains("kind"))
        question.kind = CustomerKind(std::ranges::find(kinds, std::string_view(kind->as_string())) - kinds.begin());
    if (const auto* sort = object.if_contains("sort"))
        question.sort = Sort{id_in(sort->at(0)),
            sort->at(1) == "descending" ? query::Direction::descending : query::Direction::ascending};
    for (const auto& column : object.at("columns").as_array())
        question.columns.push_back(
            {id_in(column.at(0)), int(column.at(1).to_number<std::int64_t>()), column.at(2).as_bool()});
    return question;
}

field_use::Uses uses_of(const Question& question) {
    using field_use::Part;
    field_use::Uses uses;
    if (question.condition)
        for (const FieldId field : query::fields_of(*question.condition))
            uses.insert({field, Part::condition});
    if (question.kind != CustomerKind::any)
        uses.insert({kind_field(), Part::condition});
    if (question.sort)
        uses.insert({question.sort->field, Part::sort});
    for (const Column& column : question.columns)
        uses.insert({column.field, Part::column});
    return uses;
}

} // namespace onefold::saved_list
