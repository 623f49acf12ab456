#pragma once
// An expression as SQL: its types checked, its literals bound, its meaning the same on both databases.
#include "query/operand.h"

#include <functional>
#include <string>

namespace onefold::query {

// What a field's path means here; `where` is the JSON pointer for errors.
using Resolve = std::function<Result<Operand>(const std::vector<std::string>& path, const std::string& where)>;

// A condition that is true, false or NULL (blank).
Result<std::string> condition_of(
    const formula::Expression& expression, const Resolve& resolve, Binds& binds, const std::string& where);

} // namespace onefold::query
