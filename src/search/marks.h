#pragma once
// Which characters of a value a question is found in, to be shown. Pure.
#include "core/id.h"
#include "search/terms.h"

#include <cstdint>

namespace onefold::search {

// From `from` up to before `to`, in UTF-16 units, as browsers count.
struct Mark {
    Field field;
    std::int64_t from = 0, to = 0;
    IdentifierId identifier = {}; // in its value; 0: in the field's
    friend bool operator==(const Mark&, const Mark&) = default;
};

// In order, none touching another.
std::vector<Mark> marks_of(const Value& value, std::string_view text);

} // namespace onefold::search
