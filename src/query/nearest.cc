#include "query/nearest.h"

#include "core/text.h"

#include <algorithm>

namespace onefold::query {
namespace {

std::vector<std::string_view> code_points_of(std::string_view text) {
    std::vector<std::string_view> points;
    while (!text.empty()) {
        const auto first = beginning_of(text, 1);
        points.push_back(first);
        text.remove_prefix(first.size());
    }
    return points;
}

} // namespace

std::size_t distance_between(std::string_view left_text, std::string_view right_text) {
    const std::string left_folded = folded(left_text), right_folded = folded(right_text);
    const auto left = code_points_of(left_folded), right = code_points_of(right_folded);
    std::vector<std::vector<std::size_t>> cost(left.size() + 1, std::vector<std::size_t>(right.size() + 1));
    for (std::size_t i = 0; i <= left.size(); ++i) {
        for (std::size_t j = 0; j <= right.size(); ++j) {
            if (i == 0 || j == 0) {
                cost[i][j] = i + j;
                continue;
            }
            const bool is_same = left[i - 1] == right[j - 1];
            cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + !is_same});
            if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
    }
    return cost[left.size()][right.size()];
}

std::string nearest_of(std::string_view written, const std::vector<std::string_view>& codes) {
    const auto short_enough = beginning_of(written, 64);
    std::size_t bound = std::max<std::size_t>(1, length_of(short_enough) / 3) + 1;
    std::string_view nearest;
    for (const auto code : codes) {
        const std::size_t distance = distance_between(short_enough, code);
        if (distance >= bound)
            continue;
        bound = distance;
        nearest = code;
    }
    return std::string(nearest);
}

} // namespace onefold::query
