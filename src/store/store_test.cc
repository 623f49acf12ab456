#include "store/store.h"
#include "testing/databases.h"

#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <sys/wait.h>
#include <unistd.h>

namespace onefold::store {
namespace {

const Schema notes{
    "note", {{1, "0001_note",
                "CREATE TABLE note (id IDENTITY, text TEXT UNIQUE, size BIGINT, weight DOUBLE PRECISION, raw BYTEA)"}}};

std::string message_of(const Error& error) {
    return error.code + ": " + std::string(error.message.in("en"));
}

Result<std::int64_t> count(Session& session) {
    return *TRY(session.find_integer("SELECT COUNT(*) FROM note"));
}

class StoreTest : public testing::OnBothDatabases {
  public:
    std::unique_ptr<Database> database = open({notes});

    Result<std::int64_t> add(const std::string& text) {
        return database->write(
            [&](Session& session) { return session.execute("INSERT INTO note(text) VALUES ($1)", {text}); });
    }
    std::int64_t count_all() { return *database->read(count); }
};
ON_BOTH_DATABASES(StoreTest);

TEST_P(StoreTest, ValuesComeBackAsTheyWent) {
    constexpr auto least = std::numeric_limits<std::int64_t>::min();
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    std::string every_byte;
    for (int byte = 0; byte < 256; ++byte)
        every_byte.push_back(static_cast<char>(byte));
    const std::vector<Values> rows{
        {"张伟 归一 𠮷", least, 0.1, Blob{every_byte}},
        {"", most, std::numeric_limits<double>::denorm_min(), Blob{}},
        {std::monostate{}, std::monostate{}, std::monostate{}, std::monostate{}},
        {"a'b\"c\\d", std::int64_t{0}, -std::numeric_limits<double>::max(), Blob{std::string(3, '\0')}},
        {"e", std::int64_t{-1}, std::numeric_limits<double>::infinity(), Blob{"\\x41"}},
    };
    auto changed = database->write([&](Session& session) {
        return session.execute_many("INSERT INTO note(text, size, weight, raw) VALUES ($1, $2, $3, $4)", rows);
    });
    ASSERT_TRUE(changed) << message_of(changed.error());
    EXPECT_EQ(*changed, 5);
    auto found = database->read([&](Session& session) {
        return session.list("SELECT text, size, weight, raw FROM note ORDER BY id", {},
            [](const Row& row) { return Values{row.value(0), row.value(1), row.value(2), row.value(3)}; });
    });
    ASSERT_TRUE(found);
    EXPECT_EQ(*found, rows);
}

TEST_P(StoreTest, NullIsNotTheEmptyText) {
    ASSERT_TRUE(add(""));
    auto done = database->read([&](Session& session) {
        return session.each("SELECT text, size, raw FROM note", {}, [](const Row& row) -> Result<> {
            EXPECT_EQ(row.columns(), 3);
            EXPECT_FALSE(row.is_null(0));
            EXPECT_TRUE(row.is_null(1));
            EXPECT_EQ(row.integer(1), 0);
            EXPECT_EQ(row.real(1), 0.0);
            EXPECT_EQ(row.text(1), "");
            EXPECT_EQ(row.blob(2), "");
            EXPECT_EQ(row.optional_integer(1), std::nullopt);
            return {};
        });
    });
    EXPECT_TRUE(done);
}

TEST_P(StoreTest, NotANumberIsKeptAsNull) {
    auto is_null = database->write([&](Session& session) {
        return session.find("INSERT INTO note(weight) VALUES ($1) RETURNING weight", {std::nan("")},
            [](const Row& row) { return row.is_null(0); });
    });
    ASSERT_TRUE(is_null);
    EXPECT_TRUE(**is_null);
}

TEST_P(StoreTest, TextThatIsNotUtf8IsRefused) {
    EXPECT_EQ(add("\xff").error().code, "store.bad_text");
    EXPECT_EQ(add(std::string("a\0b", 3)).error().code, "store.bad_text");
    EXPECT_EQ(count_all(), 0);
}

TEST_P(StoreTest, PlaceholdersMayComeTwiceAndInAnyOrder) {
    auto found = database->write([&](Session& session) -> Result<std::optional<std::int64_t>> {
        TRY(session.execute("INSERT INTO note(size, text) VALUES ($2, $1)", {"a", 7}));
        return session.find_integer("SELECT size FROM note WHERE (size = $2 OR size = $2 + 1) AND text = $1", {"a", 7});
    });
    ASSERT_TRUE(found) << message_of(found.error());
    EXPECT_EQ(*found, 7);
}

TEST_P(StoreTest, ANullFindsItsTypeAmongOtherValues) {
    const auto* sql = "INSERT INTO note(size, text) VALUES ($1, $2)";
    for (const Values& values :
        {Values{std::monostate{}, "a"}, Values{5, "b"}, Values{std::monostate{}, std::monostate{}}})
        ASSERT_TRUE(database->write([&](Session& session) { return session.execute(sql, values); }));
    EXPECT_EQ(count_all(), 3);
}

TEST_P(StoreTest, SumsOfIntegersAreIntegers) {
    auto sum = database->write([&](Session& session) -> Result<std::optional<Value>> {
        TRY(session.execute_many("INSERT INTO note(size) VALUES ($1)", {{std::int64_t{1} << 60}, {2}}));
        return session.find("SELECT SUM(size) FROM note", {}, [](const Row& row) { return row.value(0); });
    });
    ASSERT_TRUE(sum);
    EXPECT_EQ(**sum, Value{(std::int64_t{1} << 60) + 2});
}

TEST_P(StoreTest, TextSortsByCodePoint) {
    for (const char* text : {"b", "B", "a", "Z", "ä", "张"})
        ASSERT_TRUE(add(text));
    auto sorted = database->read([&](Session& session) {
        return session.list(
            "SELECT text FROM note ORDER BY text", {}, [](const Row& row) { return std::string(row.text(0)); });
    });
    EXPECT_EQ(*sorted, (std::vector<std::string>{"B", "Z", "a", "b", "ä", "张"}));
}

TEST_P(StoreTest, AFailedWriteLeavesNothing) {
    auto failed = database->write([&](Session& session) -> Result<> {
        TRY(session.execute("INSERT INTO note(text) VALUES ('a')"));
        return fail(ErrorKind::invalid, "note.wrong", LocalText("wrong", "错"));
    });
    EXPECT_EQ(failed.error().code, "note.wrong");
    EXPECT_EQ(count_all(), 0);
}

TEST_P(StoreTest, ABrokenConstraintIsAConflict) {
    ASSERT_TRUE(add("a"));
    auto twice = add("a");
    ASSERT_FALSE(twice);
    EXPECT_EQ(twice.error().code, "store.constraint");
    EXPECT_EQ(twice.error().kind, ErrorKind::conflict);
    EXPECT_NE(twice.error().message.in("zh-CN"), twice.error().message.in("en"));
}

TEST_P(StoreTest, AWorkThatIgnoresAFailedStatementFails) {
    ASSERT_TRUE(add("a"));
    auto ignored = database->write([&](Session& session) -> Result<> {
        (void)session.execute("INSERT INTO note(text) VALUES ('b')");
        (void)session.execute("INSERT INTO note(text) VALUES ('a')");
        EXPECT_EQ(session.execute("INSERT INTO note(text) VALUES ('c')").error().code, "store.constraint");
        return {};
    });
    EXPECT_EQ(ignored.error().code, "store.constraint");
    EXPECT_EQ(count_all(), 1);
    EXPECT_TRUE(add("b"));
}

TEST_P(StoreTest, WrongSqlFailsAndTheNextWorkGoesOn) {
    auto wrong = database->read([](Session& session) { return session.find_integer("SELECT nothing FROM nowhere"); });
    EXPECT_EQ(wrong.error().code, "store.failed");
    auto two = database->write([](Session& session) { return session.execute("DELETE FROM note; DELETE FROM note"); });
    EXPECT_EQ(two.error().code, "store.failed");
    EXPECT_TRUE(add("a"));
    EXPECT_EQ(count_all(), 1);
}

TEST_P(StoreTest, AnExceptionInAWorkIsItsFailure) {
    const auto work = [](Session& session) -> Result<> {
        TRY(session.find_integer("SELECT COUNT(*) FROM note"));
        throw std::runtime_error("thrown");
    };
    EXPECT_EQ(database->write(work).error().code, "store.failed");
    EXPECT_EQ(database->read(work).error().code, "store.failed");
    EXPECT_TRUE(add("a"));
}

TEST_P(StoreTest, AReaderDoesNotWrite) {
    auto done = database->read([](Session& session) { return session.execute("INSERT INTO note(text) VALUES ('a')"); });
    EXPECT_FALSE(done);
    EXPECT_EQ(count_all(), 0);
}

TEST_P(StoreTest, AReadersSnapshotDoesNotSeeALaterWrite) {
    ASSERT_TRUE(add("a"));
    auto counts = database->read([&](Session& session) -> Result<std::pair<std::int64_t, std::int64_t>> {
        const auto before = TRY(count(session));
        EXPECT_TRUE(add("b"));
        return std::pair(before, TRY(count(session)));
    });
    EXPECT_EQ(*counts, std::pair(std::int64_t{1}, std::int64_t{1}));
    EXPECT_EQ(count_all(), 2);
}

TEST_P(StoreTest, AReadingInsideAReadingSharesItsSnapshot) {
    auto inner = database->read([&](Session&) -> Result<std::int64_t> {
        EXPECT_TRUE(add("b"));
        return database->read([&](Session&) { return database->read(count); });
    });
    EXPECT_TRUE(inner);
}

TEST_P(StoreTest, ASinkStopsTheRowsWithItsError) {
    for (const char* text : {"a", "b", "c"})
        ASSERT_TRUE(add(text));
    int seen = 0;
    auto stopped = database->write([&](Session& session) -> Result<> {
        auto each = session.each("SELECT id FROM note", {}, [&](const Row&) -> Result<> {
            ++seen;
            return fail(ErrorKind::invalid, "note.enough", LocalText("enough", "够了"));
        });
        EXPECT_EQ(each.error().code, "note.enough");
        TRY(session.execute("INSERT INTO note(text) VALUES ('d')"));
        return {};
    });
    EXPECT_TRUE(stopped);
    EXPECT_EQ(seen, 1);
    EXPECT_EQ(count_all(), 4);
}

TEST_P(StoreTest, ASinkMayRunFurtherStatements) {
    for (const char* text : {"a", "b", "c"})
        ASSERT_TRUE(add(text));
    const auto* sql = "SELECT id FROM note ORDER BY id";
    std::vector<std::int64_t> seen;
    auto done = database->read([&](Session& session) {
        return session.each(sql, {}, [&](const Row& row) -> Result<> {
            seen.push_back(row.integer(0));
            seen.push_back(*TRY(session.find_integer(sql)));
            return {};
        });
    });
    ASSERT_TRUE(done) << message_of(done.error());
    EXPECT_EQ(seen, (std::vector<std::int64_t>{1, 1, 2, 1, 3, 1}));
}

TEST_P(StoreTest, ExecuteCountsTheRowsChanged) {
    for (const char* text : {"a", "b", "c"})
        ASSERT_TRUE(add(text));
    auto counts = database->write([&](Session& session) -> Result<std::vector<std::int64_t>> {
        return std::vector{TRY(session.execute("UPDATE note SET size = 1 WHERE text <> $1", {"a"})),
            TRY(session.execute("UPDATE note SET size = 1 WHERE text = 'none'")),
            TRY(session.execute("SELECT id FROM note")),
            TRY(session.execute_many("DELETE FROM note WHERE text = $1", {{"a"}, {"none"}, {"c"}})),
            TRY(session.execute_many("DELETE FROM note WHERE text = $1", {}))};
    });
    ASSERT_TRUE(counts) << message_of(counts.error());
    EXPECT_EQ(*counts, (std::vector<std::int64_t>{2, 0, 0, 2, 0}));
}

TEST_P(StoreTest, ManyQueriesAnswerInOrderWithTheirIndex) {
    std::vector<Values> rows;
    for (int i = 0; i < 1800; ++i)
        rows.push_back({fmt::format("n{}", i), i % 3 == 0 ? Value{} : Value{i % 3}});
    ASSERT_TRUE(database->write(
        [&](Session& session) { return session.execute_many("INSERT INTO note(text, size) VALUES ($1, $2)", rows); }));
    std::vector<Values> wanted;
    for (int i = 1999; i >= 0; --i)
        wanted.push_back({fmt::format("n{}", i)});
    std::vector<std::size_t> indexes;
    auto done = database->read([&](Session& session) {
        return session.each_many(
            "SELECT text FROM note WHERE text = $1", wanted, [&](std::size_t index, const Row& row) -> Result<> {
                EXPECT_EQ(row.text(0), fmt::format("n{}", 1999 - index));
                indexes.push_back(index);
                return {};
            });
    });
    ASSERT_TRUE(done) << message_of(done.error());
    EXPECT_EQ(indexes.size(), 1800u);
    EXPECT_TRUE(std::is_sorted(indexes.begin(), indexes.end()));
    EXPECT_EQ(indexes.front(), 200u);
}

TEST_P(StoreTest, ManyNewRowsAnswerTheirIdsInOrder) {
    std::vector<Values> rows;
    for (int i = 0; i < 1200; ++i)
        rows.push_back({fmt::format("n{}", i)});
    auto ids = database->write(
        [&](Session& session) { return session.insert_many("INSERT INTO note(text) VALUES ($1)", rows); });
    ASSERT_TRUE(ids) << message_of(ids.error());
    ASSERT_EQ(ids->size(), 1200u);
    std::vector<Values> keys;
    for (const std::int64_t id : *ids)
        keys.push_back({id});
    std::size_t found = 0;
    ASSERT_TRUE(database->read([&](Session& session) {
        return session.each_many(
            "SELECT text FROM note WHERE id = $1", keys, [&](std::size_t index, const Row& row) -> Result<> {
                EXPECT_EQ(row.text(0), fmt::format("n{}", index));
                ++found;
                return {};
            });
    }));
    EXPECT_EQ(found, 1200u);
    auto none = database->write(
        [&](Session& session) { return session.insert_many("INSERT INTO note(text) VALUES ($1)", {}); });
    EXPECT_TRUE(none && none->empty());
    auto refused = database->write([&](Session& session) {
        return session.insert_many("INSERT INTO note(text) VALUES ($1)", {{std::string("m1")}, {std::string("n1")}});
    });
    EXPECT_EQ(refused.error().code, "store.constraint");
}

TEST_P(StoreTest, OneBadRowOfManyUndoesThemAll) {
    std::vector<Values> rows;
    for (int i = 0; i < 1200; ++i)
        rows.push_back({fmt::format("n{}", i == 700 ? 1 : i)});
    auto done = database->write(
        [&](Session& session) { return session.execute_many("INSERT INTO note(text) VALUES ($1)", rows); });
    EXPECT_EQ(done.error().code, "store.constraint");
    EXPECT_EQ(count_all(), 0);
    EXPECT_TRUE(add("n1"));
}

TEST_P(StoreTest, AChangedTableIsSeenByThoseWhoReadItBefore) {
    const auto* sql = "SELECT * FROM note";
    const auto columns = [&](Session& session) {
        return session.find(sql, {}, [](const Row& row) { return row.columns(); });
    };
    ASSERT_TRUE(add("a"));
    EXPECT_EQ(**database->read(columns), 5);
    ASSERT_TRUE(
        database->write([](Session& session) { return session.execute("ALTER TABLE note ADD COLUMN more TEXT"); }));
    auto after = database->read(columns);
    ASSERT_TRUE(after) << message_of(after.error());
    EXPECT_EQ(**after, 6);
}

TEST_P(StoreTest, WhatWasWrittenIsThereAfterOpeningAgain) {
    ASSERT_TRUE(add("a"));
    database.reset();
    database = open({notes});
    EXPECT_EQ(count_all(), 1);
}

} // namespace
} // namespace onefold::store
