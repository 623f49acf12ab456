// What the strict reader takes, the outline knows as well; and what is saved of a body beside a spoilt message is
// strict JSON.
#include "http/json.h"
#include "tracking/outline.h"
#include "tracking/spoilt.h"

using namespace onefold;
using namespace onefold::tracking;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view body(reinterpret_cast<const char*>(data), size);
    const auto members = members_of(body);
    const auto elements = elements_of(body);
    const auto read = http::parse_json(body);
    if (read && ((read->is_object() && (!members || members->size() != read->get_object().size())) ||
                    (read->is_array() && (!elements || elements->size() != read->get_array().size()))))
        __builtin_trap();
    if (read || body.size() > body_bytes_max)
        return 0;
    for (const Shape shape :
        {Shape{"batch", "", "writeKey"}, Shape{"", "track", "writeKey"}, Shape{"data", "snowplow", "aid"}}) {
        const auto saved = save_others(body, shape, read.error());
        if (saved && (!members || (saved->spoilt.empty() && shape.list.empty())))
            __builtin_trap();
        if (saved && !http::parse_json(boost::json::serialize(saved->body)))
            __builtin_trap();
    }
    return 0;
}
