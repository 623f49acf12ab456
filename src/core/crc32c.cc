#include "core/crc32c.h"

#include <array>
#include <cstring>

namespace onefold {
namespace {

constexpr std::array<std::uint32_t, 256> make_table() {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < 256; ++i) {
        std::uint32_t value = i;
        for (int bit = 0; bit < 8; ++bit)
            value = value & 1 ? value >> 1 ^ 0x82F63B78u : value >> 1;
        table[i] = value;
    }
    return table;
}
constexpr auto table = make_table();

#ifdef __x86_64__
__attribute__((target("sse4.2"))) std::uint32_t crc32c_by_instruction(std::string_view bytes) {
    std::uint64_t value = 0xFFFFFFFFu;
    const char* at = bytes.data();
    std::size_t left = bytes.size();
    for (; left >= 8; at += 8, left -= 8) {
        std::uint64_t word;
        std::memcpy(&word, at, 8);
        value = __builtin_ia32_crc32di(value, word);
    }
    auto rest = std::uint32_t(value);
    for (; left > 0; ++at, --left)
        rest = __builtin_ia32_crc32qi(rest, static_cast<unsigned char>(*at));
    return ~rest;
}
#endif

} // namespace

std::uint32_t crc32c_by_table(std::string_view bytes) {
    std::uint32_t value = 0xFFFFFFFFu;
    for (const unsigned char c : bytes)
        value = value >> 8 ^ table[(value ^ c) & 255];
    return ~value;
}

std::uint32_t crc32c(std::string_view bytes) {
#ifdef __x86_64__
    static const bool has_instruction = __builtin_cpu_supports("sse4.2");
    if (has_instruction)
        return crc32c_by_instruction(bytes);
#endif
    return crc32c_by_table(bytes);
}

} // namespace onefold
