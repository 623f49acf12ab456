#include "formula/language.h"
#include "query/toy.h"
#include "testing/databases.h"

#include <gtest/gtest.h>

namespace onefold::query {
namespace {

const toy::Catalogue catalogue;
const Instant now = *parse_rfc3339("2026-03-20T12:00:00Z");

class List : public testing::OnBothDatabases {
  protected:
    void SetUp() override {
        database_ = open({toy::schema()});
        auto tables = toy::empty_tables();
        const auto seen = [](std::string_view at) { return store::Value{micros_of(*parse_rfc3339(at))}; };
        // Of the first a week has passed to the second, the second was seen a second later, the third never.
        tables["customer"].rows = {row(1, "Ann", seen("2026-03-13T12:00:00Z")),
            row(2, "Ben", seen("2026-03-13T12:00:01Z")), row(3, "Cem", {})};
        ASSERT_TRUE(toy::fill(*database_, tables));
    }
    static store::Values row(std::int64_t id, std::string name, store::Value seen_at) {
        return {id, std::move(name), {}, "active", {}, {}, {}, {}, std::move(seen_at), {}, {}, std::int64_t(0)};
    }
    Result<std::string> names(std::string_view filter, std::optional<Instant> at = now) {
        auto query = toy::query("customer", {"name"}, filter);
        query.now = at;
        query.sort = {{{"name"}}};
        const auto table =
            TRY(database_->read([&](store::Session& session) { return list(session, query, catalogue); }));
        return toy::to_text(table);
    }
    std::unique_ptr<store::Database> database_;
};
ON_BOTH_DATABASES(List);

TEST_P(List, TimesAreCountedFromNow) {
    EXPECT_EQ(*names(R"({"op":">","args":[{"field":"seen_at"},{"op":"ago","args":[{"value":1},{"value":"week"}]}]})"),
        "\"Ben\"\n");
    EXPECT_EQ(*names(R"({"op":">=","args":[{"field":"seen_at"},{"op":"ago","args":[{"value":7},{"value":"day"}]}]})"),
        "\"Ann\"\n\"Ben\"\n");
    EXPECT_EQ(
        *names(R"({"op":"<","args":[{"field":"seen_at"},{"op":"ago","args":[{"value":168},{"value":"hour"}]}]})"), "");
    EXPECT_EQ(
        *names(R"({"op":">","args":[{"op":"ago","args":[{"value":10079},{"value":"minute"}]},{"field":"seen_at"}]})"),
        "\"Ann\"\n\"Ben\"\n");
    EXPECT_EQ(*names(R"({"op":">=","args":[{"field":"seen_at"},{"op":"ago","args":[{"value":1},{"value":"year"}]}]})"),
        "\"Ann\"\n\"Ben\"\n");
}

TEST_P(List, WhatIsNoTimeIsRefused) {
    for (const auto* wrong :
        {R"({"value":1},{"value":"decade"})", R"({"value":"x"},{"value":"day"})", R"({"value":1.5},{"value":"day"})",
            R"({"value":100001},{"value":"day"})", R"({"field":"age"},{"value":"day"})"}) {
        const auto filter =
            fmt::format(R"({{"op":"<","args":[{{"field":"seen_at"}},{{"op":"ago","args":[{}]}}]}})", wrong);
        ASSERT_FALSE(names(filter)) << filter;
        EXPECT_EQ(names(filter).error().code, "query.wrong_type") << filter;
    }
    EXPECT_EQ(names(R"({"op":"ago","args":[{"value":1},{"value":"day"}]})").error().code, "query.wrong_type");
    EXPECT_EQ(names(R"({"op":"<","args":[{"field":"seen_at"},{"op":"ago","args":[{"value":1},{"value":"day"}]}]})",
                  std::nullopt)
                  .error()
                  .code,
        "query.no_clock");
}

TEST_P(List, AFieldOfSeveralValuesStandsInFiltersOnly) {
    const auto code_of = [&](const Query& query) {
        const auto compiled = compile(query, catalogue, GetParam());
        return compiled ? std::string("taken") : compiled.error().code;
    };
    auto selected = toy::query("customer", {"skus"});
    auto sorted = toy::query("customer", {"name"});
    sorted.sort = {{{"skus"}}};
    auto grouped = toy::query("customer", {});
    grouped.select = {{{}, Aggregate::count}};
    grouped.group = {{"skus"}};
    auto counted = toy::query("customer", {});
    counted.select = {{{"skus"}, Aggregate::count}};
    for (const auto& query : {selected, sorted, grouped, counted})
        EXPECT_EQ(code_of(query), "query.wrong_type");
    for (const auto* filter : {R"({"op":"<","args":[{"field":"skus"},{"value":"a"}]})",
             R"({"op":"contains","args":[{"field":"skus"},{"value":"a"}]})",
             R"({"op":"=","args":[{"field":"skus"},{"field":"name"}]})",
             R"({"op":"in","args":[{"field":"name"},{"field":"skus"}]})",
             R"({"op":"in","args":[{"field":"totals"},{"value":"x"}]})"})
        EXPECT_EQ(code_of(toy::query("customer", {"name"}, filter)), "query.wrong_type") << filter;
}

TEST_P(List, ACountThatComesToItsEndIsExact) {
    const auto count_of = [&](std::chrono::milliseconds patience) {
        return database_
            ->read([&](store::Session& session) {
                return count(session, toy::query("customer", {"name"}), catalogue, patience);
            })
            .value();
    };
    EXPECT_EQ(count_of(std::chrono::seconds{60}).count, 3);
    EXPECT_TRUE(count_of(std::chrono::seconds{60}).is_exact);
}

// The first has one order, the second two, the third none.
TEST_P(List, SoManyRelatedRecordsAreDemanded) {
    auto tables = toy::empty_tables();
    const auto order = [](std::int64_t id, std::int64_t node) {
        return store::Values{id, fmt::format("N{}", id), node, 5'000, micros_of(now), 1, micros_of(now)};
    };
    tables["node"].rows = {{11, 1}, {12, 2}, {13, 2}, {14, 3}};
    tables["order"].rows = {order(1, 11), order(2, 12), order(3, 13)};
    ASSERT_TRUE(toy::fill(*database_, tables));
    const auto asked = [&](std::string_view text) {
        auto query = toy::query("customer", {"name"});
        query.filter = formula::parse(text).value();
        query.now = now;
        query.sort = {{{"name"}}};
        return database_->read([&](store::Session& session) -> Result<std::string> {
            const auto counted = TRY(count(session, query, catalogue, std::chrono::seconds{60}));
            return fmt::format("{}{}", toy::to_text(TRY(list(session, query, catalogue))), counted.count);
        });
    };
    const std::string ann = "\"Ann\"\n", ben = "\"Ben\"\n", cem = "\"Cem\"\n";
    EXPECT_EQ(*asked("COUNT(orders, total > 1) >= 0"), ann + ben + cem + "3");
    EXPECT_EQ(*asked("COUNT(orders, total > 1) > 0"), ann + ben + "2");
    EXPECT_EQ(*asked("COUNT(orders, total > 1) >= 0.5"), ann + ben + "2");
    EXPECT_EQ(*asked("COUNT(orders, total > 1) = 1"), ann + "1");
    EXPECT_EQ(*asked("COUNT(orders, total > 1) > 1"), ben + "1");
    EXPECT_EQ(*asked("COUNT(orders, total > 1) > 1.5"), ben + "1");
    EXPECT_EQ(*asked("COUNT(orders, total > 1) >= 2"), ben + "1");
    EXPECT_EQ(*asked("COUNT(orders, total > 1) = 2"), ben + "1");
    EXPECT_EQ(*asked("COUNT(orders, total > 1) > 2"), "0");
    EXPECT_EQ(*asked("COUNT(orders, total > 1) >= 99999999999999999999"), "0");
    EXPECT_EQ(*asked("COUNT(orders, total > 1) >= 2 AND name <> \"Ben\""), "0");
    EXPECT_EQ(*asked("NOT ANY(orders, total > 1)"), cem + "1");
}

} // namespace
} // namespace onefold::query
