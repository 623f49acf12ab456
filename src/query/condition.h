#pragma once
// An expression as SQL: its types checked, its literals bound, its meaning the same on both databases.
#include "query/operand.h"

#include <functional>
#include <string>

namespace onefold::query {

// What a field's path means here; `where` is the JSON pointer for errors.
using Resolve = std::function<Result<Operand>(const std::vector<std::string>& path, const std::string& where)>;

// Whose fields they are, for conditions beyond comparisons of fields and values; those need a `now`, too.
struct Subject {
    const Catalogue& catalogue;
    const ObjectEntry& object;
    std::string key; // in SQL
    const Zone& zone;
};

// A condition that is true, false or NULL (blank).
Result<std::string> condition_of(const formula::Expression& expression, const Resolve& resolve, Binds& binds,
    const std::string& where, const Subject* subject = nullptr);

} // namespace onefold::query
