#include "search/marks.h"

#include "core/text.h"
#include "search/mistyped.h"
#include "search/pinyin.h"
#include "search/runs.h"

#include <algorithm>

namespace onefold::search {
namespace {

// A character of a value, folded, and where it stands.
struct Letter {
    std::u32string folded;
    std::int64_t from = 0, to = 0;
    bool is_han = false, begins_word = false;
};

std::vector<Letter> letters_of(std::string_view text) {
    std::vector<Letter> letters;
    std::int64_t at = 0;
    bool is_inside = false, was_han = false;
    for (const char32_t character : code_points_of(beginning_of(text, 200))) {
        const std::int64_t next = at + (character > 0xFFFF ? 2 : 1);
        Letter letter{code_points_of(folded(utf8_of({&character, 1}))), at, next, is_han(character), false};
        std::erase_if(letter.folded, [](char32_t one) { return !is_in_words(one); });
        const bool is_word = !letter.folded.empty();
        letter.begins_word = is_word && (!is_inside || was_han != letter.is_han);
        was_han = letter.is_han;
        is_inside = is_word;
        letters.push_back(std::move(letter));
        at = next;
    }
    return letters;
}

// How many letters from `begin` on are the run, 0 where they are not.
std::size_t length_of_run(const std::vector<Letter>& letters, std::size_t begin, const std::u32string& run) {
    std::u32string text;
    for (std::size_t i = begin; i < letters.size() && text.size() < run.size(); ++i) {
        if (letters[i].folded.empty())
            break;
        text += letters[i].folded;
        if (text.substr(0, run.size()) == run)
            return i + 1 - begin;
    }
    return 0;
}

// The same for Han characters that are read so, or whose readings begin so.
std::size_t length_of_reading(const std::vector<Letter>& letters, std::size_t begin, const std::string& typed) {
    std::u32string han;
    for (std::size_t i = begin; i < letters.size() && letters[i].is_han && han.size() < 32; ++i)
        han += letters[i].folded;
    for (const auto& syllables : readings_of(han)) {
        std::string joined, initials;
        for (std::size_t i = 0; i < syllables.size(); ++i) {
            joined += syllables[i];
            initials += syllables[i].substr(0, 1);
            if (joined.starts_with(typed) || initials == typed ||
                (i > 0 && syllables.front() + initials.substr(1) == typed))
                return i + 1;
        }
    }
    return 0;
}

std::vector<bool> marked(const std::vector<Letter>& letters, const Run& run) {
    std::vector<bool> marks(letters.size());
    const std::string typed = run.utf8();
    for (std::size_t i = 0; i < letters.size(); ++i) {
        std::size_t length = run.is_han || letters[i].begins_word ? length_of_run(letters, i, run.text) : 0;
        if (length == 0 && !run.is_han && letters[i].is_han && run.text.size() > 1)
            length = length_of_reading(letters, i, typed);
        std::fill_n(marks.begin() + std::ptrdiff_t(i), length, true);
    }
    return marks;
}

// A word that is meant by a mistyped one, and Han characters that sound like others.
std::vector<bool> marked_similar(const std::vector<Letter>& letters, const Run& run) {
    std::vector<bool> marks(letters.size());
    const std::string sound = run.is_han && run.text.size() > 1 ? sound_of(run.text) : "";
    for (std::size_t i = 0; i < letters.size(); ++i) {
        if (!sound.empty() && letters[i].is_han)
            std::fill_n(marks.begin() + std::ptrdiff_t(i), length_of_reading(letters, i, sound), true);
        if (run.is_han || !letters[i].begins_word || letters[i].is_han)
            continue;
        std::u32string word;
        std::size_t end = i;
        for (; end < letters.size() && !letters[end].folded.empty() && !letters[end].is_han; ++end)
            word += letters[end].folded;
        if (is_mistypable(run.utf8()) && is_similar(run.utf8(), utf8_of(word)))
            std::fill_n(marks.begin() + std::ptrdiff_t(i), end - i, true);
    }
    return marks;
}

// Digits stand apart from what groups them: +86 139 1234 5678.
std::vector<bool> marked_digits(const std::vector<Letter>& letters, const std::string& digits) {
    std::string all;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < letters.size(); ++i)
        if (letters[i].folded.size() == 1 && letters[i].folded[0] >= U'0' && letters[i].folded[0] <= U'9') {
            all += char(letters[i].folded[0]);
            places.push_back(i);
        }
    std::vector<bool> marks(letters.size());
    std::size_t found = digits.size() == 4 && all.ends_with(digits) ? all.size() - 4 : all.find(digits);
    if (digits.size() < 3 || found == all.npos || (found > 3 && found + digits.size() < all.size()))
        return marks;
    for (std::size_t i = 0; i < digits.size(); ++i)
        marks[places[found + i]] = true;
    return marks;
}

void add(std::vector<bool>& marks, const std::vector<bool>& more) {
    for (std::size_t i = 0; i < marks.size(); ++i)
        marks[i] = marks[i] || more[i];
}

} // namespace

std::vector<Mark> marks_of(const Value& value, std::string_view text) {
    const auto letters = letters_of(value.text);
    std::vector<bool> marks(letters.size());
    if (const std::string whole = whole_of(value.text); !whole.empty() && whole == whole_of(text))
        marks.assign(letters.size(), true);
    else if (value.field == Field::phone)
        marks = marked_digits(letters, digits_of(text));
    else
        for (const Run& run : runs_of(text)) {
            auto these = marked(letters, run);
            if (std::ranges::find(these, true) == these.end())
                these = marked_similar(letters, run);
            add(marks, these);
        }
    std::vector<Mark> all;
    for (std::size_t i = 0; i < letters.size(); ++i) {
        if (!marks[i])
            continue;
        if (!all.empty() && all.back().to == letters[i].from)
            all.back().to = letters[i].to;
        else
            all.push_back({value.field, letters[i].from, letters[i].to, {}});
    }
    return all;
}

} // namespace onefold::search
