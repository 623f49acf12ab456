#pragma once
// What each function is good for: a condition on customers that calls it, as people would use it.
#include <optional>
#include <string_view>

namespace onefold::object {

// nullopt where none comes to mind.
std::optional<std::string_view> find_condition_with(std::string_view function);

} // namespace onefold::object
