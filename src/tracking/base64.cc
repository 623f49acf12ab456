#include "tracking/base64.h"

#include <sodium.h>

namespace onefold::tracking {

std::optional<std::string> from_any_base64(std::string_view text) {
    std::string plain(text);
    for (char& c : plain)
        c = c == '-' || c == ' ' ? '+' : c == '_' ? '/' : c;
    while (plain.ends_with('='))
        plain.pop_back();
    std::string bytes(plain.size(), '\0');
    std::size_t size = 0;
    if (sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), plain.data(), plain.size(),
            nullptr, &size, nullptr, sodium_base64_VARIANT_ORIGINAL_NO_PADDING) != 0)
        return std::nullopt;
    bytes.resize(size);
    return bytes;
}

} // namespace onefold::tracking
