#pragma once
// From the operating system's errno to an Error with the code files.<errno name in lower case>.
#include "core/result.h"

#include <string_view>

namespace onefold::runtime {

// What was tried, in both languages, as it stands in a sentence: {"could not be read", "无法读取"}.
struct Attempt {
    std::string_view en;
    std::string_view zh;
};

Failure file_failure(int error_number, const Attempt& attempt, std::string_view path);

} // namespace onefold::runtime
