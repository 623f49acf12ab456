#pragma once
// The errors of this room, in both languages. `detail` is what the database said: names of tables and columns, never
// values.
#include "core/result.h"

#include <string_view>

namespace onefold::store {

Error busy(std::string_view detail);
Error unavailable(std::string_view detail);
// The connection broke while COMMIT was under way: it may be there or not.
Error unknown_outcome(std::string_view detail);
// A statement that was given up after its patience.
Error too_slow(std::string_view detail);
Error full(std::string_view detail);
Error constraint(std::string_view detail);
Error bad_text();
Error damaged(std::string_view detail);
Error failed(std::string_view detail);

} // namespace onefold::store
