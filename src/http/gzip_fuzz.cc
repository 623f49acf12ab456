// Unpacking keeps its limit, and what we pack comes back.
#include "http/gzip.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t bytes_max = 64 << 10;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto unpacked = onefold::http::gunzipped(bytes, bytes_max);
    if (unpacked && unpacked->size() > bytes_max)
        __builtin_trap();
    if (onefold::http::gunzipped(onefold::http::gzipped(bytes), size).value() != bytes)
        __builtin_trap();
    return 0;
}
