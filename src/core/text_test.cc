#include "core/text.h"

#include <gtest/gtest.h>
#include <random>

namespace onefold {
namespace {

TEST(Text, KnowsUtf8FromWhatOnlyLooksLikeIt) {
    for (const std::string_view text : {"", "a", "é", "归一", "😀", "\xEF\xBF\xBF", "\xF4\x8F\xBF\xBF", "\x7F"})
        EXPECT_TRUE(is_valid_utf8(text)) << text;
    EXPECT_TRUE(is_valid_utf8(std::string_view{"\0", 1}));
    for (const std::string_view text :
        {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xED\xA0\x80", "\xF0\x80\x80\x80", "\xF4\x90\x80\x80",
            "\xF5\x80\x80\x80", "\xFF", "\xE5\xBD", "a\xE5", "\xE5\xBD\x92\x92"})
        EXPECT_FALSE(is_valid_utf8(text)) << text;
}

TEST(Text, CountsAndCutsAsPeopleCount) {
    EXPECT_EQ(length_of("归一 é😀"), 5u);
    EXPECT_EQ(beginning_of("归一 é😀", 2), "归一");
    EXPECT_EQ(beginning_of("归一 é😀", 4), "归一 é");
    EXPECT_EQ(beginning_of("归一", 5), "归一");
    EXPECT_EQ(beginning_of("归一", 0), "");
    EXPECT_EQ(beginning_of("", 3), "");
}

TEST(Text, TrimsTheBlanksOfAllKeyboardsAtBothEndsOnly) {
    EXPECT_EQ(trimmed(" \t\r\n\v\f归 一\u3000\u00a0 "), "归 一");
    EXPECT_EQ(trimmed("\u3000\u3000"), "");
    EXPECT_EQ(trimmed(""), "");
    EXPECT_EQ(trimmed("a"), "a");
    EXPECT_EQ(trimmed("\u4000"), "\u4000") << "its last byte is that of no blank";
}

TEST(Text, FoldsWidthCaseAndCompatibilityForms) {
    EXPECT_EQ(folded("ＡＢＣ１２３＠ｅｘａｍｐｌｅ．ｃｏｍ"), "abc123@example.com");
    EXPECT_EQ(folded("Straße"), "strasse");
    EXPECT_EQ(folded("ΣΊΣΥΦΟΣ"), folded("σίσυφος"));
    EXPECT_EQ(folded("ﬁ①㎏"), "fi1kg");
    EXPECT_EQ(folded("e\u0301"), folded("é"));
    EXPECT_EQ(folded("a\u00adb\u200bc"), "abc");
    EXPECT_EQ(folded("归一"), "归一");
    EXPECT_EQ(folded(""), "");
    EXPECT_EQ(folded("\uFDFA").size(), folded(folded("\uFDFA")).size());
    std::string many;
    for (int i = 0; i < 1000; ++i)
        many += "\uFDFA"; // the longest expansion there is: 18 code points
    EXPECT_EQ(length_of(folded(many)), 18'000u);
}

TEST(Text, FoldsToAFixedPointAlsoWhatIsBroken) {
    std::mt19937 random{5};
    for (int i = 0; i < 3'000; ++i) {
        std::string text;
        for (unsigned n = random() % 20; n > 0; --n)
            text.push_back(char(random()));
        const auto once = folded(text);
        ASSERT_TRUE(is_valid_utf8(once));
        ASSERT_EQ(folded(once), once);
    }
    EXPECT_EQ(folded("a\xFFz"), "a\uFFFDz");
}

TEST(Text, WritesHexadecimalDigits) {
    EXPECT_EQ(to_hex(std::string_view{"\x00\x0f\xa5\xff", 4}), "000fa5ff");
    EXPECT_EQ(to_hex(""), "");
}

TEST(Base64url, HoldsTheVectorsOfRfc4648) {
    const std::pair<const char*, const char*> cases[] = {{"", ""}, {"f", "Zg"}, {"fo", "Zm8"}, {"foo", "Zm9v"},
        {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff", "-_8"}};
    for (const auto& [bytes, text] : cases) {
        EXPECT_EQ(to_base64url(bytes), text);
        EXPECT_EQ(from_base64url(text), bytes);
    }
}

TEST(Base64url, ReadsBackWhateverItWrites) {
    std::mt19937 random{11};
    for (std::size_t size = 0; size < 300; ++size) {
        std::string bytes(size, '\0');
        for (char& c : bytes)
            c = char(random());
        EXPECT_EQ(from_base64url(to_base64url(bytes)), bytes);
    }
}

TEST(Base64url, RefusesWhatItWouldNeverWrite) {
    for (const char* text : {"Zg==", "Zm9v\n", "Zm+v", "Zm/v", " Zg", "Z", "Zm9vY", "Zh", "Zm9", "归"})
        EXPECT_EQ(from_base64url(text), "") << text;
}

} // namespace
} // namespace onefold
