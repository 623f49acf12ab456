#pragma once
// What is known of the operators that compare.
#include "formula/expression.h"

namespace onefold::formula {

bool is_ordering(Operator op);  // of those that compare: all but = and <>
Operator mirrored(Operator op); // b mirrored(op) a is what a op b is

} // namespace onefold::formula
