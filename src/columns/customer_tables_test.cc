#include "columns/columns_rig.h"
#include "object/shipped.h"

#include <random>

namespace onefold::columns {
namespace {

using Rows = std::vector<store::Values>;

class CustomerTablesTest : public ColumnsRig {
  protected:
    Rows rows_of_database(const std::string& sql) {
        Rows rows;
        VERIFY(database_->read([&](store::Session& session) {
            return session.each(sql, {}, [&](const store::Row& row) -> Result<> {
                auto& kept = rows.emplace_back();
                for (int i = 0; i < row.columns(); ++i)
                    kept.push_back(row.value(i));
                return {};
            });
        }));
        return rows;
    }
    std::string customers_sql(std::string_view from) {
        std::string fields;
        for (const object::GoldenField& field : object::golden_fields())
            fields += fmt::format(", c.{}", field.code);
        return fmt::format("SELECT c.id, c.kind, c.state, c.merged_into, order_count, ticket_count, total_spend, "
                           "currency{} FROM {} ORDER BY c.id",
            fields, from);
    }
    Rows copied_customers() { return rows_of(customers_sql("customer_copy c")); }
    Rows customers() {
        return rows_of_database(customers_sql("customer c JOIN customer_activity a ON a.customer_id = c.id"));
    }
    Rows copied_nodes() { return rows_of("SELECT id, customer_id, source_id, kind FROM node_copy ORDER BY id"); }
    Rows nodes() { return rows_of_database("SELECT id, customer_id, source_id, kind FROM node ORDER BY id"); }

    void catch_up_with_customers() {
        catch_up();
        const Rows end = rows_of_database("SELECT COALESCE((SELECT MAX(id) FROM customer_news), 0), COALESCE((SELECT "
                                          "MAX(id) FROM customer), 0), COALESCE((SELECT MAX(id) FROM node), 0)");
        for (int i = 0; i < 3000; ++i) {
            if (rows_of("SELECT news, customer, record FROM copied") == end)
                return;
            std::this_thread::sleep_for(std::chrono::milliseconds{10});
        }
        FAIL() << "the copy does not come to the end: " << trouble();
    }
    void expect_equal() {
        catch_up_with_customers();
        expect_equal(copied_customers(), customers());
        expect_equal(copied_nodes(), nodes());
    }
    static void expect_equal(const Rows& copied, const Rows& own) {
        EXPECT_EQ(copied.size(), own.size());
        for (std::size_t i = 0; i < std::min(copied.size(), own.size()); ++i)
            EXPECT_TRUE(copied[i] == own[i]) << "row " << i << ": " << ::testing::PrintToString(copied[i])
                                             << "\n, and not: " << ::testing::PrintToString(own[i]);
    }
    void identify(const std::string& user, const std::string& traits) {
        append({fmt::format(R"({{"type":"identify","userId":"{}","traits":{{{}}}}})", user, traits)});
    }
    Caller somebody() const {
        Caller caller;
        caller.principal = {Principal::Kind::user, 1, Role::admin};
        return caller;
    }
};
ON_BOTH_DATABASES(CustomerTablesTest);

TEST_P(CustomerTablesTest, CustomersAndTheirNodesAreCopiedAndFollowWhatBecomesOfThem) {
    start();
    identify("a", R"("email":"a@own.cn","name":"Anna","city":"Lyon")");
    identify("b", R"("name":"Bo")");
    catch_up();
    save({order("A1", node_of(find("user_id:b")), "2026-01-02T00:00:00Z", "2.5")});
    expect_equal();
    EXPECT_EQ(rows_of("SELECT name, city, order_count, total_spend FROM customer_copy ORDER BY id"),
        (Rows{{"Anna", "Lyon", 0, 0}, {"Bo", std::monostate{}, 1, 2'500'000}}));

    identify("b", R"("email":"a@own.cn")"); // one person with two accounts? user ids keep them apart
    identify("c", R"("name":"Cleo","city":"Suzhou")");
    take_in();
    const CustomerId a = find("user_id:a"), c = find("user_id:c");
    const auto merged = customers_->merge(somebody(), {a, c, {}}, customer::Doing::really);
    ASSERT_TRUE(merged);
    expect_equal();
    EXPECT_EQ(number_of(fmt::format("SELECT COUNT(*) FROM node_copy WHERE customer_id = {}", std::min(a, c).value)), 2);
    ASSERT_TRUE(customers_->undo(somebody(), merged->decision));
    expect_equal();
    EXPECT_EQ(number_of("SELECT COUNT(*) FROM customer_copy WHERE state <> 'merged'"), 3);
}

TEST_P(CustomerTablesTest, ACopyThatWasAwayForLongBeginsAnew) {
    start();
    identify("a", R"("name":"Anna")");
    expect_equal();
    columns_.reset();
    identify("a", R"("name":"Anne")");
    identify("b", R"("name":"Bo")");
    take_in();
    ASSERT_TRUE(database_->write([](store::Session& session) -> Result<> {
        TRY(session.execute("INSERT INTO customer_news (customers) VALUES ('1')"));
        TRY(session.execute("DELETE FROM customer_news WHERE id < (SELECT MAX(id) FROM customer_news)"));
        return {};
    }));
    start();
    expect_equal();
    EXPECT_EQ(number_of("SELECT COUNT(*) FROM customer_copy WHERE name = 'Anne'"), 1);
}

TEST_P(CustomerTablesTest, ARebuildFindsAndRightsADifference) {
    start();
    for (int i = 0; i < 30; ++i)
        identify(fmt::format("u{}", i), fmt::format(R"("name":"N{}")", i));
    expect_equal();
    EXPECT_EQ(rebuild().comparison->differences, 0);
    for (const std::string planted :
        {"UPDATE customer_copy SET name = 'Nobody' WHERE id = (SELECT MIN(id) FROM customer_copy)",
            "UPDATE node_copy SET customer_id = customer_id + 1 WHERE id = (SELECT MIN(id) FROM node_copy)",
            "DELETE FROM node_copy WHERE id = (SELECT MAX(id) FROM node_copy)"}) {
        plant(planted);
        EXPECT_EQ(rebuild().comparison->differences, 1) << planted;
        expect_equal();
    }
}

// Whatever happens, and whenever the reader stops, the copy says in the end what the database says.
TEST_P(CustomerTablesTest, ACopyOfARandomLifeIsEqualInTheEnd) {
    std::mt19937 dice{7};
    int decided = 0;
    for (int round = 0; round < 12; ++round) {
        for (int i = 0; i < 25; ++i) {
            std::string traits = fmt::format(R"("name":"N{}")", dice() % 50);
            if (dice() % 2)
                traits += fmt::format(R"(,"email":"p{}@own.cn")", dice() % 20);
            append({fmt::format(R"({{"type":"identify","anonymousId":"v{}","traits":{{{}}}}})", dice() % 60, traits)});
        }
        take_in();
        const Rows living = rows_of_database("SELECT id FROM customer WHERE state = 'active' ORDER BY id");
        if (living.size() > 1) {
            const auto one = [&] { return CustomerId{std::get<std::int64_t>(living[dice() % living.size()][0])}; };
            const auto merged = customers_->merge(somebody(), {one(), one(), {}}, customer::Doing::really);
            decided += merged.has_value();
            if (merged && dice() % 2)
                ASSERT_TRUE(customers_->undo(somebody(), merged->decision));
        }
        if (round % 3 == 0)
            columns_.reset();
        else if (!columns_)
            start();
    }
    if (!columns_)
        start();
    expect_equal();
    EXPECT_GT(decided, 4);
    EXPECT_GT(rows_of_database("SELECT id FROM customer WHERE state = 'merged'").size(), 4u);
}

} // namespace
} // namespace onefold::columns
