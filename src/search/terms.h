#pragma once
// Which terms a customer is found by, and which terms a question asks for. Pure.
//
// A term is a letter of its field, a letter of its kind and a text: "nh王小" (Han, one or two), "nwlin" (word),
// "nywangxiaoming" (pinyin), "niwxm" (initials), "n=王小明" (the whole value), "pn8613912345678" (number), "pd5678"
// (its end). A kind in capitals is the beginning of such a text: "nYwang". Fields apart, so that one who may not read a
// field does not find by it.
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace onefold::search {

enum class Field : char { name = 'n', company = 'c', email = 'e', phone = 'p' };
inline constexpr std::string_view all_fields = "ncep";

std::string_view code_of(Field field); // of the customer's field

// Of a sealed phone number only the end is known: "*5678".
struct Value {
    Field field;
    std::string text;
};

// Sorted, each once. Of a value's beginning only: 200 characters.
std::vector<std::string> terms_of(const std::vector<Value>& values);
// Latin words of which mistyped ones are found; sorted, each once.
std::vector<std::string> words_of(const std::vector<Value>& values);

// Any of these…
struct Alternative {
    std::string term;
    bool is_prefix = false;
};
using Need = std::vector<Alternative>;
// …for each of these.
using Needs = std::vector<Need>;

// One run of Han characters or of other letters and digits.
struct Asked {
    Needs needs;
    std::string sound; // its pinyin, "" where it has none to be found by
    std::string word;  // a Latin word that may be mistyped, or ""
};
struct Question {
    Needs whole; // the whole text is the value
    std::vector<Asked> asked;
    std::string fields;
    bool is_blank() const { return asked.empty(); }
};
// `fields`: letters of those that may be read.
Question question_of(std::string_view text, std::string_view fields);

// Every run of the text.
Needs exact_needs(const Question& question);
// The same, where what sounds the same and words that are similar do as well.
using SimilarWords = std::map<std::string, std::vector<std::string>>;
Needs similar_needs(const Question& question, const SimilarWords& similar_words);

} // namespace onefold::search
