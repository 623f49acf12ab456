#pragma once
// How what stands somewhere becomes what is wanted there: a text literal beside a date is a date, a date beside an
// instant is the day's first moment, and so on; and what is said where it cannot.
#include "formula/check.h"
#include "formula/fault.h"

#include <span>

namespace onefold::formula {

// formula.wrong_type
Result<Checked> fit(Checked part, Type wanted, const Zone& zone);
bool fits(const Checked& part, Type wanted, const Zone& zone);

// Brings parts that stand beside each other to one type, and answers it.
Result<Type> unify(std::span<Checked* const> parts, const Zone& zone);

Failure wrong_type(const Checked& part, const LocalText& wanted);

// One value: no list, no record.
bool is_scalar(Type type);

} // namespace onefold::formula
