// Whatever a body holds: each message that is taken is strict JSON of a known type with somebody in it, and within its
// limit.
#include "http/json.h"
#include "tracking/body.h"
#include "tracking/snowplow.h"

using namespace onefold;
using namespace onefold::tracking;

namespace {

void check(const Taken& taken) {
    for (const Message& message : taken.messages) {
        const auto read = http::parse_json(message.payload);
        if (!read || !read->is_object() || message.payload.size() > formed_bytes_max || message.id.empty())
            __builtin_trap();
        if (type_of(read->get_object()).empty() || find_fault(read->get_object(), type_of(read->get_object())))
            __builtin_trap();
    }
    for (const Refused& one : taken.refused)
        if (one.text.size() > refused_bytes_max || one.reason.code.empty())
            __builtin_trap();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0)
        return 0;
    const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
    const Occasion occasion{Instant{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5}}, "203.0.113.7", true,
        [] { return std::string("made"); }};
    auto json = parse_body(body);
    if (!json)
        return 0;
    static constexpr std::array<std::string_view, 7> types{
        "track", "identify", "page", "screen", "group", "alias", "merge"};
    const unsigned choice = data[0] % (types.size() + 2);
    write_key_in(*json);
    application_of(*json);
    const auto taken = choice < types.size()    ? take_single(std::move(*json), types[choice], occasion)
                       : choice == types.size() ? take_batch(std::move(*json), occasion)
                                                : take_snowplow(*json, occasion);
    if (taken)
        check(*taken);
    return 0;
}
