// Conditions of the language of formulas in queries: what they find, what they refuse, which indexes serve them.
#include "formula/language.h"
#include "query/toy.h"
#include "testing/databases.h"

#include <gtest/gtest.h>

namespace onefold::query {
namespace {

constexpr std::int64_t day_us = 86'400'000'000;

class LanguageTest : public testing::OnBothDatabases {
  protected:
    void SetUp() override {
        database_ = open({toy::schema()}, {.functions = functions()});
        auto tables = toy::empty_tables();
        const std::string active = "active";
        tables["customer"].rows = {
            {1, "Lin Mei", "上海", active, 36, "1990-02-28", 1, 12345, at(-1), store::Value(), 2},
            {2, "Bo", "杭州", active, 20, store::Value(), 0, 500, at(-40), store::Value(), store::Value()},
            {3, "=1+1", "", active, store::Value(), "2000-12-31", store::Value(), store::Value(), store::Value(),
                store::Value(), 1},
            {4, "Gone", "上海", "merged", 50, "1970-01-01", 1, 100'000, at(-1), store::Value(), 1},
        };
        tables["node"].rows = {{10, 1}, {11, 1}, {12, 2}, {13, 4}};
        tables["order"].rows = {{100, "A-1", 10, 100'500, at(-10), 1, at(-10)},
            {101, "A-2", 11, 20'000, at(-80), 1, at(-80)}, {102, "A-3", 11, -5'250, store::Value(), 0, at(-200)},
            {103, "B-1", 12, 999, at(-5), 1, at(-5)}, {104, "D-1", 13, 1, at(-5), 1, at(-5)}};
        tables["line"].rows = {{1, 100, "x", 2, 12500, ""}, {2, 100, "y", 1, 5, ""}, {3, 103, "x", 5, 10000, ""}};
        ASSERT_TRUE(toy::fill(*database_, tables));
    }
    static std::int64_t at(int days) { return micros_of(now) + days * day_us; }

    Query asked(std::string_view text, std::string object = "customer") {
        auto query = toy::query(std::move(object), {"id"});
        query.filter = formula::parse(text).value();
        query.now = now;
        query.zone = *Zone::named("Asia/Shanghai");
        return query;
    }
    std::string found(const Query& query) {
        const auto plain = database_->read([&](store::Session& s) { return run(s, query, catalogue_); });
        const auto listed = database_->read([&](store::Session& s) { return list(s, query, catalogue_); });
        if (!plain)
            return plain.error().code + " " + plain.error().fields.front().path;
        EXPECT_TRUE(listed && listed->rows == plain->rows);
        std::string ids;
        for (const auto& row : plain->rows)
            ids += (ids.empty() ? "" : " ") + std::string(row[0].as_string());
        return ids;
    }
    std::string found(std::string_view text, std::string object = "customer") {
        return found(asked(text, std::move(object)));
    }
    std::string found_json(std::string_view json) {
        auto query = asked("TRUE");
        query.filter = formula::parse_json(boost::json::parse(json)).value();
        return found(query);
    }
    std::string plan_of(const Query& query) {
        const auto compiled = compile(query, catalogue_, GetParam()).value();
        std::string plan;
        const auto read = database_->read([&](store::Session& session) -> Result<> {
            const bool is_postgres = GetParam() == store::Dialect::postgres;
            if (is_postgres)
                TRY(session.execute("SET LOCAL enable_seqscan = off"));
            return session.each((is_postgres ? "EXPLAIN " : "EXPLAIN QUERY PLAN ") + compiled.sql, compiled.values,
                [&](const store::Row& row) -> Result<> {
                    plan += std::string(row.text(is_postgres ? 0 : 3)) + "\n";
                    return {};
                });
        });
        EXPECT_TRUE(read) << read.error().message.in("en");
        return plan;
    }

    static inline const Instant now = *parse_rfc3339("2026-05-31T08:30:00Z");
    toy::Catalogue catalogue_;
    std::unique_ptr<store::Database> database_;
};
ON_BOTH_DATABASES(LanguageTest);

TEST_P(LanguageTest, TheTenConditionsOfTheList) {
    EXPECT_EQ(found(R"(城市 = "上海")"), "1");
    EXPECT_EQ(found(R"(城市 IN ("上海", "杭州"))"), "1 2");
    EXPECT_EQ(found(R"(CONTAINS(name, "LIN"))"), "1");
    EXPECT_EQ(found("ISBLANK(城市)"), "3");
    EXPECT_EQ(found("seen_at >= NOW() - 30"), "1");
    EXPECT_EQ(found("seen_at >= TODAY() - 60"), "1 2");
    EXPECT_EQ(found("spend >= 5"), "1 2");
    EXPECT_EQ(found("BETWEEN(COUNT(orders), 1, 2)"), "2");
    EXPECT_EQ(found("COUNT(orders, at >= TODAY() - 90) >= 2"), "formula.unknown_field /condition/14+2");
    EXPECT_EQ(found("COUNT(orders, 下单时间 >= TODAY() - 90) >= 2"), "1");
    EXPECT_EQ(found(R"((城市 = "杭州" OR COUNT(orders) = 0) AND NOT (age > 30 OR name = "x"))"), "2");
    EXPECT_EQ(found("NOT is_vip"), "2");
}

TEST_P(LanguageTest, RelatedRecordsAreAggregated) {
    EXPECT_EQ(found("SUM(orders.total) = 115.25"), "1");
    EXPECT_EQ(found("SUM(orders.total, is_paid) > 120"), "1");
    EXPECT_EQ(found("AVERAGE(orders.total) = 38.416666666667"), "1");
    EXPECT_EQ(found("ISBLANK(MAX(orders.total))"), "3");
    EXPECT_EQ(found("MAX(orders.total) * 2 >= 201"), "1");
    EXPECT_EQ(found("ANY(orders, total < 0)"), "1");
    EXPECT_EQ(found("ALL(orders, is_paid) AND COUNT(orders) > 0"), "2");
    EXPECT_EQ(found("NONE(orders, total > 100)"), "2 3");
    EXPECT_EQ(found("ISBLANK(orders)"), "3");
    EXPECT_EQ(found(R"(COUNT(orders.lines, sku = "x") >= 1)"), "1 2");
    EXPECT_EQ(found("COUNT(orders, COUNT(lines) >= 2) = 1"), "1");
    EXPECT_EQ(found("COUNT(friend.orders) = 3"), "3");
    EXPECT_EQ(found("COUNT(orders, total * 100 > spend) = 1"), "2");
    EXPECT_EQ(found(R"(HAS(skus, "y"))"), "1");
    EXPECT_EQ(found("COUNT(nodes) = 2"), "1");
    EXPECT_EQ(found(R"(SUM(lines.price) > 1 AND customer.name = "Lin Mei")", "order"), "100");
}

TEST_P(LanguageTest, ComputesBeforeItCompares) {
    EXPECT_EQ(found("LEN(name) > 4"), "1");
    EXPECT_EQ(found(R"(LEFT(name, 1) & "!" = "B!")"), "2");
    EXPECT_EQ(found("spend / 3 > 41.1499"), "1");
    EXPECT_EQ(found("IF(age >= 30, spend > 100, spend < 10)"), "1 2");
    EXPECT_EQ(found("IFERROR(100 / (age - 36), -1) < 0"), "1 2");
    EXPECT_EQ(found("AGE(birthday) = 36"), "1");
    EXPECT_EQ(found(R"(birthday < "2000-01-01")"), "1");
    EXPECT_EQ(found(R"(name = "=1+1")"), "3");
    EXPECT_EQ(found("100 / (age - 36) > 0"), "");
}

TEST_P(LanguageTest, TextOfUsersIsNeverCode) {
    EXPECT_EQ(found(R"(LEFT(name, 30) = "'; DROP TABLE customer; --")"), "");
    const auto compiled = compile(asked(R"(name & "x" = "secret'text")"), catalogue_, GetParam()).value();
    EXPECT_EQ(compiled.sql.find("secret"), std::string::npos) << compiled.sql;
    EXPECT_EQ(found("ISFILLED(name)"), "1 2 3");
}

TEST_P(LanguageTest, WhatIsWrongIsToldWithItsPlace) {
    EXPECT_EQ(found("LEN(nme) > 4"), "formula.unknown_field /condition/4+3");
    EXPECT_EQ(
        found_json(
            R"({"op":"and","args":[{"value":true},{"op":">","args":[{"call":"LEN","args":[{"field":"nme"}]},{"value":4}]}]})"),
        "formula.unknown_field /filter/args/1/args/0/args/0");
    EXPECT_EQ(found_json(R"({"op":">","args":[{"call":"LENN","args":[{"field":"name"}]},{"value":4}]})"),
        "formula.unknown_function /filter/args/0");
    EXPECT_EQ(found_json(R"({"op":">","args":[{"call":"SUM","args":[{"field":"orders.total"}]},{"value":"x"}]})"),
        "formula.wrong_type /filter/args/1");
    EXPECT_EQ(found_json(R"({"op":">=","args":[{"field":"name"},{"value":4}]})"), "query.wrong_type /filter/args/1");
    if (GetParam() == store::Dialect::postgres)
        EXPECT_EQ(found(R"(UPPER(name) = "BO")"), "query.not_in_sql /condition/0+11");
    else
        EXPECT_EQ(found(R"(UPPER(name) = "BO")"), "2");
}

TEST_P(LanguageTest, IndexesServeIt) {
    const std::string counted = plan_of(asked("COUNT(orders, 下单时间 >= TODAY() - 90) >= 2"));
    EXPECT_NE(counted.find("node_customer"), std::string::npos) << counted;
    for (const std::string_view whole : {"Seq Scan", "SCAN t1", "SCAN t2"})
        EXPECT_EQ(counted.find(whole), std::string::npos) << counted;
    for (const std::string_view text : {"placed_at >= TODAY() - 30", "BETWEEN(placed_at, TODAY() - 30, NOW())",
             "placed_at >= DATEADD(NOW(), -1, \"month\")"}) {
        auto query = asked(text, "order");
        query.sort = {{{"placed_at"}}};
        const std::string ranged = plan_of(query);
        EXPECT_NE(ranged.find("order_placed_at"), std::string::npos) << ranged;
        const bool is_bounded =
            ranged.find("Index Cond") != std::string::npos || ranged.find("placed_at>?") != std::string::npos;
        EXPECT_TRUE(is_bounded) << ranged;
    }
}

} // namespace
} // namespace onefold::query
