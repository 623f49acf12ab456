#pragma once
// The fields that a tree names: which they are, and the same tree under other names. What is kept of a formula names
// fields by what never changes, people see the names of today, and a rename changes no formula.
#include "formula/check.h"

#include <functional>

namespace onefold::formula {

// A field of a kind of record: the shape's that has it, by the number of its slot.
struct NamedField {
    const Shape* of;
    std::size_t slot;
    auto operator<=>(const NamedField&) const = default;
};

// Every field that the tree names, and each relation on the way to one, once. It fails as `check` does.
Result<std::vector<NamedField>> fields_used(const Expression& tree, const Surroundings& surroundings);

// The same tree, each field called as `name_of` says. A field keeps the name that it has where the other would mean
// something else there: a name that two fields have, or that the records of an aggregate have too.
using NameOf = std::function<std::string(const NamedField&)>;
Result<Expression> renamed(const Expression& tree, const Surroundings& surroundings, const NameOf& name_of);

} // namespace onefold::formula
