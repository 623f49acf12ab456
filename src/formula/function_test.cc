#include "formula/formula.h"

#include <gtest/gtest.h>

namespace onefold::formula {
namespace {

// As the command line prints it, or the error's code.
std::string value_of(std::string_view text) {
    const auto sample = Sample::read(boost::json::object{}, Zone{});
    const auto tree = parse(text);
    if (!tree)
        return tree.error().code;
    const auto checked = check(*tree, {sample->shape()});
    if (!checked)
        return checked.error().code;
    const Moment moment{*parse_rfc3339("2026-05-31T08:30:00Z")};
    formula::Run run{moment};
    const auto program = compile(*checked);
    const Value value = program.evaluate(run, sample->record());
    return value.is_error() ? error_of(value).code : to_text(value);
}

TEST(Function, EveryExampleIsTrue) {
    for (const Function& function : functions())
        for (const Example& example : function.examples)
            EXPECT_EQ(value_of(example.text), example.value) << example.text;
}

TEST(Function, EveryOneHasHelpInBothLanguagesAndAnExampleThatCallsIt) {
    EXPECT_GE(functions().size(), 100u);
    for (const Function& function : functions()) {
        EXPECT_FALSE(function.help.in("en").empty()) << function.name;
        EXPECT_NE(function.help.in("en"), function.help.in("zh-CN")) << function.name;
        const auto calls_it = [&](const Example& one) { return one.text.find(function.name + "(") != one.text.npos; };
        EXPECT_TRUE(std::ranges::any_of(function.examples, calls_it)) << function.name;
    }
}

TEST(Function, IsFoundByItsNameAndItsAliases) {
    EXPECT_EQ(find_function("AVG"), find_function("AVERAGE"));
    EXPECT_EQ(find_function("avg"), nullptr);
    EXPECT_EQ(nearest_function("AVERGE"), "AVERAGE");
    EXPECT_EQ(nearest_function("XXXXXXXXX"), "");
    EXPECT_EQ(find_function("LEFT")->signature, "LEFT(text, count?)");
}

TEST(Function, OfBlankIsBlankUnlessItsLineSaysOtherwise) {
    EXPECT_EQ(value_of("ISBLANK(LEN(BLANK()))"), "TRUE");
    EXPECT_EQ(value_of("ISBLANK(ROUND(BLANK(), 1))"), "TRUE");
    EXPECT_EQ(value_of("CONCAT(BLANK(), \"x\")"), "x");
    EXPECT_EQ(value_of("SUM(BLANK(), 1)"), "1");
}

} // namespace
} // namespace onefold::formula
