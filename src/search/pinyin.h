#pragma once
// How Han characters are read, without tones: by ICU's Han-Latin transliteration, in its general and its family-name
// form. Safe to use from several threads.
#include <string>
#include <string_view>
#include <vector>

namespace onefold::search {

bool is_han(char32_t character);

// The readings of a run of Han characters, each a list of syllables ("wang", "xiao", "ming"): one, or two where names
// are read otherwise.
std::vector<std::vector<std::string>> readings_of(std::u32string_view han);

} // namespace onefold::search
