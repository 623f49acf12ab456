#pragma once
// Which runs become one. Pure.
#include <cstdint>
#include <optional>
#include <vector>

namespace onefold::message_index {

// A key is rewritten seldom, and a question touches about ten filters: runs grow from the new to the old, and an old
// one joins in where the newer ones beside it hold as many keys as it does.
constexpr std::size_t merged_runs_min = 4;
constexpr std::uint64_t merged_keys_max = 64 << 20;

struct MergePlan {
    std::size_t first, count; // neighbours
    friend bool operator==(const MergePlan&, const MergePlan&) = default;
};

// `sizes`: keys of each run, the oldest first.
std::optional<MergePlan> plan_merge(const std::vector<std::uint64_t>& sizes);

} // namespace onefold::message_index
