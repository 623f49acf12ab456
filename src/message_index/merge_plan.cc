#include "message_index/merge_plan.h"

namespace onefold::message_index {

std::optional<MergePlan> plan_merge(const std::vector<std::uint64_t>& sizes) {
    for (std::size_t end = sizes.size(); end >= merged_runs_min; --end) {
        std::uint64_t keys = sizes[end - 1];
        std::size_t first = end - 1;
        while (first > 0 && sizes[first - 1] <= keys + 1 && keys + sizes[first - 1] <= merged_keys_max)
            keys += sizes[--first];
        if (end - first >= merged_runs_min)
            return MergePlan{first, end - first};
    }
    return std::nullopt;
}

} // namespace onefold::message_index
