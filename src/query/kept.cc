#include "query/kept.h"

#include "formula/names.h"
#include "query/shapes.h"

#include <fmt/format.h>
#include <map>

namespace onefold::query {
namespace {

using formula::Call;
using formula::Expression;
using formula::Field;

std::optional<FieldId> id_in(std::string_view name) {
    const auto id = name.starts_with('#') ? parse_id(name.substr(1)) : std::nullopt;
    return id ? std::optional(FieldId{*id}) : std::nullopt;
}

FieldId id_of(const Named& named) {
    return named.field ? named.field->id : named.records->id;
}

std::string name_of(const Named& named, std::size_t way) {
    const LocalText& label = named.field ? named.field->label : named.records->label;
    if (way == 0)
        return named.field ? named.field->code : named.records->code;
    return std::string(label.in(way == 1 ? "en" : "zh-CN"));
}
constexpr std::size_t ways = 3;

template <class Visit>
void each_name(const Expression& tree, Visit visit) {
    if (const auto* field = std::get_if<Field>(&tree.part))
        for (const std::string& name : field->path)
            visit(name);
    else if (const auto* call = std::get_if<Call>(&tree.part))
        for (const Expression& arg : call->args)
            each_name(arg, visit);
}

} // namespace

Result<Expression> kept(const Expression& condition, const About& about) {
    Shapes shapes(about.catalogue, Naming::names_and_ids);
    const formula::Surroundings surroundings{shapes.of(about.object), about.zone};
    TRY(formula::check_condition(condition, surroundings));
    return formula::renamed(condition, surroundings, [&](const formula::NamedField& field) {
        return fmt::format("#{}", id_of(named(shapes.object_of(*field.of), field.slot)).value);
    });
}

Result<Expression> shown(const Expression& kept, const About& about) {
    Shapes shapes(about.catalogue, Naming::names_and_ids);
    const formula::Surroundings surroundings{shapes.of(about.object), about.zone};
    std::map<FieldId, std::size_t> tried;
    for (std::size_t round = 0;; ++round) {
        auto tree = TRY(formula::renamed(kept, surroundings, [&](const formula::NamedField& field) {
            const Named what = named(shapes.object_of(*field.of), field.slot);
            return name_of(what, tried[id_of(what)]);
        }));
        const std::set<FieldId> hidden = fields_of(tree);
        if (hidden.empty() || round + 1 == ways)
            return tree;
        for (const FieldId id : hidden)
            ++tried[id];
    }
}

std::set<FieldId> fields_of(const Expression& kept) {
    std::set<FieldId> fields;
    each_name(kept, [&](const std::string& name) {
        if (const auto id = id_in(name))
            fields.insert(*id);
    });
    return fields;
}

} // namespace onefold::query
