// Any address of the pixel, any header of the key and any base64.
#include "tracking/base64.h"
#include "tracking/body.h"
#include "tracking/pixel.h"
#include "tracking/write_key.h"

using namespace onefold;
using namespace onefold::tracking;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    from_any_base64(text);
    write_key_of_header(text);
    query_value(text, "writeKey");
    const Occasion occasion{Instant{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5}}, "203.0.113.7", true,
        [] { return std::string("made"); }};
    if (auto message = message_of_query(text)) {
        Taken taken;
        take_message(std::move(*message), "track", occasion, taken);
    }
    return 0;
}
