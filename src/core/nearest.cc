#include "core/nearest.h"

#include "core/text.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace onefold {
namespace {

constexpr std::size_t word_bytes_max = 100;

std::string bare(std::string_view word) {
    std::string result = folded(word);
    std::erase_if(result, [](char c) { return c == ' ' || c == '_' || c == '-'; });
    return result;
}

template <class Word>
std::string_view nearest(std::string_view word, std::span<const Word> known) {
    if (word.size() > word_bytes_max)
        return {};
    const std::string wanted = bare(word);
    std::size_t best = std::max<std::size_t>(1, wanted.size() / 3) + 1;
    std::string_view result;
    for (const std::string_view candidate : known) {
        if (candidate.size() > word_bytes_max)
            continue;
        const auto distance = edit_distance(wanted, bare(candidate));
        if (distance >= best)
            continue;
        best = distance;
        result = candidate;
    }
    return result;
}

} // namespace

std::size_t edit_distance(std::string_view left, std::string_view right) {
    std::vector<std::size_t> row(right.size() + 1);
    for (std::size_t j = 0; j <= right.size(); ++j)
        row[j] = j;
    for (std::size_t i = 1; i <= left.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= right.size(); ++j) {
            const std::size_t replaced = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
            diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, replaced}));
        }
    }
    return row[right.size()];
}

std::string_view nearest_of(std::string_view word, std::span<const std::string> known) {
    return nearest(word, known);
}
std::string_view nearest_of(std::string_view word, std::span<const std::string_view> known) {
    return nearest(word, known);
}

} // namespace onefold
