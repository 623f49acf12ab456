#include "search/marks.h"

#include <gtest/gtest.h>

namespace onefold::search {
namespace {

// The value with what is marked in brackets; UTF-16 units are counted as browsers do.
std::string shown(Field field, const std::string& value, std::string_view text) {
    std::string result;
    const auto marks = marks_of({field, value}, text);
    std::int64_t at = 0;
    for (std::size_t i = 0; i < value.size();) {
        const auto lead = static_cast<unsigned char>(value[i]);
        const std::size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        for (const Mark& mark : marks)
            if (mark.from == at)
                result += '[';
        result += value.substr(i, size);
        at += size == 4 ? 2 : 1;
        i += size;
        for (const Mark& mark : marks)
            if (mark.to == at)
                result += ']';
    }
    return result;
}

TEST(Marks, ShowWhatWasFoundInNames) {
    EXPECT_EQ(shown(Field::name, "王小明", "小明"), "王[小明]");
    EXPECT_EQ(shown(Field::name, "王小明", "wxm"), "[王小明]");
    EXPECT_EQ(shown(Field::name, "王小明", "wangx"), "[王小]明");
    EXPECT_EQ(shown(Field::name, "王小明", "wangxm"), "[王小明]");
    EXPECT_EQ(shown(Field::name, "王小明", "xiaom"), "王[小明]");
    EXPECT_EQ(shown(Field::name, "Anna Meyer", "MEY"), "Anna [Mey]er");
    EXPECT_EQ(shown(Field::name, "Anna Meyer", "nna"), "Anna Meyer") << "not found by a word's end";
    EXPECT_EQ(shown(Field::name, "Anna Meyer", "meyer ann"), "[Ann]a [Meyer]");
    EXPECT_EQ(shown(Field::company, "苏州Nova精密", "nova 精密"), "苏州[Nova精密]");
    EXPECT_EQ(shown(Field::email, "kate@nova.cn", "Kate@Nova.cn"), "[kate@nova.cn]");
    EXPECT_EQ(shown(Field::name, "ＡＢＣ", "abc"), "[ＡＢＣ]");
    EXPECT_EQ(shown(Field::name, "𠀀王", "王"), "𠀀[王]");
}

TEST(Marks, ShowWhatIsSimilar) {
    EXPECT_EQ(shown(Field::name, "王小明", "王晓明"), "[王小明]");
    EXPECT_EQ(shown(Field::name, "Anna Meyer", "meier"), "Anna [Meyer]");
}

TEST(Marks, ShowTheDigitsOfNumbers) {
    EXPECT_EQ(shown(Field::phone, "+8613912345678", "5678"), "+861391234[5678]");
    EXPECT_EQ(shown(Field::phone, "+8613912345678", "139 1234"), "+86[1391234]5678");
    EXPECT_EQ(shown(Field::phone, "+86 139 1234 5678", "13912345678"), "+86 [139] [1234] [5678]");
    EXPECT_EQ(shown(Field::phone, "+8613912345678", "234"), "+8613912345678") << "not found by its middle";
    EXPECT_EQ(shown(Field::phone, "", "5678"), "");
}

} // namespace
} // namespace onefold::search
