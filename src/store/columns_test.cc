#include "store/columns.h"
#include "testing/folder.h"

#include <atomic>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <limits>
#include <sys/stat.h>
#include <thread>

namespace onefold::store {
namespace {

class ColumnsTest : public ::testing::Test {
  public:
    testing::Folder folder;
    const std::string path = folder.file("columns.duckdb");
    std::unique_ptr<Columns> columns = std::move(*Columns::open(path));
    std::unique_ptr<ColumnsConnection> connection = std::move(*columns->connect());

    std::string code_of(const std::string& sql) {
        auto done = connection->each(sql, {}, [](const Row&) -> Result<> { return {}; });
        return done ? "" : done.error().code;
    }
    std::vector<Values> rows_of(const std::string& sql, const Values& values = {}) {
        std::vector<Values> rows;
        auto done = connection->each(sql, values, [&](const Row& row) -> Result<> {
            auto& kept = rows.emplace_back();
            for (int i = 0; i < row.columns(); ++i)
                kept.push_back(row.value(i));
            return {};
        });
        EXPECT_TRUE(done) << (done ? "" : done.error().message.in("en"));
        return rows;
    }
    std::int64_t number_of(const std::string& sql) { return std::get<std::int64_t>(rows_of(sql).at(0).at(0)); }
};

TEST_F(ColumnsTest, ValuesComeBackAsTheyWent) {
    const std::vector<Values> rows{
        {std::numeric_limits<std::int64_t>::max(), 0.1, "张伟 归一，一个比较长的文本", Blob{std::string("a\0\xff", 3)}},
        {std::int64_t{-1}, -0.5, "", Blob{}},
        {std::monostate{}, std::monostate{}, std::monostate{}, std::monostate{}},
    };
    ASSERT_TRUE(connection->execute("CREATE TABLE event (a BIGINT, b DOUBLE, c VARCHAR, d BLOB)"));
    ASSERT_TRUE(connection->append("event", rows));
    EXPECT_EQ(rows_of("SELECT * FROM event"), rows);
    for (const auto& row : rows)
        ASSERT_EQ(*connection->execute("INSERT INTO event VALUES ($1, $2, $3, $4)", row), 1);
    EXPECT_EQ(rows_of("SELECT * FROM event OFFSET 3"), rows);
}

TEST_F(ColumnsTest, FunctionsOfOursAreKnown) {
    const Functions functions{
        {"joined", [](std::span<const Function::Argument> arguments) -> std::optional<std::string> {
             if (arguments[0] == "refuse")
                 throw std::invalid_argument("refused");
             std::string text;
             for (const auto& argument : arguments)
                 text += argument ? fmt::format("[{}]", *argument) : "[]";
             return arguments[0] ? std::optional(text) : std::nullopt;
         }}};
    columns = std::move(*Columns::open(folder.file("other.duckdb"), {}, functions));
    connection = std::move(*columns->connect());
    const auto rows =
        rows_of("SELECT joined(CASE WHEN range % 2 = 0 THEN 'a text that is longer than twelve bytes 上' END, "
                "CAST(range AS VARCHAR), NULL) FROM range(5000)");
    ASSERT_EQ(rows.size(), 5000u);
    EXPECT_EQ(rows[4998].at(0), Value("[a text that is longer than twelve bytes 上][4998][]"));
    EXPECT_EQ(rows[4999].at(0), Value());
    EXPECT_EQ(code_of("SELECT joined('refuse')"), "columns.failed");
}

TEST_F(ColumnsTest, SumsBooleansAndTimesAreIntegers) {
    EXPECT_EQ(
        rows_of(
            "SELECT SUM(range), true, TIMESTAMP '1970-01-01 00:00:01', DATE '1970-01-03', 7::UTINYINT FROM range(5)"),
        (std::vector<Values>{{10, 1, 1'000'000, 2, 7}}));
    EXPECT_EQ(code_of("SELECT [1, 2]"), "columns.failed");
}

TEST_F(ColumnsTest, ManyRowsAreAppendedAndCounted) {
    ASSERT_TRUE(connection->execute("CREATE TABLE event (node BIGINT, name VARCHAR)"));
    std::vector<Values> rows;
    for (int i = 0; i < 20'000; ++i)
        rows.push_back({i, fmt::format("event {}", i % 7)});
    ASSERT_TRUE(connection->append("event", rows));
    EXPECT_EQ(number_of("SELECT COUNT(*) FROM event WHERE name = 'event 3'"), 2857);
    EXPECT_EQ(rows_of("SELECT node FROM event ORDER BY node").size(), 20'000u);
}

TEST_F(ColumnsTest, ABadRowTakesTheWholeBatchAlong) {
    ASSERT_TRUE(connection->execute("CREATE TABLE event (node BIGINT NOT NULL)"));
    EXPECT_FALSE(connection->append("event", {{1}, {2}, {"not a number"}}));
    EXPECT_FALSE(connection->append("event", {{1}, {2, 3}}));
    EXPECT_FALSE(connection->append("event", {{1}, {std::monostate{}}}));
    EXPECT_FALSE(connection->append("nowhere", {{1}}));
    EXPECT_EQ(number_of("SELECT COUNT(*) FROM event"), 0);
}

TEST_F(ColumnsTest, ABatchByColumnFillsWhatIsSetAndLeavesTheRestBlank) {
    ASSERT_TRUE(connection->execute(
        "CREATE TABLE event (a BIGINT, b INTEGER, c TIMESTAMP, d DATE, e BOOLEAN, f DOUBLE, g VARCHAR, h VARCHAR)"));
    ColumnsBatch batch(8);
    for (int i = 0; i < 5000; ++i) {
        batch.begin_row();
        batch.set(0, std::int64_t{i});
        if (i % 3 == 0) {
            batch.set(1, std::int64_t{-i});
            batch.set(2, std::int64_t{i} * 1'000'000);
            batch.set(3, std::int64_t{i});
            batch.set(4, std::int64_t{i % 2});
            batch.set(5, i / 8.0);
            batch.set(6, fmt::format("归一 is one, number {}", i));
        }
    }
    ASSERT_TRUE(connection->append_batch("event", batch));
    EXPECT_EQ(rows_of("SELECT * FROM event WHERE a IN (2049, 2050) ORDER BY a"),
        (std::vector<Values>{
            {2049, -2049, 2049'000'000, 2049, 1, 256.125, "归一 is one, number 2049", std::monostate{}},
            {2050, std::monostate{}, std::monostate{}, std::monostate{}, std::monostate{}, std::monostate{},
                std::monostate{}, std::monostate{}}}));
    EXPECT_EQ(rows_of("SELECT COUNT(*), SUM(a), COUNT(g), COUNT(h) FROM event"),
        (std::vector<Values>{{5000, 12'497'500, 1667, 0}}));
    EXPECT_FALSE(connection->append_batch("event", ColumnsBatch(7))) << "another number of columns";
    EXPECT_EQ(number_of("SELECT COUNT(*) FROM event"), 5000);
}

TEST_F(ColumnsTest, RowsAndTheirCursorComeTogetherOrNotAtAll) {
    ASSERT_TRUE(connection->execute("CREATE TABLE event (node BIGINT)"));
    ASSERT_TRUE(connection->execute("CREATE TABLE applied (position BIGINT)"));
    ASSERT_TRUE(connection->in_transaction([](ColumnsConnection& inner) -> Result<> {
        TRY(inner.append("event", {{1}, {2}}));
        TRY(inner.execute("INSERT INTO applied VALUES (2)"));
        return {};
    }));
    auto failed = connection->in_transaction([](ColumnsConnection& inner) -> Result<> {
        TRY(inner.append("event", {{3}}));
        TRY(inner.execute("INSERT INTO nowhere VALUES (3)"));
        return {};
    });
    EXPECT_EQ(failed.error().code, "columns.failed");
    EXPECT_EQ(number_of("SELECT COUNT(*) FROM event"), 2);
    EXPECT_EQ(number_of("SELECT MAX(position) FROM applied"), 2);
}

TEST_F(ColumnsTest, WhatWasWrittenIsThereAfterOpeningAgain) {
    ASSERT_TRUE(connection->execute("CREATE TABLE event AS SELECT 5 AS a"));
    connection.reset();
    columns.reset();
    columns = std::move(*Columns::open(path));
    connection = std::move(*columns->connect());
    EXPECT_EQ(number_of("SELECT a FROM event"), 5);
    struct stat status{};
    ASSERT_EQ(::stat(path.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(ColumnsTest, ADamagedFileIsSaidToBeDamaged) {
    const auto wrong = folder.file("wrong.duckdb");
    std::ofstream(wrong) << std::string(20'000, 'x');
    EXPECT_EQ(Columns::open(wrong).error().code, "columns.damaged");
}

TEST_F(ColumnsTest, AnEndlessStatementCanBeInterrupted) {
    std::atomic<bool> is_done = false;
    std::thread watchdog([&] {
        while (!is_done) {
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
            connection->interrupt();
        }
    });
    EXPECT_EQ(code_of("SELECT COUNT(*) FROM range(1000000000000) a, range(1000000000000) b"), "columns.interrupted");
    is_done = true;
    watchdog.join();
    EXPECT_EQ(number_of("SELECT 1"), 1);
}

TEST_F(ColumnsTest, WhatDoesNotFitIsRefusedAndTheNextQuestionGoesOn) {
    auto small = std::move(*Columns::open(folder.file("small.duckdb"), {.memory_mb = 32, .temporary_files_mb = 1}));
    auto narrow = std::move(*small->connect());
    auto done =
        narrow->each("SELECT list(range::VARCHAR) FROM range(20000000)", {}, [](const Row&) -> Result<> { return {}; });
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, "columns.too_large") << done.error().message.in("en");
    EXPECT_TRUE(narrow->execute("CREATE TABLE event (a BIGINT)"));
}

TEST_F(ColumnsTest, LargeSortsUseTemporaryFilesBesideTheDatabase) {
    auto small = std::move(*Columns::open(folder.file("small.duckdb"), {.memory_mb = 64, .temporary_files_mb = 512}));
    auto narrow = std::move(*small->connect());
    auto done =
        narrow->execute("CREATE TABLE sorted AS SELECT md5(range::VARCHAR) AS digest FROM range(2000000) ORDER BY 1");
    EXPECT_TRUE(done) << (done ? "" : done.error().message.in("en"));
}

TEST_F(ColumnsTest, NoStatementReachesAFileTheNetworkAnExtensionOrASetting) {
    std::ofstream(folder.file("secret.csv")) << "a,b\n1,2\n";
    std::ofstream(folder.file("secret.json")) << "{\"a\":1}\n";
    ASSERT_TRUE(connection->execute("CREATE TABLE event (a BIGINT)"));
    const auto in_folder = [&](const char* name) { return "'" + folder.file(name) + "'"; };
    const std::vector<std::string> attacks{
        "SELECT * FROM read_csv(" + in_folder("secret.csv") + ")",
        "SELECT * FROM read_csv_auto('/etc/passwd')",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM read_blob('/etc/passwd')",
        "SELECT * FROM read_json(" + in_folder("secret.json") + ")",
        "SELECT * FROM read_parquet('/etc/passwd')",
        "SELECT * FROM parquet_metadata('/etc/passwd')",
        "SELECT * FROM sniff_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM " + in_folder("secret.csv"),
        "SELECT * FROM 'http://127.0.0.1:1/x.csv'",
        "SELECT * FROM glob('/etc/*')",
        "COPY event TO " + in_folder("stolen.csv"),
        "COPY (SELECT 1) TO '/tmp/onefold-stolen.parquet' (FORMAT parquet)",
        "COPY event FROM " + in_folder("secret.csv"),
        "EXPORT DATABASE " + in_folder("stolen"),
        "IMPORT DATABASE " + in_folder("stolen"),
        "ATTACH " + in_folder("other.duckdb") + " AS other",
        "ATTACH '/etc/passwd' (TYPE sqlite)",
        "INSTALL httpfs",
        "INSTALL httpfs FROM community",
        "LOAD httpfs",
        "LOAD '/tmp/evil.duckdb_extension'",
        "SET enable_external_access = true",
        "SET memory_limit = '100GB'",
        "SET GLOBAL temp_directory = '/tmp/elsewhere'",
        "SET allowed_directories = ['/etc']",
        "SET lock_configuration = false",
        "RESET memory_limit",
        "PRAGMA temp_directory = '/tmp/elsewhere'",
        "PRAGMA enable_profiling = 'json'",
        "PRAGMA profiling_output = '/tmp/onefold-stolen.json'",
        "CREATE PERSISTENT SECRET s (TYPE http, BEARER_TOKEN 'x')",
        "SELECT * FROM sqlite_scan('/etc/passwd', 't')",
        "CREATE TABLE stolen AS SELECT * FROM read_text('/etc/hostname')",
        "CREATE VIEW stolen AS SELECT * FROM read_text('/etc/hostname')",
    };
    for (const auto& attack : attacks)
        EXPECT_EQ(code_of(attack), "columns.failed") << attack;
    for (const char* name : {"stolen.csv", "stolen", "other.duckdb"})
        EXPECT_FALSE(std::filesystem::exists(folder.file(name))) << name;
    EXPECT_EQ(number_of("SELECT COUNT(*) FROM event"), 0);
}

TEST_F(ColumnsTest, OnlyOneStatementAtATime) {
    EXPECT_EQ(code_of("SELECT 1; SELECT 2"), "columns.failed");
    EXPECT_FALSE(connection->execute("SELECT $1", {}));
}

} // namespace
} // namespace onefold::store
