// The law: what the index finds is what a look at every customer finds.
#include "core/text.h"
#include "search/index.h"
#include "search/mistyped.h"
#include "search/pinyin.h"
#include "search/runs.h"
#include "testing/folder.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <random>

namespace onefold::search {
namespace {

class Chance {
  public:
    std::size_t below(std::size_t n) { return std::size_t(random_() % n); }
    template <class Range>
    const auto& one_of(const Range& range) {
        return *(std::begin(range) + std::ptrdiff_t(below(std::size(range))));
    }

  private:
    std::mt19937_64 random_{20'261};
};

constexpr std::u32string_view family = U"王李张刘陈单解曾仇赵", given = U"小晓明梅伟芳重行乐长";
constexpr const char* words[] = {"Anna", "Meyer", "Meier", "Mayer", "Christian", "Kristian", "Lin", "Wang", "Zhang",
    "Müller", "Muller", "Иванов", "O'Brien", "Xu", "X", "Jean-Luc", "2024", "C3PO"};
constexpr const char* firms[] = {
    "苏州新星机械有限公司", "上海Nova精密", "Nova Motors", "重庆长安", "Brown & Co", "行乐音乐"};

std::string name_in(Chance& chance) {
    if (chance.below(2) == 0) {
        std::u32string name{family[chance.below(family.size())]};
        if (chance.below(8) == 0)
            name += U' ';
        for (std::size_t i = 1 + chance.below(2); i > 0; --i)
            name += given[chance.below(given.size())];
        return utf8_of(name);
    }
    std::string name = chance.one_of(words);
    for (std::size_t more = chance.below(3); more > 0; --more)
        name += std::string(" ") + chance.one_of(words);
    return name;
}

std::vector<Value> values_in(Chance& chance, std::size_t number) {
    std::vector<Value> values{{Field::name, name_in(chance)}};
    if (chance.below(3) == 0)
        values.push_back({Field::company, chance.one_of(firms)});
    if (chance.below(2) == 0)
        values.push_back({Field::phone, fmt::format("{}{:010}", chance.below(5) == 0 ? "+4" : "+861", number * 7919)});
    if (chance.below(2) == 0)
        values.push_back({Field::email, fmt::format("{}.{}@example.com", folded(chance.one_of(words)), number)});
    return values;
}

// What a person may type who has a customer in mind, or nobody.
std::string typed_of(Chance& chance, const std::vector<Value>& values) {
    const Value& value = chance.one_of(values);
    if (value.field == Field::phone) {
        const std::string digits = digits_of(value.text);
        switch (chance.below(4)) {
        case 0:
            return digits.substr(digits.size() - 4);
        case 1:
            return digits.substr(2, 3 + chance.below(6));
        case 2:
            return digits.substr(2, 3) + " " + digits.substr(5, 1 + chance.below(5));
        default:
            return "+" + digits;
        }
    }
    const auto runs = runs_of(value.text);
    const Run& run = chance.one_of(runs);
    std::u32string text = run.text;
    if (run.is_han && chance.below(2) == 0) {
        const auto readings = readings_of(text);
        std::string reading, initials;
        for (const std::string& syllable : chance.one_of(readings))
            reading += syllable, initials += syllable.substr(0, 1);
        return chance.below(3) == 0 ? initials : reading.substr(0, 1 + chance.below(reading.size()));
    }
    const std::size_t from = run.is_han ? chance.below(text.size()) : 0;
    text = text.substr(from, 1 + chance.below(text.size() - from));
    if (chance.below(5) == 0)
        text[chance.below(text.size())] = run.is_han ? given[chance.below(given.size())] : U'q';
    if (!run.is_han && text.size() > 3 && chance.below(4) == 0)
        std::swap(text[1], text[2]);
    return utf8_of(text);
}

// ---- the look at every customer ----

enum class By { sound, sound_or_initials };
bool is_read_as(
    const Value& value, const std::u32string& han, const std::string& typed, By by = By::sound_or_initials) {
    for (const auto& syllables : readings_of(han)) {
        std::string all, without_first, initials, family_and_initials;
        for (std::size_t i = 0; i < syllables.size(); ++i) {
            all += syllables[i];
            without_first += i > 0 ? syllables[i] : "";
            family_and_initials += i > 0 ? syllables[i].substr(0, 1) : syllables[i];
            initials += syllables[i].substr(0, 1);
        }
        const bool is_name = value.field == Field::name && syllables.size() >= 2 && syllables.size() <= 4;
        if (all.starts_with(typed) ||
            (by == By::sound_or_initials && typed.size() <= 8 && initials.starts_with(typed)) ||
            (is_name && syllables.size() > 2 && without_first.starts_with(typed)) ||
            (is_name && family_and_initials.starts_with(typed)))
            return true;
    }
    return false;
}

// The stretches of a value; a name with a blank between two of Han characters is one, too.
std::vector<Run> stretches_of(const Value& value) {
    auto runs = runs_of(value.text);
    if (value.field == Field::name && runs.size() == 2 && runs[0].is_han && runs[1].is_han)
        runs.push_back({runs[0].text + runs[1].text, true});
    return runs;
}

bool is_called(const Value& value, const std::string& typed) {
    const std::string digits = digits_of(value.text);
    for (const char* code : {"", "86", "852", "853", "886", "1", "7", "33", "34", "39", "44", "49", "55", "60", "61",
             "65", "66", "81", "82", "84", "91"})
        if (digits.starts_with(code + typed))
            return true;
    return false;
}

bool has_latin(const Value& value, const Run& asked) {
    const std::string typed = asked.utf8();
    if (value.field == Field::phone)
        return asked.is_digits() &&
               ((typed.size() == 4 && value.text.ends_with(typed)) || (typed.size() >= 3 && is_called(value, typed)));
    const auto stretches = stretches_of(value);
    return std::ranges::any_of(stretches, [&](const Run& run) {
        if (run.is_han)
            return value.field != Field::email && asked.text.size() >= 2 && is_read_as(value, run.text, typed);
        return asked.text.size() < 2 ? run.text == asked.text : run.utf8().starts_with(typed);
    });
}

bool has_han(const std::vector<Value>& values, const std::u32string& text) {
    return std::ranges::any_of(values, [&](const Value& value) {
        const auto stretches = stretches_of(value);
        return value.field != Field::phone && std::ranges::any_of(stretches, [&](const Run& run) {
            return run.is_han && run.text.find(text) != std::u32string::npos;
        });
    });
}

bool has_run(const std::vector<Value>& values, const Run& asked) {
    if (!asked.is_han)
        return std::ranges::any_of(values, [&](const Value& value) { return has_latin(value, asked); });
    if (asked.text.size() == 1)
        return has_han(values, asked.text);
    for (std::size_t i = 0; i + 2 <= asked.text.size(); ++i)
        if (!has_han(values, asked.text.substr(i, 2)))
            return false;
    return true;
}

bool has_all(const std::vector<Value>& values, std::string_view text) {
    const auto runs = runs_of(text);
    const std::string digits = digits_of(text);
    if (runs.size() > 1 && digits.size() >= 5 && std::ranges::all_of(runs, &Run::is_digits))
        return std::ranges::any_of(
            values, [&](const Value& value) { return value.field == Field::phone && is_called(value, digits); });
    return std::ranges::all_of(runs, [&](const Run& run) { return has_run(values, run); });
}

bool has_nearly(const std::vector<Value>& values, const Run& asked) {
    if (has_run(values, asked))
        return true;
    return std::ranges::any_of(values, [&](const Value& value) {
        if (value.field != Field::name && value.field != Field::company)
            return false;
        const auto stretches = stretches_of(value);
        return std::ranges::any_of(stretches, [&](const Run& run) {
            if (asked.is_han)
                return run.is_han && asked.text.size() > 1 &&
                       is_read_as(value, run.text, sound_of(asked.text), By::sound);
            return !run.is_han && is_mistypable(asked.utf8()) && is_mistypable(run.utf8()) &&
                   is_similar(asked.utf8(), run.utf8());
        });
    });
}

bool has_all_nearly(const std::vector<Value>& values, std::string_view text) {
    const auto runs = runs_of(text);
    if (runs.size() > 1 && digits_of(text).size() >= 5 && std::ranges::all_of(runs, &Run::is_digits))
        return has_all(values, text);
    return std::ranges::all_of(runs, [&](const Run& run) { return has_nearly(values, run); });
}

class SearchLaw : public ::testing::Test {
  protected:
    using Has = bool (*)(const std::vector<Value>&, std::string_view);
    std::vector<CustomerId> look_at_everybody(std::string_view text, const std::string& kind, Has has) const {
        std::vector<CustomerId> found;
        for (const auto& [id, document] : customers_)
            if ((kind.empty() || kind == document.kind) && has(document.values, text))
                found.push_back(id);
        return found;
    }
    Needs similar_needs_of(const Question& question) const {
        SimilarWords similar;
        for (const Asked& asked : question.asked)
            if (!asked.word.empty())
                similar[asked.word] = *index_->similar_words(asked.word);
        return similar_needs(question, similar);
    }
    // New ones, changed ones, and some that go.
    void live(Chance& chance, int rounds) {
        for (int round = 0; round < rounds; ++round) {
            std::vector<Document> documents;
            std::map<CustomerId, Document> batch;
            for (int i = 0; i < 100; ++i) {
                const std::size_t number = chance.below(1'500);
                Document one{{std::int64_t(1 + number * 211)}, chance.below(4) == 0 ? "organisation" : "person",
                    values_in(chance, number)};
                if (chance.below(5) == 0)
                    one = {one.id, "", {}};
                batch[one.id] = one;
            }
            for (const auto& [id, document] : batch) {
                documents.push_back(document);
                if (document.kind.empty())
                    customers_.erase(id);
                else
                    customers_[id] = document;
            }
            ASSERT_TRUE(index_->take(documents, {round, {}, {}}));
        }
    }

    testing::Folder folder_;
    std::unique_ptr<Index> index_ = std::move(*Index::open(folder_.file("search.sqlite"), "here"));
    std::map<CustomerId, Document> customers_;
};

TEST_F(SearchLaw, AThousandRandomQuestionsAreAnsweredAsByALookAtEveryCustomer) {
    Chance chance;
    ASSERT_TRUE(index_->begin_anew({}));
    live(chance, 60);
    ASSERT_EQ(*index_->count(), std::int64_t(customers_.size()));
    std::vector<Document> everybody;
    for (const auto& [id, document] : customers_)
        everybody.push_back(document);
    int with_hits = 0, nearly_more = 0;
    for (int i = 0; i < 1'000; ++i) {
        std::string text = typed_of(chance, chance.one_of(everybody).values);
        if (chance.below(3) == 0)
            text += " " + typed_of(chance, chance.one_of(everybody).values);
        const std::string kind = chance.below(4) == 0 ? "organisation" : "";
        const Question question = question_of(text, all_fields);
        const auto expected = look_at_everybody(text, kind, has_all);
        const auto found = index_->find(exact_needs(question), kind);
        ASSERT_TRUE(found);
        EXPECT_TRUE(found->is_whole);
        EXPECT_EQ(found->customers, expected) << text;
        const auto nearly = look_at_everybody(text, kind, has_all_nearly);
        EXPECT_EQ(index_->find(similar_needs_of(question), kind)->customers, nearly) << text;
        with_hits += !expected.empty();
        nearly_more += nearly.size() > expected.size();
    }
    std::printf("1,000 random questions over %zu customers: %d had hits, %d more by similarity\n", customers_.size(),
        with_hits, nearly_more);
    EXPECT_GT(with_hits, 500);
    EXPECT_GT(nearly_more, 25);
}

TEST_F(SearchLaw, WhoIsGoneLeavesNothingBehind) {
    Chance chance;
    ASSERT_TRUE(index_->begin_anew({}));
    live(chance, 10);
    std::vector<Document> gone;
    for (const auto& [id, document] : customers_)
        gone.push_back({id, "", {}});
    ASSERT_TRUE(index_->take(gone, {}));
    EXPECT_EQ(*index_->count(), 0);
    for (const char* text : {"王", "anna", "wang", "example", "139"})
        EXPECT_TRUE(index_->find(exact_needs(question_of(text, all_fields)), "")->customers.empty()) << text;
}

} // namespace
} // namespace onefold::search
