#include "query/nearest.h"
#include "query/query.h"
#include "query/toy.h"

#include <gtest/gtest.h>

namespace onefold::query {
namespace {

const toy::Catalogue catalogue;

std::string sql_of(const Query& query, store::Dialect dialect) {
    const auto compiled = compile(query, catalogue, dialect);
    return compiled ? compiled->sql : compiled.error().code;
}

TEST(Compile, JoinsAPathOnceAndRestrictsEveryOccurrenceOfAnObject) {
    auto query = toy::query("order", {"number", "customer.name", "customer.note"},
        R"({"op":"=","args":[{"field":"customer.城市"},{"value":"上海"}]})");
    EXPECT_EQ(sql_of(query, store::Dialect::sqlite),
        R"(SELECT t0."number", t2."name", t3."note", t0."id" FROM "order" AS t0 JOIN "node" AS t1 ON t1."id" = t0."customer_node")"
        R"( JOIN "customer" AS t2 ON t2."id" = t1."customer_id" AND (+t2."state" = $1))"
        R"( LEFT JOIN "customer_more" AS t3 ON t3."customer_id" = t2."id")"
        R"( WHERE (t2."city" = $2) ORDER BY t0."id" ASC LIMIT $3)");
}

TEST(Compile, TextIsOrderedByCodePointOnPostgres) {
    auto query = toy::query("customer", {"name"}, R"({"op":"<","args":[{"field":"name"},{"value":"m"}]})");
    query.sort = {{{"name"}, Direction::descending}};
    EXPECT_EQ(sql_of(query, store::Dialect::postgres),
        R"(SELECT t0."name", t0."name", t0."id" FROM "customer" AS t0 WHERE (t0."state" = $1::text) AND (t0."name" COLLATE "C" < $2::text))"
        R"( ORDER BY t0."name" COLLATE "C" DESC NULLS LAST, t0."id" DESC LIMIT $3::bigint)");
}

TEST(Compile, EveryValueIsBoundAndEveryNameQuoted) {
    auto query =
        toy::query("line", {"o'd\"d"}, R"({"op":"=","args":[{"field":"o'd\"d"},{"value":"'; DROP TABLE line; --"}]})");
    const auto compiled = compile(query, catalogue, store::Dialect::sqlite);
    ASSERT_TRUE(compiled);
    EXPECT_EQ(compiled->sql,
        R"(SELECT t0."odd ""col""; --", t0."id" FROM "line" AS t0 WHERE (t0."odd ""col""; --" = $1) ORDER BY t0."id" ASC LIMIT $2)");
    EXPECT_EQ(compiled->values, (store::Values{"'; DROP TABLE line; --", 51}));
}

TEST(Compile, SortingByTheKeyNeedsNothingElse) {
    auto query = toy::query("order", {"number"});
    query.sort = {{{"id"}, Direction::descending}, {{"number"}, Direction::ascending}};
    EXPECT_EQ(sql_of(query, store::Dialect::sqlite),
        R"(SELECT t0."number", t0."id" FROM "order" AS t0 ORDER BY t0."id" DESC LIMIT $1)");
}

TEST(Compile, ConditionsOfTheWrongTypePointAtTheirPlace) {
    struct Case {
        std::string_view filter, code, pointer;
    };
    for (const auto& [filter, code, pointer] :
        std::vector<Case>{
            {R"({"field":"name"})", "query.wrong_type", "/filter"},
            {R"({"value":"yes"})", "query.wrong_type", "/filter"},
            {R"({"op":"and","args":[{"value":true},{"field":"age"}]})", "query.wrong_type", "/filter/args/1"},
            {R"({"op":"=","args":[{"field":"name"},{"value":5}]})", "query.wrong_type", "/filter/args/1"},
            {R"({"op":"=","args":[{"field":"age"},{"value":"old"}]})", "query.wrong_type", "/filter/args/1"},
            {R"({"op":"=","args":[{"field":"age"},{"value":true}]})", "query.wrong_type", "/filter/args/1"},
            {R"({"op":"=","args":[{"field":"is_vip"},{"value":1}]})", "query.wrong_type", "/filter/args/1"},
            {R"({"op":"<","args":[{"field":"is_vip"},{"value":true}]})", "query.wrong_type", "/filter"},
            {R"({"op":">","args":[{"field":"seen_at"},{"value":"yesterday"}]})", "query.wrong_type", "/filter/args/1"},
            {R"({"op":">","args":[{"field":"seen_at"},{"value":5}]})", "query.wrong_type", "/filter/args/1"},
            {R"({"op":">","args":[{"field":"birthday"},{"value":"2011-02-30"}]})", "query.wrong_type",
                "/filter/args/1"},
            {R"({"op":"=","args":[{"field":"id"},{"value":"abc"}]})", "query.wrong_type", "/filter/args/1"},
            {R"({"op":"=","args":[{"field":"friend"},{"value":"-1"}]})", "query.wrong_type", "/filter/args/1"},
            {R"({"op":"=","args":[{"field":"extra"},{"value":"{}"}]})", "query.wrong_type", "/filter"},
            {R"({"op":"=","args":[{"field":"age"},{"field":"name"}]})", "query.wrong_type", "/filter"},
            {R"({"op":"=","args":[{"value":"1"},{"value":1}]})", "query.wrong_type", "/filter"},
            {R"({"op":"contains","args":[{"field":"age"},{"value":"1"}]})", "query.wrong_type", "/filter/args/0"},
            {R"({"op":"in","args":[{"field":"age"},{"value":1},{"value":"x"}]})", "query.wrong_type", "/filter/args/2"},
            {R"({"op":"not","args":[{"op":"=","args":[{"field":"nme"},{"value":"x"}]}]})", "query.unknown_field",
                "/filter/args/0/args/0"},
            {R"({"op":"blank","args":[{"field":"name.x"}]})", "query.unknown_field", "/filter/args/0"},
            {R"({"op":"blank","args":[{"field":"friend.friend.naem"}]})", "query.unknown_field", "/filter/args/0"},
        }) {
        const auto compiled = compile(toy::query("customer", {"id"}, filter), catalogue, store::Dialect::sqlite);
        ASSERT_FALSE(compiled) << filter << " " << compiled->sql;
        EXPECT_EQ(compiled.error().code, code) << filter;
        EXPECT_EQ(compiled.error().fields.at(0).path, pointer) << filter;
        EXPECT_EQ(compiled.error().kind, ErrorKind::invalid);
        EXPECT_FALSE(compiled.error().message.in("zh-CN").empty());
    }
}

Error error_of(const Query& query) {
    const auto compiled = compile(query, catalogue, store::Dialect::sqlite);
    return compiled ? Error{.code = "(none) " + compiled->sql} : compiled.error();
}

TEST(Compile, AnUnknownFieldIsNamedAndANearOneSuggested) {
    EXPECT_EQ(error_of(toy::query("order", {"customer.nmae"})).message.in("en"),
        "There is no field “customer.nmae”. Did you mean “customer.name”?");
    EXPECT_EQ(error_of(toy::query("order", {"下单时"})).message.in("zh-CN"), "没有字段“下单时”。是否指“下单时间”？");
    EXPECT_EQ(error_of(toy::query("order", {"zebra"})).message.in("en"), "There is no field “zebra”.");
    EXPECT_EQ(error_of(toy::query("zoo", {"id"})).code, "query.unknown_object");
    EXPECT_EQ(error_of(toy::query("order", {"number.x"})).code, "query.unknown_field");
    Query nothing = toy::query("order", {"id"});
    nothing.sort = {{{}, Direction::ascending}};
    EXPECT_EQ(error_of(nothing).code, "query.unknown_field");
    EXPECT_EQ(distance_between("NAME", "naem"), 1);
    EXPECT_EQ(nearest_of("x", {"y", "xyz"}), "y");
    EXPECT_EQ(nearest_of("", {}), "");
}

TEST(Compile, SortsGroupsAndPagesOutsideTheirLimitsAreRefused) {
    auto query = toy::query("customer", {"id"});
    query.page.limit = 0;
    EXPECT_EQ(error_of(query).code, "query.bad_page");
    query.page.limit = 1001;
    EXPECT_EQ(error_of(query).code, "query.bad_page");
    query.page.limit = 1000;
    query.sort = {{{"extra"}, Direction::ascending}};
    EXPECT_EQ(error_of(query).code, "query.wrong_type");
    EXPECT_EQ(error_of(query).fields.at(0).path, "/sort/0");

    auto grouped = toy::query("customer", {"name"});
    grouped.select.push_back({{}, Aggregate::count});
    EXPECT_EQ(error_of(grouped).code, "query.not_grouped");
    EXPECT_EQ(error_of(grouped).fields.at(0).path, "/select/0");
    grouped.group = {{"name"}};
    EXPECT_TRUE(error_of(grouped).code.starts_with("(none)"));
    grouped.page.after = "x";
    EXPECT_EQ(error_of(grouped).code, "query.bad_page");
    grouped.page.after = "";
    grouped.having =
        formula::parse_json(boost::json::parse(R"({"op":">","args":[{"field":"7"},{"value":1}]})")).value();
    EXPECT_EQ(error_of(grouped).code, "query.unknown_field");

    auto sum = toy::query("customer", {});
    sum.select = {{{"name"}, Aggregate::sum}};
    EXPECT_EQ(error_of(sum).code, "query.wrong_type");
    auto having = toy::query("customer", {"id"});
    having.having = formula::literal(true);
    EXPECT_EQ(error_of(having).code, "query.not_grouped");

    auto wide = toy::query("customer", {});
    for (int first = 0; first < 60; ++first) {
        std::vector<std::string> path(std::size_t(first) + 1, "friend");
        path.push_back("name");
        wide.select.push_back({path, Aggregate::none});
    }
    EXPECT_EQ(error_of(wide).code, "query.too_wide");
    auto many = toy::query("customer", {"id"});
    many.among.emplace(100'001, 7);
    EXPECT_EQ(error_of(many).code, "query.too_wide");
}

} // namespace
} // namespace onefold::query
