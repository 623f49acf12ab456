#include "search/mistyped.h"

#include <algorithm>
#include <set>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

namespace onefold::search {
namespace {

constexpr std::size_t letters_min = 4, letters_max = 32, letters_of_long = 8;
constexpr std::size_t letters_shortened = 7;
constexpr std::size_t letters_in_reach_of_long = letters_of_long - 2;

std::u32string letters_of(std::string_view word) {
    std::u32string letters;
    const auto size = std::int32_t(word.size());
    for (std::int32_t at = 0; at < size;) {
        UChar32 letter;
        U8_NEXT(word.data(), at, size, letter);
        letters += char32_t(letter < 0 ? U'?' : letter);
    }
    return letters;
}

// FNV-1a: the same in every version and on every machine.
std::int64_t hash_of(const std::u32string& text) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char32_t letter : text)
        hash = (hash ^ letter) * 0x100000001b3;
    return std::int64_t(hash >> 16);
}

void shorten(const std::u32string& text, int edits, std::set<std::u32string>& forms) {
    if (!forms.insert(text).second && edits == 0)
        return;
    for (std::size_t i = 0; edits > 0 && i < text.size(); ++i)
        shorten(text.substr(0, i) + text.substr(i + 1), edits - 1, forms);
}

std::vector<std::int64_t> shortened(const std::u32string& letters, int edits) {
    std::set<std::u32string> forms;
    shorten(letters.substr(0, letters_shortened), edits, forms);
    std::set<std::int64_t> hashes;
    for (const std::u32string& form : forms)
        hashes.insert(hash_of(form));
    return {hashes.begin(), hashes.end()};
}

int distance(const std::u32string& a, const std::u32string& b) {
    std::vector<std::vector<int>> rows(a.size() + 1, std::vector<int>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i)
        for (std::size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                rows[i][j] = int(i + j);
                continue;
            }
            int best =
                std::min({rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                best = std::min(best, rows[i - 2][j - 2] + 1);
            rows[i][j] = best;
        }
    return rows[a.size()][b.size()];
}

int edits_for(std::size_t letters) {
    return letters < letters_min ? 0 : letters < letters_of_long ? 1 : 2;
}

} // namespace

bool is_mistypable(std::string_view word) {
    const std::u32string letters = letters_of(word);
    return letters.size() >= letters_min && letters.size() <= letters_max &&
           std::ranges::all_of(letters, [](char32_t letter) { return u_isalpha(UChar32(letter)); });
}

int edits_allowed(std::string_view typed) {
    return edits_for(letters_of(typed).size());
}

bool is_similar(std::string_view typed, std::string_view word) {
    const std::u32string a = letters_of(typed), b = letters_of(word);
    const std::size_t longer = std::max(a.size(), b.size()), shorter = std::min(a.size(), b.size());
    return longer - shorter <= 2 && longer <= letters_max + 2 && distance(a, b) <= edits_for(a.size());
}

std::vector<std::int64_t> shortened_of_word(std::string_view word) {
    const std::u32string letters = letters_of(word);
    return shortened(letters, letters.size() < letters_in_reach_of_long ? 1 : 2);
}

std::vector<std::int64_t> shortened_of_typed(std::string_view typed) {
    const std::u32string letters = letters_of(typed);
    return shortened(letters, edits_for(letters.size()));
}

} // namespace onefold::search
