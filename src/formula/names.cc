#include "formula/names.h"

#include "formula/checker.h"

#include <algorithm>

namespace onefold::formula {
namespace {

bool means(const Shape& shape, std::string_view name, std::size_t slot) {
    const auto found = shape.find(name);
    return found && found->number == slot;
}

// Whether a path's first name leads to the same field there.
bool leads_to(const FoundField& found, std::string_view name) {
    const auto is_hidden = [&](const Shape* nearer) { return nearer->find(name).has_value(); };
    return means(*found.steps.front().of, name, found.steps.front().slot) &&
           std::ranges::none_of(found.nearer, is_hidden);
}

void rename(Field& field, const FoundField& found, const NameOf& name_of) {
    for (std::size_t i = 0; i < found.steps.size(); ++i) {
        const NamedField& step = found.steps[i];
        std::string name = name_of(step);
        const bool is_clear = i == 0 ? leads_to(found, name) : means(*step.of, name, step.slot);
        if (is_clear && !name.empty())
            field.path[i] = std::move(name);
    }
}

Expression renamed_part(const Expression& part, const FoundFields& found, const NameOf& name_of) {
    Expression copy = part;
    if (auto* field = std::get_if<Field>(&copy.part)) {
        if (const auto own = found.find(&std::get<Field>(part.part)); own != found.end())
            rename(*field, own->second, name_of);
    } else if (auto* call = std::get_if<Call>(&copy.part)) {
        const auto& args = std::get<Call>(part.part).args;
        for (std::size_t i = 0; i < args.size(); ++i)
            call->args[i] = renamed_part(args[i], found, name_of);
    }
    return copy;
}

Result<FoundFields> found_in(const Expression& tree, const Surroundings& surroundings) {
    FoundFields found;
    TRY((Checker{surroundings, &found}.part(tree)));
    return found;
}

} // namespace

Result<std::vector<NamedField>> fields_used(const Expression& tree, const Surroundings& surroundings) {
    std::vector<NamedField> used;
    for (const auto& [field, found] : TRY(found_in(tree, surroundings)))
        used.insert(used.end(), found.steps.begin(), found.steps.end());
    std::ranges::sort(used);
    used.erase(std::ranges::unique(used).begin(), used.end());
    return used;
}

Result<Expression> renamed(const Expression& tree, const Surroundings& surroundings, const NameOf& name_of) {
    return renamed_part(tree, TRY(found_in(tree, surroundings)), name_of);
}

} // namespace onefold::formula
