// A time that is read is written as a text that reads as the same time; a decimal alike.
#include "core/decimal.h"
#include "core/time.h"

using namespace onefold;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto at = parse_rfc3339(text); at && parse_rfc3339(to_rfc3339(*at)) != *at)
        __builtin_trap();
    if (const auto at = parse_time(text, Zone()); at && parse_rfc3339(to_rfc3339(*at)) != *at)
        __builtin_trap();
    return 0;
}
