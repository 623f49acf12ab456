#pragma once
// Text as it is searched: stretches of Han characters, and of other letters and digits. For this room's own files.
#include <string>
#include <string_view>
#include <vector>

namespace onefold::search {

std::string utf8_of(std::u32string_view text);
std::u32string code_points_of(std::string_view utf8); // what is no UTF-8 is left out
bool is_in_words(char32_t character);                 // a letter or a digit

struct Run {
    std::u32string text;
    bool is_han = false;
    std::string utf8() const { return utf8_of(text); }
    bool is_digits() const;
};
// Folded; of the beginning only, 200 characters.
std::vector<Run> runs_of(std::string_view value);

std::string whole_of(std::string_view value);  // all runs, without what stands between them
std::string digits_of(std::string_view value); // 0 to 9, full-width ones too
std::string sound_of(std::u32string_view han); // its pinyin without blanks

} // namespace onefold::search
