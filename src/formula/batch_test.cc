#include "formula/formula.h"

#include <gtest/gtest.h>

namespace onefold::formula {
namespace {

constexpr std::int64_t day_us = 86'400'000'000;
const Moment moment{*parse_rfc3339("2026-05-31T08:30:00Z")};

class Customers : public Shape {
  public:
    std::optional<Slot> find(std::string_view name) const override {
        for (std::size_t i = 0; i < fields.size(); ++i)
            if (fields[i].first == name)
                return Slot{i, {fields[i].second}};
        return std::nullopt;
    }
    std::vector<std::string> names() const override { return {}; }
    const std::vector<std::pair<std::string, Kind>> fields{{"city", Kind::text}, {"total", Kind::number},
        {"born", Kind::date}, {"seen", Kind::instant}, {"is_vip", Kind::truth}, {"least", Kind::number}};
};
const Customers customers;

// 上海 1000.00 · "" 999.99 · blank · Paris, whose total is blank
struct Four {
    std::vector<std::string_view> cities{"上海", "", "hidden", "Paris"};
    std::vector<std::int64_t> totals{100'000, 99'999, 100'001, 7}, days{0, 20'000, 20'604, -1},
        seen{0, micros_of(moment.now), micros_of(moment.now) - 31 * day_us, -1}, vips{1, 0, 1, 0},
        leasts{1'000, 1'000, 1'000, 0};
    std::vector<std::uint64_t> no_city{0b0100}, no_total{0b1000};
    std::vector<Column> fields{{Kind::text, {}, cities, 0, no_city}, {Kind::number, totals, {}, 2, no_total},
        {Kind::date, days}, {Kind::instant, seen}, {Kind::truth, vips}, {Kind::number, leasts, {}, 0}};
    Columns columns{4, fields};
};

// T, F or - for each record, in their order.
std::string told(std::string_view text, const Columns& columns) {
    const auto batch = compile_batch(*check_condition(*parse(text), {customers}));
    Run run{moment};
    const auto verdicts = batch.decide(run, columns);
    std::string line;
    for (std::size_t i = 0; i < columns.records; ++i)
        line += verdicts.holds[i / 64] >> (i % 64) & 1 ? 'T' : verdicts.fails[i / 64] >> (i % 64) & 1 ? 'F' : '-';
    return line;
}

TEST(Batch, ComparesColumnsWithValues) {
    const Four four;
    EXPECT_EQ(told(R"(city = "上海" AND total >= 1000)", four.columns), "TF-F");
    EXPECT_EQ(told("total > 999.995", four.columns), "TFT-");
    EXPECT_EQ(told("total = 999.995", four.columns), "FFF-");
    EXPECT_EQ(told("total <> 999.995", four.columns), "TTT-");
    EXPECT_EQ(told("999.99 < total", four.columns), "TFT-");
    EXPECT_EQ(told("total < 99999999999999999999999999", four.columns), "TTT-");
    EXPECT_EQ(told("total >= -99999999999999999999999999", four.columns), "TTT-");
    EXPECT_EQ(told("born < \"1970-01-01\"", four.columns), "FFFT");
    EXPECT_EQ(told("seen >= TODAY() - 30", four.columns), "FTFF");
    EXPECT_EQ(told("is_vip", four.columns), "TFTF");
    EXPECT_EQ(told("NOT is_vip", four.columns), "FTFT");
    EXPECT_EQ(told("is_vip = FALSE", four.columns), "FTFT");
    EXPECT_EQ(told("total >= least", four.columns), "TFT-");
    EXPECT_EQ(told("least > total", four.columns), "FTF-");
    EXPECT_EQ(told("total = BLANK()", four.columns), "----");
}

TEST(Batch, KnowsBlankFromEmpty) {
    const Four four;
    EXPECT_EQ(told("ISBLANK(city)", four.columns), "FTTF");
    EXPECT_EQ(told("city = \"\"", four.columns), "FT-F");
    EXPECT_EQ(told("city <> \"hidden\"", four.columns), "TT-T");
    EXPECT_EQ(told("ISBLANK(total)", four.columns), "FFFT");
    EXPECT_EQ(told("CONTAINS(city, \"AR\")", four.columns), "FF-T");
    EXPECT_EQ(told("CONTAINS(city, \"\")", four.columns), "TT-T");
    EXPECT_EQ(told(R"(city IN ("Paris", "hidden"))", four.columns), "FF-T");
    EXPECT_EQ(told(R"(city IN ("Paris", BLANK()))", four.columns), "---T");
    EXPECT_EQ(told("total IN (1000, 999.99, 0.001)", four.columns), "TTF-");
    EXPECT_EQ(told("total IN (1, 2, 3, 4, 5, 6, 7, 8, 9, 1000)", four.columns), "TFF-");
}

TEST(Batch, EvaluatesTheRestRecordByRecord) {
    const Four four;
    EXPECT_EQ(told("LEN(city) = 2", four.columns), "TF-F");
    EXPECT_EQ(told("1000 / (total - 1000) < 0", four.columns), "-TF-");
    EXPECT_EQ(told("is_vip OR 1 / (total - 1000) < 0", four.columns), "TTT-");
    EXPECT_EQ(told("IF(ISBLANK(total), city = \"Paris\", total > 1000)", four.columns), "FFTT");
    const auto is_over_columns = [](std::string_view text) {
        return compile_batch(*check_condition(*parse(text), {customers})).is_over_columns();
    };
    EXPECT_TRUE(is_over_columns(R"(NOT (city IN ("a", "b") OR seen < AGO(2, "week")) AND ISBLANK(total))"));
    EXPECT_FALSE(is_over_columns("is_vip AND LEN(city) = 2"));
}

TEST(Batch, TellsOfNoneAndOfManyBlocks) {
    const Four four;
    EXPECT_EQ(told("is_vip", {0, four.fields}), "");
    std::vector<std::int64_t> totals(5000);
    for (std::size_t i = 0; i < totals.size(); ++i)
        totals[i] = std::int64_t(i);
    std::vector<Column> fields = four.fields;
    fields[1] = {Kind::number, totals, {}, 2};
    std::string wanted;
    for (int i = 0; i < 5000; ++i)
        wanted += i >= 1234 && i % 2 == 0 ? 'T' : 'F';
    EXPECT_EQ(told("total >= 12.34 AND MOD(total * 100, 2) = 0", {5000, fields}), wanted);
}

TEST(Batch, SpendsABudgetOfEachRecordAlone) {
    const Four four;
    EXPECT_EQ(told("LEN(REPT(\"x\", 17000000)) > 0", four.columns), "----");
    EXPECT_EQ(told("LEN(REPT(\"x\", 17000000)) > 0 OR is_vip", four.columns), "T-T-");
    EXPECT_EQ(told("LEN(REPT(\"x\", total * 1000)) > 999900", four.columns), "TTT-");
}

} // namespace
} // namespace onefold::formula
