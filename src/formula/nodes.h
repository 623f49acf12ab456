#pragma once
// How the parts of a program are made, for the files that make them.
#include "formula/program.h"

#include <memory>
#include <span>
#include <vector>

namespace onefold::formula {

using Part = std::unique_ptr<const Node>;

inline Value value_of(const Part& part, Run& run) {
    return run.step() ? part->value(run) : run.spent();
}
// A value with which a part that wants all its values is done: no value there, none here.
inline bool is_without(const Value& value) {
    return value.is_blank() || value.is_error();
}

Part part_of(const Checked& checked);
std::vector<Part> parts_of(std::span<const Checked> checked);

Part operator_part(const Checked& checked);  // a call of an operator that computes or compares
Part condition_part(const Checked& checked); // AND, OR, NOT, IN, ISBLANK
Part special_part(const Checked& checked);   // IF and its kin

} // namespace onefold::formula
