#pragma once
// Regular expressions in RE2's syntax: linear in time, bounded in memory.
#include "core/result.h"
#include "formula/run.h"

#include <memory>
#include <string_view>

namespace re2 {
class RE2;
}

namespace onefold::formula {

// Never nullptr; its own error() says whether it is one.
std::shared_ptr<const re2::RE2> make_pattern(std::string_view pattern);

// formula.bad_pattern
Result<void> check_pattern(std::string_view pattern, Span at);

} // namespace onefold::formula
