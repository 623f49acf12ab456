#include "store/postgres.h"
#include "testing/databases.h"
#include "testing/postgres.h"

#include <gtest/gtest.h>
#include <thread>

namespace onefold::store {
namespace {

const Schema notes{"note", {{1, "0001_note", "CREATE TABLE note (id IDENTITY, text TEXT)"}}};

class PostgresTest : public ::testing::Test {
  public:
    const std::string url = testing::Postgres::get().make_database();
    std::unique_ptr<Database> database = std::move(*Database::open(url, {notes}));

    Result<std::int64_t> add() {
        return database->write([](Session& session) { return session.execute("INSERT INTO note(text) VALUES ('a')"); });
    }
    Result<std::optional<std::int64_t>> count() {
        return database->read([](Session& session) { return session.find_integer("SELECT COUNT(*) FROM note"); });
    }
};

TEST_F(PostgresTest, AConnectionThatBrokeWhileNobodyUsedItIsMadeAnew) {
    ASSERT_TRUE(add());
    EXPECT_EQ(**count(), 1);
    testing::Postgres::get().break_connections(url);
    EXPECT_TRUE(add());
    EXPECT_EQ(**count(), 2);
}

TEST_F(PostgresTest, AWorkWhoseConnectionBreaksIsUnavailableAndTheNextGoesOn) {
    auto broken = database->write([&](Session& session) -> Result<> {
        TRY(session.execute("INSERT INTO note(text) VALUES ('a')"));
        testing::Postgres::get().break_connections(url);
        TRY(session.execute("INSERT INTO note(text) VALUES ('b')"));
        return {};
    });
    EXPECT_EQ(broken.error().code, "store.unavailable");
    auto in_many = database->write([&](Session& session) {
        testing::Postgres::get().break_connections(url);
        return session.execute_many("INSERT INTO note(text) VALUES ($1)", std::vector<Values>(2000, Values{"b"}));
    });
    EXPECT_EQ(in_many.error().code, "store.unavailable");
    EXPECT_TRUE(add());
    EXPECT_EQ(**count(), 1);
}

TEST_F(PostgresTest, ACommitThatBreaksSaysThatItsOutcomeIsUnknown) {
    auto unknown = database->write([&](Session& session) -> Result<> {
        TRY(session.execute("INSERT INTO note(text) VALUES ('a')"));
        testing::Postgres::get().break_connections(url);
        return {};
    });
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().code, "store.unavailable");
    EXPECT_NE(unknown.error().message.in("en").find("outcome is unknown"), std::string_view::npos);
    EXPECT_TRUE(add());
}

TEST_F(PostgresTest, AServerThatIsNotThereIsUnavailable) {
    auto none = Database::open("postgres:///none?host=/nowhere&user=nobody", {});
    EXPECT_EQ(none.error().code, "store.unavailable");
}

TEST_F(PostgresTest, CommitsAreDurableEvenWhereTheServersDefaultIsNot) {
    testing::Postgres::get().administer("ALTER ROLE postgres SET synchronous_commit = off");
    auto connection =
        PostgresConnection::open(url, std::make_shared<Definitions>(0), PostgresConnection::Purpose::reading);
    testing::Postgres::get().administer("ALTER ROLE postgres RESET synchronous_commit");
    ASSERT_TRUE(connection);
    std::string value;
    EXPECT_TRUE((*connection)->each("SHOW synchronous_commit", {}, [&](const Row& row) -> Result<> {
        value = row.text(0);
        return {};
    }));
    EXPECT_EQ(value, "on");
}

TEST_F(PostgresTest, ATableThatGrewIsCountedAnewAtOnce) {
    ASSERT_TRUE(database->write([](Session& session) -> Result<> {
        TRY(session.execute("ALTER TABLE note SET (autovacuum_enabled = false)")); // PostgreSQL's own comes later
        TRY(session.execute("INSERT INTO note(text) SELECT 'a' FROM generate_series(1, 5000)"));
        return {};
    }));
    const auto known = [&] {
        return **database->read([](Session& session) {
            return session.find_integer("SELECT CAST(reltuples AS BIGINT) FROM pg_class WHERE relname = 'note'");
        });
    };
    for (int tries = 0; tries < 300 && known() < 5000; ++tries) {
        ASSERT_TRUE(add()); // what a session changed is told with a later commit of it
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    EXPECT_GE(known(), 5000);
}

TEST(PostgresDatabase, ServesOneProcessAtATime) {
    const std::string url = testing::Postgres::get().make_database();
    auto first = Database::open(url, {});
    ASSERT_TRUE(first) << first.error().message.in("en");
    const auto second = Database::open(url, {});
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, "store.database_in_use");
    first->reset();
    EXPECT_TRUE(Database::open(url, {}));
}

} // namespace
} // namespace onefold::store
