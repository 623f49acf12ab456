#include "identity/identifier.h"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>

namespace onefold::identity {
namespace {

struct Case {
    int line = 0;
    std::vector<std::string> cells;
};

// Lines of cells between " | "; lines that begin with # are remarks.
std::vector<Case> cases_of(const std::string& name) {
    std::ifstream file(std::filesystem::path(__FILE__).parent_path() / name);
    std::vector<Case> cases;
    std::string line;
    for (int number = 1; std::getline(file, line); ++number) {
        if (line.empty() || line.starts_with('#'))
            continue;
        Case one{number, {}};
        std::size_t from = 0;
        for (auto at = line.find(" | "); at != std::string::npos; at = line.find(" | ", from)) {
            one.cells.push_back(line.substr(from, at - from));
            from = at + 3;
        }
        one.cells.push_back(line.substr(from));
        cases.push_back(std::move(one));
    }
    EXPECT_GT(cases.size(), 10u) << name;
    return cases;
}

std::string outcome_of(std::string_view type, std::string_view raw, std::string_view region) {
    const auto result = normalise(*find_identifier_type(type), raw, region);
    if (!result)
        return "error " + result.error().code;
    return (result->is_blocked ? "blocked " : "") + result->value;
}

TEST(Identifier, ValuesTakeTheOneFormInWhichTheyAreCompared) {
    for (const Case& one : cases_of("identifier_cases.txt")) {
        ASSERT_EQ(one.cells.size(), 4u) << "line " << one.line;
        EXPECT_EQ(outcome_of(one.cells[0], one.cells[2], one.cells[1]), one.cells[3]) << "line " << one.line;
    }
}

TEST(Identifier, PhonesBecomeWhatLibphonenumberMakesOfThem) {
    for (const Case& one : cases_of("phone_cases.txt")) {
        ASSERT_EQ(one.cells.size(), 3u) << "line " << one.line;
        const auto result = normalise(*find_identifier_type("phone"), one.cells[1], one.cells[0]);
        EXPECT_EQ(result ? result->value : "-", one.cells[2]) << "line " << one.line << ": " << one.cells[1];
    }
}

TEST(Identifier, ANormalisedValueStaysAsItIs) {
    for (const Case& one : cases_of("identifier_cases.txt")) {
        const std::string& expected = one.cells[3];
        if (expected.starts_with("error "))
            continue;
        const auto value = expected.starts_with("blocked ") ? expected.substr(8) : expected;
        EXPECT_EQ(outcome_of(one.cells[0], value, one.cells[1]), expected) << "line " << one.line;
    }
}

TEST(Identifier, LongValuesAndBrokenTextAreRefused) {
    EXPECT_EQ(outcome_of("user_id", std::string(256, 'u'), ""), std::string(256, 'u'));
    EXPECT_EQ(outcome_of("user_id", std::string(257, 'u'), ""), "error identity.bad_value");
    EXPECT_EQ(outcome_of("user_id", std::string(100'000, 'u'), ""), "error identity.bad_value");
    EXPECT_EQ(outcome_of("user_id", "a\xff", ""), "error identity.bad_value");
    EXPECT_EQ(outcome_of("user_id", "a\nb", ""), "error identity.bad_value");
    EXPECT_EQ(outcome_of("user_id", std::string_view("a\0b", 3), ""), "error identity.bad_value");
    EXPECT_EQ(outcome_of("user_id", "\u200e\ufeff17850\u202c", ""), "17850");
}

TEST(Identifier, NoTextBreaksAnyType) {
    std::uint32_t state = 7;
    for (int round = 0; round < 3000; ++round) {
        std::string raw;
        static constexpr std::string_view alphabet = "0123456789+-() @.ext#/,;aX<>\xef\xbc\x90\xe8\xbd\xac\xff\0E";
        const auto next = [&] { return state = state * 1664525u + 1013904223u, state >> 16; };
        for (auto length = next() % 40; length > 0; --length)
            raw.push_back(alphabet[next() % alphabet.size()]);
        for (const IdentifierType* type : identifier_types())
            if (const auto result = normalise(*type, raw, "CN")) {
                EXPECT_FALSE(result->value.empty());
                EXPECT_LE(result->value.size(), 256u);
            }
    }
}

TEST(Identifier, ThereAreFourteenTypesInTwoLanguages) {
    EXPECT_EQ(identifier_types().size(), 14u);
    for (const IdentifierType* type : identifier_types()) {
        EXPECT_EQ(find_identifier_type(type->code), type);
        EXPECT_NE(type->label.in("en"), type->label.in("zh-CN"));
    }
    EXPECT_EQ(find_identifier_type("Phone"), nullptr);
}

TEST(Identifier, AScopedTypeFallsBackToItsSource) {
    EXPECT_EQ(parse_type("member_no")->scope_within("shop"), "shop");
    EXPECT_EQ(parse_type("member_no@crm")->scope_within("shop"), "crm");
    EXPECT_EQ(parse_type("phone")->scope_within("shop"), "");
    EXPECT_EQ(parse_type("user_id@app")->scope_within("shop"), "app");
}

TEST(Identifier, ReferencesAreReadAsUrlsCarryThem) {
    const auto plain = parse_reference("member_no:17850");
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->type.type->code, "member_no");
    EXPECT_FALSE(plain->type.scope);
    EXPECT_EQ(plain->value, "17850");
    const auto scoped = parse_reference("openid@公众号:o:1@x");
    ASSERT_TRUE(scoped);
    EXPECT_EQ(scoped->type.scope, "公众号");
    EXPECT_EQ(scoped->value, "o:1@x");
    for (const auto* broken : {"", "17850", "member_no", "member_no:", "member_no: "})
        EXPECT_EQ(parse_reference(broken).error().code, "identity.bad_reference") << broken;
    EXPECT_EQ(parse_reference("member_no@:1").error().code, "identity.bad_scope");
}

TEST(Identifier, AnUnknownTypeNamesTheNearest) {
    const auto near = parse_type("memberno").error();
    EXPECT_EQ(near.code, "identity.unknown_type");
    EXPECT_NE(near.message.in("en").find("“member_no”"), std::string::npos);
    EXPECT_NE(near.message.in("zh-CN").find("“member_no”"), std::string::npos);
    EXPECT_NE(parse_type("passport number").error().message.in("en").find("web_domain"), std::string::npos);
}

} // namespace
} // namespace onefold::identity
