// A decoded path holds nothing that two readers could understand in two ways.
#include "core/text.h"
#include "http/target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view raw(reinterpret_cast<const char*>(data), size);
    if (const auto path = onefold::http::decoded_path(raw)) {
        const bool is_strange = path->find('\0') != path->npos || path->find('\\') != path->npos ||
                                path->find("//") != path->npos || (*path + "/").find("/../") != path->npos ||
                                (*path + "/").find("/./") != path->npos;
        if (is_strange)
            __builtin_trap();
    }
    onefold::http::query_parameters(raw);
    onefold::http::decoded_query_text(raw);
    return 0;
}
