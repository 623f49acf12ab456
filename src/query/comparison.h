#pragma once
// What is known of the operators that compare.
#include "formula/expression.h"

namespace onefold::query {

bool is_ordering(formula::Operator op);           // of those that compare: all but = and <>
formula::Operator mirrored(formula::Operator op); // b mirrored(op) a is what a op b is

} // namespace onefold::query
