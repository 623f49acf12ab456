#pragma once
// Ids that are known before a statement runs, as it is told of them. For this room's own files.
#include "store/store.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace onefold::query {

inline constexpr std::size_t listed_ids_max = 100'000; // one by one; more only by a bit each

// Whether none of them is too great for a bit each: 32 MiB of bits at most.
bool have_bits(const std::vector<std::int64_t>& ids);
// As has_bit of store/function.h reads them. The ids have bits.
store::Blob bits_of(const std::vector<std::int64_t>& ids);

} // namespace onefold::query
