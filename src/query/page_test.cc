#include "core/text.h"
#include "query/toy.h"
#include "testing/databases.h"

#include <gtest/gtest.h>
#include <random>
#include <set>

namespace onefold::query {
namespace {

const toy::Catalogue catalogue;

class Paging : public testing::OnBothDatabases {
  protected:
    void SetUp() override {
        database_ = open({toy::schema()});
        auto tables = toy::empty_tables();
        std::mt19937 dice(7);
        const std::vector<store::Value> names{"a", "B", "b", "", "上海", "😀", "\uFFFD", "a'b", {}, {}};
        const auto small = [&]() -> store::Value {
            return dice() % 4 == 0 ? store::Value{} : store::Value{std::int64_t(dice() % 5) - 2};
        };
        for (std::int64_t id = 1; id <= 97; ++id) {
            tables["customer"].rows.push_back(
                {id, names[dice() % names.size()], names[dice() % names.size()], id % 7 ? "active" : "merged", small(),
                    {}, dice() % 3 ? store::Value{std::int64_t(dice() % 2)} : store::Value{}, small(), small(), {},
                    small(), std::int64_t(dice() % 5)});
            if (id % 2)
                tables["customer_more"].rows.push_back({id, names[dice() % names.size()], small()});
            tables["node"].rows.push_back({id, id});
            tables["order"].rows.push_back({id, names[dice() % names.size()],
                id % 5 ? store::Value{std::int64_t(dice() % 97 + 1)} : store::Value{}, small(), small(), {},
                std::int64_t(dice() % 9)});
        }
        ASSERT_TRUE(toy::fill(*database_, tables));
    }

    enum class Reader { run, list };
    Result<Table> page(const Query& query, Reader reader = Reader::run) {
        return database_->read([&](store::Session& session) {
            return reader == Reader::run ? run(session, query, catalogue) : list(session, query, catalogue);
        });
    }

    // Every id in the order of the pages.
    std::vector<std::string> walk(Query query, Reader reader = Reader::run) {
        std::vector<std::string> ids;
        for (int pages = 0; pages < 1000; ++pages) {
            const auto table = page(query, reader);
            EXPECT_TRUE(table) << table.error().message.in("en");
            if (!table)
                break;
            EXPECT_LE(table->rows.size(), std::size_t(query.page.limit));
            for (const auto& row : table->rows)
                ids.emplace_back(row[0].as_string());
            if (table->next.empty())
                break;
            EXPECT_EQ(table->rows.size(), std::size_t(query.page.limit));
            query.page.after = table->next;
        }
        return ids;
    }

    std::unique_ptr<store::Database> database_;
};
ON_BOTH_DATABASES(Paging);

TEST_P(Paging, EveryOrderWalksEveryRowOnce) {
    const std::vector<std::string> customer{"id", "name", "城市", "state", "age", "is_vip", "spend", "seen_at",
        "friend", "friend.name", "note", "score", "level"};
    const std::vector<std::string> order{
        "id", "number", "customer", "customer.name", "customer.note", "total", "下单时间", "placed_at"};
    std::mt19937 dice(11);
    int walks = 0;
    for (const auto& [object, fields] : {std::pair{"customer", customer}, std::pair{"order", order}}) {
        std::vector<std::vector<Sort>> sorts{{}};
        for (const auto& field : fields)
            for (const auto direction : {Direction::ascending, Direction::descending})
                sorts.push_back({{toy::path(field), direction}});
        for (int i = 0; i < 30; ++i) {
            std::vector<Sort> sort;
            for (std::size_t parts = 2 + dice() % 3; parts > 0; --parts)
                sort.push_back({toy::path(fields[dice() % fields.size()]),
                    dice() % 2 ? Direction::ascending : Direction::descending});
            sorts.push_back(sort);
        }
        for (const auto& sort : sorts) {
            auto query = toy::query(object, {"id"});
            query.sort = sort;
            query.page.limit = Page::limit_max;
            const auto whole = walk(query);
            const std::size_t rows = object == std::string("customer") ? 97 - 97 / 7 : 97;
            ASSERT_EQ(whole.size(), rows);
            ASSERT_EQ(std::set<std::string>(whole.begin(), whole.end()).size(), rows);
            ASSERT_EQ(walk(query, Reader::list), whole) << compile(query, catalogue, GetParam(), Way::filled)->sql;
            query.page.limit = 1 + int(dice() % 13);
            ASSERT_EQ(walk(query, Reader::list), whole) << compile(query, catalogue, GetParam(), Way::filled)->sql;
            ASSERT_EQ(walk(query), whole) << compile(query, catalogue, GetParam())->sql;
            ++walks;
        }
    }
    std::cout << walks << " orders walked\n";
}

TEST_P(Paging, TextSortsByCodePointWithBlanksLastBothWays) {
    auto query = toy::query("customer", {"name"});
    query.page.limit = Page::limit_max;
    const auto names = [&](Direction direction) {
        query.sort = {{{"name"}, direction}};
        std::vector<std::string> seen;
        const auto table = page(query).value();
        for (const auto& row : table.rows) {
            const std::string name = row[0].is_null() ? "(blank)" : std::string(row[0].as_string());
            if (seen.empty() || seen.back() != name)
                seen.push_back(name);
        }
        return seen;
    };
    EXPECT_EQ(names(Direction::ascending),
        (std::vector<std::string>{"", "B", "a", "a'b", "b", "上海", "\uFFFD", "😀", "(blank)"}));
    EXPECT_EQ(names(Direction::descending),
        (std::vector<std::string>{"😀", "\uFFFD", "上海", "b", "a'b", "a", "B", "", "(blank)"}));
}

TEST_P(Paging, ALastPageHasNoNext) {
    auto query = toy::query("order", {"id"});
    query.page.limit = 97;
    EXPECT_EQ(page(query)->next, "");
    query.page.limit = 96;
    EXPECT_NE(page(query)->next, "");
    query.filter = formula::literal(false);
    EXPECT_EQ(page(query)->next, "");
}

TEST_P(Paging, StrangeCursorsAreRefused) {
    auto query = toy::query("customer", {"id"});
    query.sort = {{{"name"}, Direction::ascending}, {{"age"}, Direction::descending}};
    query.page.limit = 3;
    const auto next = page(query)->next;
    query.page.after = next;
    ASSERT_TRUE(page(query));

    const auto is_bad = [&](const std::string& after) {
        query.page.after = after;
        const auto table = page(query);
        return !table && table.error().code == "query.bad_page" && table.error().kind == ErrorKind::invalid;
    };
    auto parts = boost::json::parse(from_base64url(next)).as_array();
    const auto with = [&](std::string_view values) {
        return to_base64url(boost::json::serialize(boost::json::array{parts[0], boost::json::parse(values)}));
    };
    query.page.after = with(R"(["x'); DROP TABLE customer; --", 1, 2])");
    EXPECT_TRUE(page(query));
    EXPECT_TRUE(is_bad("x"));
    EXPECT_TRUE(is_bad("!!!"));
    EXPECT_TRUE(is_bad(next + "A"));
    EXPECT_TRUE(is_bad(next.substr(0, next.size() - 3)));
    EXPECT_TRUE(is_bad(std::string(100'000, 'A')));
    EXPECT_TRUE(is_bad(to_base64url("[]")));
    EXPECT_TRUE(is_bad(to_base64url("null")));
    EXPECT_TRUE(is_bad(to_base64url("{\"a\":1}")));
    EXPECT_TRUE(is_bad(with(R"({})")));
    EXPECT_TRUE(is_bad(with(R"(["a", 1])")));
    EXPECT_TRUE(is_bad(with(R"(["a", 1, 2, 3])")));
    EXPECT_TRUE(is_bad(with(R"([1, 1, 2])")));
    EXPECT_TRUE(is_bad(with(R"(["a", "1", 2])")));
    EXPECT_TRUE(is_bad(with(R"(["a", 1.5, 2])")));
    EXPECT_TRUE(is_bad(with(R"(["a", 1, null])")));
    EXPECT_TRUE(is_bad(with(R"(["a", 1, 18446744073709551615])")));
    EXPECT_TRUE(is_bad(with(R"(["a\u0000b", 1, 2])")));
    EXPECT_TRUE(is_bad(with(R"([["a"], 1, 2])")));

    query.sort[1].direction = Direction::ascending;
    EXPECT_TRUE(is_bad(next));
    query.sort = {{{"name"}, Direction::ascending}};
    EXPECT_TRUE(is_bad(next));
    query.object = "order";
    query.sort.clear();
    EXPECT_TRUE(is_bad(next));
}

} // namespace
} // namespace onefold::query
