#pragma once
// What somebody may have meant who wrote a word that does not exist.
#include <span>
#include <string>
#include <string_view>

namespace onefold {

// Insertions, deletions and replacements of bytes that turn one into the other (Levenshtein).
std::size_t edit_distance(std::string_view left, std::string_view right);

// The known word nearest to `word`, without regard to case, blanks, "_" and "-"; empty where none is near (a third of
// its length, at least one change) or `word` is longer than 100 bytes.
std::string_view nearest_of(std::string_view word, std::span<const std::string> known);
std::string_view nearest_of(std::string_view word, std::span<const std::string_view> known);

} // namespace onefold
