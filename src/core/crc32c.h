#pragma once
// CRC-32C (Castagnoli, RFC 3720 appendix B.4), with the processor's own instruction where it has one.
#include <cstdint>
#include <string_view>

namespace onefold {

std::uint32_t crc32c(std::string_view bytes);

// The same by a table, as processors without the instruction do it.
std::uint32_t crc32c_by_table(std::string_view bytes);

} // namespace onefold
