#include "formula/sample.h"

#include <gtest/gtest.h>

namespace onefold::formula {
namespace {

std::string type_of(std::string_view value) {
    const auto sample = Sample::read(boost::json::parse(R"({"x":)" + std::string(value) + "}"), Zone{});
    return sample ? std::string(name_of(sample->shape().find("x")->type).in("en")) : sample.error().code;
}

TEST(Sample, ReadsTypesOutOfJson) {
    EXPECT_EQ(type_of("1"), "a number");
    EXPECT_EQ(type_of("1.5"), "a number");
    EXPECT_EQ(type_of(R"("100.50")"), "a number");
    EXPECT_EQ(type_of(R"("-0.5")"), "a number");
    EXPECT_EQ(type_of(R"("007")"), "text");
    EXPECT_EQ(type_of(R"("+5")"), "text");
    EXPECT_EQ(type_of(R"("1.")"), "text");
    EXPECT_EQ(type_of(R"("2026-05-31")"), "a date");
    EXPECT_EQ(type_of(R"("2026-02-30")"), "text");
    EXPECT_EQ(type_of(R"("2026-05-31T08:30:00Z")"), "a date and time");
    EXPECT_EQ(type_of(R"("2026-05-31 08:30")"), "a date and time");
    EXPECT_EQ(type_of("null"), "blank");
    EXPECT_EQ(type_of("true"), "a condition (TRUE or FALSE)");
    EXPECT_EQ(type_of(R"({"y":1})"), "a record");
    EXPECT_EQ(type_of(R"([{"y":1}])"), "records");
    EXPECT_EQ(type_of("[]"), "records");
    EXPECT_EQ(type_of(R"(["a",null])"), "a list of texts");
    EXPECT_EQ(type_of(R"(["1","a"])"), "a list of texts");
    EXPECT_EQ(type_of(R"(["2026-05-31","2026-05-31T08:30:00Z"])"), "a list of dates and times");
    EXPECT_EQ(type_of(R"([1,"a"])"), "formula.bad_record");
    EXPECT_EQ(type_of("[[1]]"), "formula.bad_record");
    EXPECT_EQ(type_of(R"([{"y":1},{"y":"a"}])"), "formula.bad_record");
    EXPECT_EQ(type_of(R"([{"y":1},5])"), "formula.bad_record");
    EXPECT_EQ(Sample::read(boost::json::parse("[]"), Zone{}).error().code, "formula.bad_record");
}

TEST(Sample, RecordsOfOneKindHaveTheFieldsOfAll) {
    const auto sample = Sample::read(boost::json::parse(R"({"x":[{"a":1},{"b":"t","a":null}]})"), Zone{});
    const auto slot = sample->shape().find("x");
    EXPECT_EQ(slot->target->names(), (std::vector<std::string>{"a", "b"}));
    const auto records = sample->record().records(slot->number);
    ASSERT_EQ(records.size(), 2u);
    EXPECT_TRUE(records[0]->value(slot->target->find("b")->number).is_blank());
    EXPECT_EQ(records[1]->value(slot->target->find("b")->number).get<std::string_view>(), "t");
}

} // namespace
} // namespace onefold::formula
