#include "cli/complain.h"

#include <cstdio>

namespace onefold::cli {

int complain(const Error& error, std::string_view locale) {
    fmt::print(stderr, "{}\n", error.message.in(locale));
    for (const FieldError& field : error.fields)
        fmt::print(stderr, "  {}: {}\n", field.path.empty() ? "/" : field.path, field.message.in(locale));
    return error.kind == ErrorKind::invalid ? 2 : 1;
}

} // namespace onefold::cli
