#pragma once
// What a route asks of its caller. A route names one; there is no default.
#include "core/caller.h"

#include <string_view>

namespace onefold::http {

struct Permission {
    std::string_view code;
    Role least;            // the least role that has it
    bool is_local = false; // only commands of the account that owns the data folder
    Permission() = delete;
    constexpr Permission(std::string_view code, Role least, bool is_local = false)
        : code(code), least(least), is_local(is_local) {}
};

inline constexpr Permission open_to_all{"open", Role::none};
inline constexpr Permission may_read{"read", Role::viewer};
inline constexpr Permission may_edit{"edit", Role::editor};
inline constexpr Permission may_administer{"administer", Role::admin};
inline constexpr Permission local_only{"local", Role::admin, true};
// The route looks at the write key of a source itself.
inline constexpr Permission by_write_key{"write_key", Role::none};

} // namespace onefold::http
