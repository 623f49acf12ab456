#pragma once
#include <string_view>

namespace onefold::formula {

// A condition on customers that calls the function, as people would use it: an example with fields. "" where none comes
// to mind.
std::string_view use_of(std::string_view function);

} // namespace onefold::formula
