// Any text is a cursor or refused.
#include "query/cursor.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using onefold::query::CursorType;
    (void)onefold::query::from_cursor(
        {reinterpret_cast<const char*>(data), size}, "customer", {CursorType::integer, CursorType::text});
    return 0;
}
