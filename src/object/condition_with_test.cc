#include "formula/formula.h"
#include "object/condition_with.h"

#include <gtest/gtest.h>

namespace onefold::object {
namespace {

TEST(ConditionWith, MostFunctionsHaveOneThatCallsThemAndNamesAField) {
    const auto nothing = formula::Sample::read(boost::json::object{}, Zone{});
    std::size_t count = 0;
    for (const formula::Function& function : formula::functions()) {
        const auto found = find_condition_with(function.name);
        if (!found)
            continue;
        ++count;
        EXPECT_NE(found->find(function.name + "("), found->npos) << *found;
        const auto tree = formula::parse(*found);
        ASSERT_TRUE(tree) << *found;
        EXPECT_EQ(formula::parse(formula::print(*tree)).value(), *tree) << *found;
        const auto checked = formula::check(*tree, {nothing->shape()});
        EXPECT_TRUE(!checked && checked.error().code == "formula.unknown_field") << *found << " names no field";
    }
    EXPECT_GE(count, 80u);
    for (const std::string_view name : {"LEFT", "AGO", "SUM", "IF", "ROUND"})
        EXPECT_TRUE(find_condition_with(name)) << name;
    EXPECT_FALSE(find_condition_with("PI"));
}

} // namespace
} // namespace onefold::object
