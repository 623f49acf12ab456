#include "search/terms.h"

#include "search/mistyped.h"
#include "search/pinyin.h"
#include "search/runs.h"

#include <algorithm>
#include <iterator>
#include <unicode/utf8.h>

namespace onefold::search {
namespace {

constexpr std::size_t initials_max = 8;

std::string joined(const std::vector<std::string>& syllables) {
    std::string all;
    for (const std::string& syllable : syllables)
        all += syllable;
    return all;
}
std::string initials_of(const std::vector<std::string>& syllables) {
    std::string all;
    for (const std::string& syllable : syllables)
        all += syllable.substr(0, 1);
    return all;
}

// Kinds of terms of which a beginning is typed, and how long the beginnings are that are terms of their own, in capital
// letters: what many values begin with is one look-up, what few begin with is a short stretch of the index.
struct Beginnings {
    std::size_t shortest = 0, longest = 0; // bytes
};
Beginnings beginnings_of(Field field, char kind) {
    switch (kind) {
    case 'w':
    case 'y':
    case 'i':
        return {2, field == Field::company ? 8u : 5u};
    case 'n':
        return {3, 7};
    default:
        return {};
    }
}
char of_beginning(char kind) {
    return char(kind - 'a' + 'A');
}

// What is made of a value's runs, term by term.
class Terms {
  public:
    void add(Field field, char kind, std::string_view text) {
        if (text.empty())
            return;
        all_.push_back(std::string{char(field), kind} + std::string(text));
        const auto [shortest, longest] = beginnings_of(field, kind);
        for (std::size_t size = shortest; shortest && size <= std::min(longest, text.size()); ++size)
            if (size == text.size() || !U8_IS_TRAIL(std::uint8_t(text[size])))
                all_.push_back(std::string{char(field), of_beginning(kind)} + std::string(text.substr(0, size)));
    }
    void add_han(Field field, const std::u32string& text) {
        for (std::size_t i = 0; i < text.size(); ++i) {
            add(field, 'h', utf8_of(text.substr(i, 1)));
            if (i + 1 < text.size())
                add(field, 'h', utf8_of(text.substr(i, 2)));
        }
        for (const auto& syllables : readings_of(text)) {
            add(field, 'y', joined(syllables));
            add(field, 'i', initials_of(syllables));
            if (field == Field::name && syllables.size() >= 2 && syllables.size() <= 4)
                add_name(syllables);
        }
    }
    // The given name alone, and the family name with initials: xiaoming, wangxm.
    void add_name(const std::vector<std::string>& syllables) {
        const std::vector<std::string> given(syllables.begin() + 1, syllables.end());
        if (given.size() > 1)
            add(Field::name, 'y', joined(given));
        add(Field::name, 'y', syllables.front() + initials_of(given));
    }
    void add_words(const Value& value) {
        if (named.contains(char(value.field)))
            add(value.field, '=', whole_of(value.text));
        const auto runs = runs_of(value.text);
        if (value.field == Field::name && runs.size() == 2 && runs[0].is_han && runs[1].is_han) // "王 小明"
            add_han(value.field, runs[0].text + runs[1].text);
        for (const Run& run : runs) {
            if (run.is_han)
                add_han(value.field, run.text);
            else
                add(value.field, 'w', run.utf8());
        }
    }
    void add_phone(std::string_view value) {
        const std::string digits = digits_of(value);
        const bool is_end = value.starts_with('*');
        if (!is_end)
            add(Field::phone, 'n', digits);
        if (is_end || digits.size() > 4)
            add(Field::phone, 'd',
                std::string_view(digits).substr(digits.size() - std::min<std::size_t>(4, digits.size())));
    }
    std::vector<std::string> all() && {
        std::ranges::sort(all_);
        all_.erase(std::ranges::unique(all_).begin(), all_.end());
        return std::move(all_);
    }

    static constexpr std::string_view named = "nc"; // fields with readings, initials, whole values and mistyped words

  private:
    std::vector<std::string> all_;
};

Alternative beginning_with(Field field, char kind, const std::string& text) {
    const bool is_term = text.size() <= beginnings_of(field, kind).longest;
    return {std::string{char(field), is_term ? of_beginning(kind) : kind} + text, !is_term};
}

void add_exactly(Need& need, std::string_view fields, std::string_view of, char kind, const std::string& text) {
    for (const char field : fields)
        if (of.contains(field))
            need.push_back({std::string{field, kind} + text, false});
}
void add_beginning(Need& need, std::string_view fields, std::string_view of, char kind, const std::string& text) {
    for (const char field : fields)
        if (of.contains(field))
            need.push_back(beginning_with(Field(field), kind, text));
}

// Numbers are kept with their calling code, and typed without: those of the countries that most customers are from.
constexpr std::string_view calling_codes[] = {"", "86", "852", "853", "886", "1", "7", "33", "34", "39", "44", "49",
    "55", "60", "61", "65", "66", "81", "82", "84", "91"};

void add_number(Need& need, std::string_view fields, std::string_view digits) {
    if (fields.contains(char(Field::phone)) && digits.size() >= 3)
        for (const std::string_view code : calling_codes)
            need.push_back(beginning_with(Field::phone, 'n', std::string(code) + std::string(digits)));
}

Need need_of_latin(const Run& run, std::string_view fields) {
    const std::string word = run.utf8();
    Need need;
    if (run.text.size() < 2 || word.size() < 2) { // a letter begins too many words
        add_exactly(need, fields, "nce", 'w', word);
        return need;
    }
    add_beginning(need, fields, "nce", 'w', word);
    add_beginning(need, fields, Terms::named, 'y', word);
    if (run.text.size() <= initials_max)
        add_beginning(need, fields, Terms::named, 'i', word);
    if (run.is_digits() && run.text.size() == 4)
        add_exactly(need, fields, "p", 'd', word);
    if (run.is_digits())
        add_number(need, fields, word);
    return need;
}

Needs needs_of_han(const Run& run, std::string_view fields) {
    Needs needs;
    const std::size_t width = std::min<std::size_t>(2, run.text.size());
    for (std::size_t i = 0; i + width <= run.text.size(); ++i)
        add_exactly(needs.emplace_back(), fields, Terms::named, 'h', utf8_of(run.text.substr(i, width)));
    return needs;
}

Asked asked_of(const Run& run, std::string_view fields) {
    if (!run.is_han)
        return {{need_of_latin(run, fields)}, "", is_mistypable(run.utf8()) ? run.utf8() : ""};
    const bool has_sound = run.text.size() > 1;
    return {needs_of_han(run, fields), has_sound ? sound_of(run.text) : "", ""};
}

} // namespace

std::string_view code_of(Field field) {
    switch (field) {
    case Field::name:
        return "name";
    case Field::company:
        return "company";
    case Field::email:
        return "email";
    case Field::phone:
        break;
    }
    return "phone";
}

std::vector<std::string> terms_of(const std::vector<Value>& values) {
    Terms terms;
    for (const Value& value : values) {
        if (value.field == Field::phone)
            terms.add_phone(value.text);
        else
            terms.add_words(value);
    }
    return std::move(terms).all();
}

std::vector<std::string> words_of(const std::vector<Value>& values) {
    std::vector<std::string> words;
    for (const Value& value : values)
        if (Terms::named.contains(char(value.field)))
            for (const Run& run : runs_of(value.text))
                if (!run.is_han && is_mistypable(run.utf8()))
                    words.push_back(run.utf8());
    std::ranges::sort(words);
    words.erase(std::ranges::unique(words).begin(), words.end());
    return words;
}

Question question_of(std::string_view text, std::string_view fields) {
    Question question{{}, {}, std::string(fields)};
    const auto runs = runs_of(text);
    if (runs.empty())
        return question;
    add_exactly(question.whole.emplace_back(), fields, Terms::named, '=', whole_of(text));
    const std::string digits = digits_of(text);
    if (runs.size() > 1 && digits.size() >= 5 && std::ranges::all_of(runs, &Run::is_digits)) { // "139 1234 5678"
        add_number(question.asked.emplace_back().needs.emplace_back(), fields, digits);
        return question;
    }
    for (const Run& run : runs)
        question.asked.push_back(asked_of(run, fields));
    return question;
}

Needs exact_needs(const Question& question) {
    Needs needs;
    for (const Asked& asked : question.asked)
        needs.insert(needs.end(), asked.needs.begin(), asked.needs.end());
    return needs;
}

Needs similar_needs(const Question& question, const SimilarWords& similar_words) {
    Needs needs;
    for (const Asked& asked : question.asked) {
        for (const Need& one : asked.needs) { // each with what does for all of them
            Need& need = needs.emplace_back(one);
            if (!asked.sound.empty())
                add_beginning(need, question.fields, Terms::named, 'y', asked.sound);
            if (const auto words = similar_words.find(asked.word); words != similar_words.end())
                for (const std::string& word : words->second)
                    add_exactly(need, question.fields, Terms::named, 'w', word);
        }
    }
    return needs;
}

} // namespace onefold::search
