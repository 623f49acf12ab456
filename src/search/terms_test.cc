#include "search/mistyped.h"
#include "search/terms.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace onefold::search {
namespace {

bool has(const std::vector<std::string>& terms, std::string_view term) {
    return std::ranges::find(terms, term) != terms.end();
}

// As the index answers, of one customer.
bool finds(const std::vector<std::string>& terms, const Needs& needs) {
    return std::ranges::all_of(needs, [&](const Need& need) {
        return std::ranges::any_of(need, [&](const Alternative& one) {
            return std::ranges::any_of(terms,
                [&](const std::string& term) { return one.is_prefix ? term.starts_with(one.term) : term == one.term; });
        });
    });
}
bool finds(const std::vector<Value>& values, std::string_view text, std::string_view fields = all_fields) {
    return finds(terms_of(values), exact_needs(question_of(text, fields)));
}

TEST(Terms, AChineseNameHasItsCharactersPairsPinyinAndInitials) {
    const auto terms = terms_of({{Field::name, "王小明"}});
    for (const char* term :
        {"nh王", "nh王小", "nh小明", "nywangxiaoming", "nyxiaoming", "nywangxm", "niwxm", "n=王小明", "nYwang", "nYxi"})
        EXPECT_TRUE(has(terms, term)) << term;
    EXPECT_FALSE(has(terms, "nh王明"));
}

TEST(Terms, FamilyNamesAreReadAsNamesAndAsWords) {
    for (const char* text : {"xxd", "xiexd", "xiexiaodong", "jiexiaodong"})
        EXPECT_TRUE(finds({{Field::name, "解晓东"}}, text)) << text;
    EXPECT_TRUE(finds({{Field::name, "单田芳"}}, "shantianfang"));
}

TEST(Terms, WhatPeopleTypeFindsWhatTheyMean) {
    const std::vector<Value> li{{Field::name, "李 晓梅"}, {Field::company, "苏州Nova精密机械有限公司"},
        {Field::phone, "+8613912345678"}, {Field::email, "li.mei@nova.cn"}};
    for (const char* text : {"李", "晓梅", "李晓梅", "lixm", "xm", "lxm", "xiaomei", "xiao", "lixiaomei", "苏州",
             "精密", "suzhou", "jmjx", "nova", "NOV", "ｎｏｖａ", "苏州 晓梅", "nova 李", "5678", "139", "13912345678",
             "139 1234", "1391234 5678", "+86 139 1234 5678", "8613912", "+8613912345678", "li.mei@nova.cn", "mei"})
        EXPECT_TRUE(finds(li, text)) << text;
    for (const char* text : {"王", "晓李", "李晓梅 上海", "1234 9999", "5679", "novas", "x", "mexi", "38"})
        EXPECT_FALSE(finds(li, text)) << text;
}

TEST(Terms, NobodyIsFoundByAFieldThatMayNotBeRead) {
    const std::vector<Value> values{{Field::name, "Anna"}, {Field::phone, "+8613912345678"}, {Field::company, "Nova"}};
    for (const char* text : {"5678", "13912345678", "nova", "139 1234"}) {
        EXPECT_TRUE(finds(values, text)) << text;
        EXPECT_FALSE(finds(values, text, "ne")) << text;
    }
    EXPECT_TRUE(finds(values, "anna", "ne"));
}

TEST(Terms, WhatSoundsTheSameOrIsMistypedIsSimilar) {
    const auto is_similar_to = [](const Value& value, std::string_view text) {
        const auto words = words_of({value});
        const Question question = question_of(text, all_fields);
        SimilarWords similar;
        for (const Asked& asked : question.asked)
            for (const std::string& word : words)
                if (is_similar(asked.word, word))
                    similar[asked.word].push_back(word);
        return finds(terms_of({value}), similar_needs(question, similar));
    };
    EXPECT_TRUE(is_similar_to({Field::name, "王小明"}, "王晓明"));
    EXPECT_FALSE(is_similar_to({Field::name, "王小明"}, "王大明"));
    EXPECT_TRUE(is_similar_to({Field::name, "Anna Meyer"}, "Anan Meier"));
    EXPECT_TRUE(is_similar_to({Field::name, "Al Meyer"}, "al Meier"));
    EXPECT_FALSE(is_similar_to({Field::name, "Al Meyer"}, "li Meier")) << "the short word is to be there as it is";
    EXPECT_FALSE(is_similar_to({Field::email, "meyer@x.org"}, "meier")) << "addresses are found as they are";
}

TEST(Terms, WordsAreOfLettersAndNotShort) {
    EXPECT_EQ(words_of({{Field::name, "Al Meyer 王 2024 user17"}, {Field::email, "someone@x.org"}}),
        (std::vector<std::string>{"meyer"}));
}

TEST(Terms, NothingAndAnythingIsNoTrouble) {
    EXPECT_TRUE(question_of("", all_fields).is_blank());
    EXPECT_TRUE(question_of(" -/@ ", all_fields).is_blank());
    EXPECT_TRUE(terms_of({{Field::phone, ""}, {Field::name, "  "}, {Field::email, "@"}}).empty());
    EXPECT_LT(terms_of({{Field::name, std::string(100'000, 'x')}}).front().size(), 300u);
    EXPECT_TRUE(finds({{Field::name, "a\xff\xfe"}}, "a"));
    std::string long_han;
    for (int i = 0; i < 5000; ++i)
        long_han += "王";
    EXPECT_LT(terms_of({{Field::name, long_han}}).size(), 1000u);
}

} // namespace
} // namespace onefold::search
