#pragma once
// Words that are nearly the same: one edit apart (a letter more, less, other, or two swapped) for what has 4 to 7
// letters, two for what is longer. Pure.
//
// Two words that are k edits apart have a shortened form in common, each with at most k letters of its first seven left
// out (SymSpell, Garbe 2012); whether they are is then looked at (optimal string alignment).
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace onefold::search {

// 4 to 32 letters of any script but Han, no digit: what has digits is a number and not a word.
bool is_mistypable(std::string_view word);

// How far a word may be from what was typed.
int edits_allowed(std::string_view typed);
bool is_similar(std::string_view typed, std::string_view word);

// Hashes of the shortened forms, sorted, each once: those by which a word is kept, and those by which what was typed
// looks for it.
std::vector<std::int64_t> shortened_of_word(std::string_view word);
std::vector<std::int64_t> shortened_of_typed(std::string_view typed);

} // namespace onefold::search
