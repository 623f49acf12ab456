#include "query/known_ids.h"

#include <algorithm>

namespace onefold::query {
namespace {

constexpr std::int64_t bit_max = (std::int64_t{1} << 28) - 1;

} // namespace

bool have_bits(const std::vector<std::int64_t>& ids) {
    return std::ranges::all_of(ids, [](std::int64_t id) { return id >= 0 && id <= bit_max; });
}

store::Blob bits_of(const std::vector<std::int64_t>& ids) {
    store::Blob bits;
    for (const std::int64_t id : ids) {
        const auto byte = std::size_t(id) / 8;
        if (byte >= bits.bytes.size())
            bits.bytes.resize(byte + 1);
        bits.bytes[byte] = char(bits.bytes[byte] | 1 << id % 8);
    }
    return bits;
}

} // namespace onefold::query
