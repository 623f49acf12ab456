#include "core/local_text.h"

#include <gtest/gtest.h>

namespace onefold {
namespace {

TEST(LocalText, AnswersInTheLanguageAskedForElseTheNearest) {
    const LocalText text{"Name", "姓名"};
    EXPECT_EQ(text.in("en"), "Name");
    EXPECT_EQ(text.in("zh-CN"), "姓名");
    EXPECT_EQ(text.in("zh-TW"), "姓名");
    EXPECT_EQ(text.in("zh"), "姓名");
    EXPECT_EQ(text.in("en-GB"), "Name");
    EXPECT_EQ(text.in("de"), "Name");
    EXPECT_EQ(text.in(""), "Name");
}

TEST(LocalText, FallsBackToTheTextForAllLanguagesAndThenToAny) {
    EXPECT_EQ(LocalText{"纬创"}.in("en"), "纬创");
    EXPECT_EQ(LocalText{"纬创"}.in("zh-CN"), "纬创");
    LocalText text;
    EXPECT_TRUE(text.is_empty());
    EXPECT_EQ(text.in("en"), "");
    text.set("fr", "Nom");
    EXPECT_EQ(text.in("zh-CN"), "Nom");
    text.set("", "名");
    EXPECT_EQ(text.in("zh-CN"), "名");
    text.set("fr", "Prénom");
    EXPECT_EQ(text.in("fr-CA"), "Prénom");
    EXPECT_EQ(text.texts().size(), 2u);
}

TEST(LocalText, PrefersEnglishToTheTextForAllLanguages) {
    LocalText text{"any"};
    text.set("en", "English");
    EXPECT_EQ(text.in("de"), "English");
}

TEST(LocalText, IsEqualWhateverTheOrderOfSetting) {
    LocalText text;
    text.set("zh-CN", "姓名");
    text.set("en", "Name");
    EXPECT_EQ(text, (LocalText{"Name", "姓名"}));
}

TEST(Locale, IsTakenFromWhatBrowsersAndShellsSay) {
    const std::pair<const char*, const char*> cases[] = {{"", "en"}, {"C", "en"}, {"C.UTF-8", "en"},
        {"en_US.UTF-8", "en"}, {"zh_CN.UTF-8", "zh-CN"}, {"zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"},
        {"en-US,en;q=0.9,zh-CN;q=0.8", "en"}, {"de-DE,de;q=0.9,zh;q=0.5", "zh-CN"}, {"ZH-Hans-CN", "zh-CN"},
        {"fr", "en"}, {"en;q=0.5, zh;q=0.9", "zh-CN"}, {"zh;q=0, en", "en"}, {"*", "en"}};
    for (const auto& [preference, locale] : cases)
        EXPECT_EQ(locale_from(preference), locale) << preference;
}

} // namespace
} // namespace onefold
