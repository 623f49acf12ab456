#pragma once
// How a command says what went wrong.
#include "core/result.h"

#include <string_view>

namespace onefold::cli {

// On stderr, with the fields that are wrong. What the command ends with: 2 where its words are wrong, else 1.
int complain(const Error& error, std::string_view locale);

} // namespace onefold::cli
