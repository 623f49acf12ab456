#pragma once
// Examples that tell what a property holds without telling whose it is.
#include <string>
#include <string_view>

namespace onefold::columns {

// E-mail addresses keep their first letter and their domain; seven and more digits (with blanks, dots and hyphens
// between them) keep three in front and two behind, as of phones, cards and codes; a date stays. At most 80
// characters.
std::string masked(std::string_view example);

} // namespace onefold::columns
