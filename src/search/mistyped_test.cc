#include "search/mistyped.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <iterator>
#include <random>

namespace onefold::search {
namespace {

TEST(Mistyped, AllowsOneEditInWordsOfFourToSevenLettersAndTwoInLongerOnes) {
    for (const auto& [typed, word] :
        {std::pair{"meyer", "meier"}, {"meyer", "meyr"}, {"meyer", "meyyer"}, {"anna", "anan"}, {"müller", "muller"},
            {"christan", "christian"}, {"chirstain", "christian"}, {"alexnadre", "alexander"}, {"schmidt", "schmid"}})
        EXPECT_TRUE(is_similar(typed, word)) << typed << ' ' << word;
    for (const auto& [typed, word] : {std::pair{"meyer", "maier"}, {"ann", "anna"}, {"anna", "anton"},
             {"krstan", "christian"}, {"smith", "smythe"}, {"christian", "kristoffer"}})
        EXPECT_FALSE(is_similar(typed, word)) << typed << ' ' << word;
}

TEST(Mistyped, WhatIsShortLongOrHasDigitsIsNoWord) {
    for (const char* word : {"anna", "Müller", "иванов"})
        EXPECT_TRUE(is_mistypable(word)) << word;
    for (const char* word : {"", "ann", "user17", "2024"})
        EXPECT_FALSE(is_mistypable(word)) << word;
    EXPECT_FALSE(is_mistypable(std::string(33, 'x')));
}

// What the shortened forms rest on.
TEST(Mistyped, TwoSimilarWordsAlwaysHaveAShortenedFormInCommon) {
    std::mt19937 random(7);
    const auto below = [&](std::size_t n) { return std::size_t(random() % n); };
    int similar = 0, longer = 0;
    for (int round = 0; round < 20'000; ++round) {
        std::string word(4 + below(10), 'a');
        for (char& c : word)
            c = char('a' + below(3));
        std::string typed = word;
        for (std::size_t edits = below(3); edits > 0; --edits) {
            const std::size_t at = below(typed.size() - 1);
            switch (below(4)) {
            case 0:
                typed.insert(at, 1, char('a' + below(3)));
                break;
            case 1:
                typed.erase(at, 1);
                break;
            case 2:
                typed[at] = char('a' + below(3));
                break;
            default:
                std::swap(typed[at], typed[at + 1]);
            }
        }
        if (!is_mistypable(typed) || !is_mistypable(word) || !is_similar(typed, word))
            continue;
        ++similar;
        longer += edits_allowed(typed) == 2;
        std::vector<std::int64_t> shared;
        std::ranges::set_intersection(shortened_of_typed(typed), shortened_of_word(word), std::back_inserter(shared));
        EXPECT_FALSE(shared.empty()) << typed << ' ' << word;
    }
    EXPECT_GT(similar, 10'000);
    EXPECT_GT(longer, 5'000);
}

} // namespace
} // namespace onefold::search
