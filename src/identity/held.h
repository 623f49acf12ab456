#pragma once
// Which types of identifiers somebody holds, as a text that conditions look into: their codes, sorted, each between
// blanks (" email phone "); "" without any. Pure.
#include <string>
#include <string_view>

namespace onefold::identity {

// The types of both; true if `into` grew.
bool add_held(std::string& into, std::string_view held);
// The text of one type.
std::string held_of(std::string_view code);

} // namespace onefold::identity
