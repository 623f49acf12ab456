#include "query/toy.h"
#include "query/toy_evaluator.h"
#include "testing/databases.h"

#include <gtest/gtest.h>

namespace onefold::query {
namespace {

const toy::Catalogue catalogue;
constexpr std::monostate blank{};

class Run : public testing::OnBothDatabases {
  protected:
    void SetUp() override {
        database_ = open({toy::schema()});
        auto tables = toy::empty_tables();
        const std::int64_t second = 1'000'000;
        tables["customer"].rows = {
            {1, "Ann", "上海", "active", 30, "1990-05-01", 1, 123450, 1291190760 * second, R"({"a":[1,null]})", 2},
            {2, "bob 50%_\\", "London", "active", blank, blank, 0, -5, blank, blank, 3},
            {3, "Zoë", "", "merged", 41, "2001-12-31", blank, 0, 5, blank, 1},
            {4, blank, blank, "active", 0, "1990-05-02", blank, blank, -1, "[]", blank},
            {5, "O'Brien \"x\"; DROP TABLE customer; --", "北京", "active", -7, blank, 1, 9223372036854775807, 1, blank,
                99},
        };
        tables["customer_more"].rows = {{1, "vip note", 12345}, {3, "hidden", 1}, {4, "", blank}};
        tables["node"].rows = {{11, 1}, {12, 1}, {13, 2}, {14, 3}, {15, blank}};
        tables["order"].rows = {
            {101, "A-1", 11, 9747747934, 1291190760 * second, 1},
            {102, "A-2", 12, -2500, 1291190761 * second + 5, 0},
            {103, "B-1", 13, 100, blank, blank},
            {104, "B-2", 14, blank, 0, 1},
            {105, "C-1", 15, 1, 0, 0},
            {106, "C-2", blank, 1, 0, 0},
            {107, "C-3", 999, 1, 0, 0},
        };
        tables["line"].rows = {{1, 101, "x", 2, 12500, "even"}, {2, 101, "y", 4, 25000, "'"},
            {3, 104, "x", -1, 1, blank}, {4, blank, "z", blank, blank, ""}};
        const auto filled = toy::fill(*database_, tables);
        ASSERT_TRUE(filled) << filled.error().message.in("en");
    }

    std::string answer(const Query& query) {
        const auto table = database_->read([&](store::Session& session) { return run(session, query, catalogue); });
        return table ? toy::to_text(*table) : table.error().code + ": " + std::string(table.error().message.in("en"));
    }
    std::string ids(std::string_view object, std::string_view filter) {
        const auto text = answer(toy::query(std::string(object), {"id"}, filter));
        std::string digits;
        for (const char c : text)
            digits += c == '\n' ? " " : c == '"' ? "" : std::string(1, c);
        return digits.empty() ? "" : digits.substr(0, digits.size() - 1);
    }

    std::unique_ptr<store::Database> database_;
};
ON_BOTH_DATABASES(Run);

TEST_P(Run, FiltersFindWhatTheySay) {
    struct Case {
        std::string_view object, filter, ids;
    };
    for (const auto& [object, filter, expected] : std::vector<Case>{
             {"customer", "", "1 2 4 5"},
             {"customer", R"({"value":true})", "1 2 4 5"},
             {"customer", R"({"value":null})", ""},
             {"customer", R"({"op":"not","args":[{"value":null}]})", ""},
             {"customer", R"({"op":"or","args":[{"value":null},{"value":true}]})", "1 2 4 5"},
             {"customer", R"({"field":"is_vip"})", "1 5"},
             {"customer", R"({"op":"not","args":[{"field":"is_vip"}]})", "2"},
             {"customer", R"({"op":"=","args":[{"field":"is_vip"},{"value":false}]})", "2"},
             {"customer", R"({"op":"<>","args":[{"field":"is_vip"},{"op":">","args":[{"field":"age"},{"value":0}]}]})",
                 "5"},
             {"customer", R"({"op":"=","args":[{"field":"城市"},{"value":"上海"}]})", "1"},
             {"customer", R"({"op":"<>","args":[{"field":"城市"},{"value":"上海"}]})", "2 5"},
             {"customer", R"({"op":"blank","args":[{"field":"城市"}]})", "4"},
             {"customer", R"({"op":"blank","args":[{"field":"note"}]})", "2 4 5"},
             {"customer", R"({"op":"blank","args":[{"field":"extra"}]})", "2 5"},
             {"customer", R"({"op":"blank","args":[{"op":"<","args":[{"field":"age"},{"value":1}]}]})", "2"},
             {"customer", R"({"op":"contains","args":[{"field":"name"},{"value":"ANN"}]})", "1"},
             {"customer", R"({"op":"contains","args":[{"field":"name"},{"value":"%"}]})", "2"},
             {"customer", R"({"op":"contains","args":[{"field":"name"},{"value":"_\\"}]})", "2"},
             {"customer", R"({"op":"contains","args":[{"field":"name"},{"value":"b%5"}]})", ""},
             {"customer", R"({"op":"contains","args":[{"field":"name"},{"value":""}]})", "1 2 5"},
             {"customer", R"({"op":"contains","args":[{"value":"x上海y"},{"field":"城市"}]})", "1"},
             {"customer", R"({"op":"contains","args":[{"field":"name"},{"value":null}]})", ""},
             {"customer", R"({"op":"contains","args":[{"field":"name"},{"value":"x\"; drop table"}]})", "5"},
             {"customer",
                 R"({"op":"in","args":[{"field":"name"},{"value":"Ann"},{"value":"') OR 1=1 --"},{"value":null}]})",
                 "1"},
             {"customer",
                 R"({"op":"not","args":[{"op":"in","args":[{"field":"name"},{"value":"Ann"},{"value":null}]}]})", ""},
             {"customer", R"({"op":"not","args":[{"op":"in","args":[{"field":"age"},{"value":30},{"value":0.5}]}]})",
                 "4 5"},
             {"customer", R"({"op":"not","args":[{"op":"in","args":[{"field":"age"},{"value":0.5}]}]})", "1 4 5"},
             {"customer", R"({"op":"in","args":[{"field":"id"},{"value":"1"},{"value":2},{"value":"3"}]})", "1 2"},
             {"customer", R"({"op":">","args":[{"field":"spend"},{"value":"1234.495"}]})", "1 5"},
             {"customer", R"({"op":">=","args":[{"field":"spend"},{"value":"1234.505"}]})", "5"},
             {"customer", R"({"op":"<","args":[{"field":"spend"},{"value":"-0.045"}]})", "2"},
             {"customer", R"({"op":"<=","args":[{"field":"spend"},{"value":"-0.055"}]})", ""},
             {"customer", R"({"op":"=","args":[{"field":"spend"},{"value":1234.5}]})", "1"},
             {"customer", R"({"op":"<>","args":[{"field":"spend"},{"value":1234.5001}]})", "1 2 5"},
             {"customer", R"({"op":"<","args":[{"field":"spend"},{"value":"99999999999999999999999999"}]})", "1 2 5"},
             {"customer", R"({"op":">","args":[{"field":"spend"},{"value":"92233720368547758.07"}]})", ""},
             {"customer", R"({"op":">=","args":[{"value":"92233720368547758.07"},{"field":"spend"}]})", "1 2 5"},
             {"customer", R"({"op":">","args":[{"field":"spend"},{"field":"score"}]})", "1"},
             {"customer", R"({"op":"<","args":[{"field":"score"},{"field":"spend"}]})", "1"},
             {"customer", R"({"op":">","args":[{"field":"spend"},{"field":"age"}]})", "1 5"},
             {"customer", R"({"op":"=","args":[{"field":"birthday"},{"value":"1990-05-01"}]})", "1"},
             {"customer", R"({"op":">","args":[{"field":"birthday"},{"value":"1990-05-01"}]})", "4"},
             {"customer", R"({"op":"=","args":[{"field":"seen_at"},{"value":"2010-12-01T08:06:00Z"}]})", "1"},
             {"customer", R"({"op":"=","args":[{"field":"seen_at"},{"value":"2010-12-01T16:06:00+08:00"}]})", "1"},
             {"customer", R"({"op":"<","args":[{"field":"seen_at"},{"value":"1970-01-01T00:00:00Z"}]})", "4"},
             {"customer", R"({"op":"<","args":[{"field":"name"},{"value":"Z"}]})", "1 5"},
             {"customer", R"({"op":"blank","args":[{"field":"friend"}]})", "2 4 5"}, // 3 is merged, 99 is nobody
             {"customer", R"({"op":"=","args":[{"field":"friend.friend.name"},{"value":"Zoë"}]})", ""},
             {"order", R"({"op":"=","args":[{"field":"customer"},{"value":"1"}]})", "101 102"},
             {"order", R"({"op":"=","args":[{"field":"customer.id"},{"value":"3"}]})", ""},
             {"order", R"({"op":"blank","args":[{"field":"customer"}]})", "104 105 106 107"},
             {"order", R"({"op":"=","args":[{"field":"customer.note"},{"value":"hidden"}]})", ""},
             {"order", R"({"op":"=","args":[{"field":"customer.state"},{"value":"merged"}]})", ""},
             {"line", R"({"op":"=","args":[{"field":"order.customer.城市"},{"value":"上海"}]})", "1 2"},
             {"line", R"({"op":"=","args":[{"field":"o'd\"d"},{"value":"'"}]})", "2"},
         })
        EXPECT_EQ(ids(object, filter), expected) << object << " " << filter;
}

TEST_P(Run, ValuesComeBackAsTheirTypesSay) {
    EXPECT_EQ(answer(toy::query("customer",
                  {"id", "name", "age", "birthday", "is_vip", "spend", "seen_at", "extra", "friend", "score"},
                  R"({"op":"in","args":[{"field":"id"},{"value":"1"},{"value":"4"},{"value":"5"}]})")),
        R"("1" "Ann" 30 "1990-05-01" true "1234.5" "2010-12-01T08:06:00Z" {"a":[1,null]} "2" "1.2345")"
        "\n"
        R"("4" null 0 "1990-05-02" null null "1969-12-31T23:59:59.999999Z" [] null null)"
        "\n"
        R"("5" "O'Brien \"x\"; DROP TABLE customer; --" -7 null true "92233720368547758.07" "1970-01-01T00:00:00.000001Z" null null null)"
        "\n");
    EXPECT_EQ(answer(toy::query("order", {"number", "total", "customer", "customer.name", "下单时间"})),
        R"("A-1" "9747747.934" "1" "Ann" "2010-12-01T08:06:00Z")"
        "\n"
        R"("A-2" "-2.5" "1" "Ann" "2010-12-01T08:06:01.000005Z")"
        "\n"
        R"("B-1" "0.1" "2" "bob 50%_\\" null)"
        "\n"
        R"("B-2" null null null "1970-01-01T00:00:00Z")"
        "\n"
        R"("C-1" "0.001" null null "1970-01-01T00:00:00Z")"
        "\n"
        R"("C-2" "0.001" null null "1970-01-01T00:00:00Z")"
        "\n"
        R"("C-3" "0.001" null null "1970-01-01T00:00:00Z")"
        "\n");
}

TEST_P(Run, AmongRestrictsToKnownIds) {
    auto query = toy::query("customer", {"id"});
    query.among = std::vector<std::int64_t>{5, 3, 1, 12345};
    EXPECT_EQ(answer(query), "\"1\"\n\"5\"\n");
    query.among->clear();
    EXPECT_EQ(answer(query), "");
}

TEST_P(Run, AmongTakesManyIds) {
    auto query = toy::query("customer", {"id"});
    query.among.emplace();
    for (std::int64_t id = 20'000; id > 0; id -= id == 5 ? 2 : 1) // all but 4
        query.among->push_back(id);
    EXPECT_EQ(answer(query), "\"1\"\n\"2\"\n\"5\"\n"); // of 1 to 5; 3 is never shown
}

TEST_P(Run, KnownIdsAreLookedUpWhateverElseIsIndexed) {
    auto query = toy::query("customer", {"id"});
    query.among = std::vector<std::int64_t>{5};
    EXPECT_EQ(answer(query), "\"5\"\n");
    if (GetParam() == store::Dialect::postgres)
        return; // it has figures of its tables to decide by
    std::string plan;
    ASSERT_TRUE(database_->write([&](store::Session& session) -> Result<> {
        TRY(session.execute("CREATE INDEX customer_by_state ON customer (state)"));
        const auto compiled = TRY(compile(query, catalogue, GetParam()));
        return session.each(
            "EXPLAIN QUERY PLAN " + compiled.sql, compiled.values, [&](const store::Row& row) -> Result<> {
                plan += std::string(row.text(3)) + "\n";
                return {};
            });
    }));
    EXPECT_NE(plan.find("USING INTEGER PRIMARY KEY"), plan.npos) << plan;
    EXPECT_EQ(plan.find("customer_by_state"), plan.npos) << plan;
}

TEST_P(Run, AggregatesAreExactAndSkipBlanks) {
    auto query = toy::query("order", {});
    query.select = {{{}, Aggregate::count}, {{"total"}, Aggregate::count}, {{"total"}, Aggregate::sum},
        {{"total"}, Aggregate::min}, {{"total"}, Aggregate::max}, {{"total"}, Aggregate::average},
        {{"number"}, Aggregate::max}, {{"下单时间"}, Aggregate::max}, {{"is_paid"}, Aggregate::max},
        {{"customer"}, Aggregate::count}};
    EXPECT_EQ(answer(query),
        R"(7 6 "9747745.537" "-2.5" "9747747.934" "1624624.256166666667" "C-3" "2010-12-01T08:06:01.000005Z" true 3)"
        "\n");
    query.filter = formula::literal(false);
    EXPECT_EQ(answer(query), "0 0 null null null null null null null 0\n");

    auto note = toy::query("customer", {});
    note.select = {{{"note"}, Aggregate::count}, {{"note"}, Aggregate::min}, {{"age"}, Aggregate::average},
        {{"age"}, Aggregate::sum}};
    EXPECT_EQ(answer(note), "1 \"vip note\" \"7.666666666667\" 23\n");
}

TEST_P(Run, GroupsSortAndFilterByWhatTheyHold) {
    auto query = toy::query("order", {"customer.name"});
    query.select.push_back({{}, Aggregate::count});
    query.select.push_back({{"total"}, Aggregate::sum});
    query.group = {{"customer", "name"}};
    EXPECT_EQ(answer(query), "\"Ann\" 2 \"9747745.434\"\n\"bob 50%_\\\\\" 1 \"0.1\"\nnull 4 \"0.003\"\n");
    query.sort = {{{"1"}, Direction::descending}};
    EXPECT_EQ(answer(query), "null 4 \"0.003\"\n\"Ann\" 2 \"9747745.434\"\n\"bob 50%_\\\\\" 1 \"0.1\"\n");
    query.sort = {{{"customer", "name"}, Direction::descending}};
    query.page.limit = 2;
    EXPECT_EQ(answer(query), "\"bob 50%_\\\\\" 1 \"0.1\"\n\"Ann\" 2 \"9747745.434\"\n");
    query.page.limit = 50;
    query.having = formula::parse_json(
        boost::json::parse(
            R"({"op":"and","args":[{"op":">=","args":[{"field":"1"},{"value":2}]},{"op":"<","args":[{"field":"2"},{"value":"0.0035"}]}]})"))
                       .value();
    EXPECT_EQ(answer(query), "null 4 \"0.003\"\n");

    auto paid = toy::query("order", {"is_paid"});
    paid.select.push_back({{"total"}, Aggregate::average});
    paid.group = {{"is_paid"}};
    EXPECT_EQ(answer(paid), "false \"-0.62425\"\ntrue \"9747747.934\"\nnull \"0.1\"\n");
    const auto having = [&](std::string_view text) {
        paid.having = formula::parse_json(boost::json::parse(text)).value();
    };
    having(R"({"op":"<","args":[{"field":"1"},{"value":"-0.624249999"}]})");
    EXPECT_EQ(answer(paid), "false \"-0.62425\"\n");
    having(R"({"op":"=","args":[{"field":"1"},{"value":"-0.62425"}]})");
    EXPECT_EQ(answer(paid), "false \"-0.62425\"\n");
    having(R"({"field":"0"})");
    EXPECT_EQ(answer(paid), "true \"9747747.934\"\n");
    paid.having.reset();
    paid.sort = {{{"1"}, Direction::ascending}};
    EXPECT_EQ(answer(paid), "false \"-0.62425\"\nnull \"0.1\"\ntrue \"9747747.934\"\n");
}

TEST_P(Run, ARestrictionMayLookBeyondItsOwnTable) {
    toy::Catalogue noted;
    noted.object("customer").always =
        formula::parse_json(boost::json::parse(R"({"op":"not","args":[{"op":"blank","args":[{"field":"note"}]}]})"))
            .value();
    const auto table = database_->read([&](store::Session& session) {
        return run(session, toy::query("order", {"id", "customer", "customer.note"}), noted);
    });
    ASSERT_TRUE(table) << table.error().message.in("en");
    EXPECT_EQ(toy::to_text(*table),
        "\"101\" \"1\" \"vip note\"\n\"102\" \"1\" \"vip note\"\n\"103\" null null\n"
        "\"104\" \"3\" \"hidden\"\n\"105\" null null\n\"106\" null null\n\"107\" null null\n");
    const auto own = database_->read(
        [&](store::Session& session) { return run(session, toy::query("customer", {"id", "friend.id"}), noted); });
    ASSERT_TRUE(own);
    EXPECT_EQ(toy::to_text(*own), "\"1\" null\n\"3\" \"1\"\n");
}

TEST_P(Run, AThousandConditionsAreNotTooDeep) {
    std::vector<formula::Expression> parts;
    for (int i = 0; i < 1000; ++i)
        parts.push_back(
            formula::call(formula::Operator::equal, {formula::field({"age"}), formula::literal(Decimal::of(i))}));
    auto query = toy::query("customer", {"id"});
    query.filter = formula::call(formula::Operator::or_, parts);
    EXPECT_EQ(answer(query), "\"1\"\n\"4\"\n");
}

} // namespace
} // namespace onefold::query
