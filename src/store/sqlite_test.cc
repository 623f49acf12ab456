#include "store/checkpointer.h"
#include "store/store.h"
#include "testing/folder.h"

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace onefold::store {
namespace {

const Schema notes{
    "note", {{1, "0001_note", "CREATE TABLE note (id IDENTITY, text TEXT, parent_id BIGINT REFERENCES note(id))"}}};

class SqliteTest : public ::testing::Test {
  public:
    testing::Folder folder;
    const std::string path = folder.file("data/main.db");
    std::unique_ptr<Database> database = std::move(*Database::open(path, {notes}));

    std::string code_of(const std::string& sql) {
        auto done = database->write([&](Session& session) { return session.execute(sql); });
        return done ? "" : done.error().code;
    }
    std::string setting(const std::string& name) {
        auto connection =
            SqliteConnection::open(path, SqliteConnection::Purpose::writing, std::make_shared<WalFrames>());
        std::string value;
        EXPECT_TRUE((*connection)->each("PRAGMA " + name, {}, [&](const Row& row) -> Result<> {
            value = row.text(0);
            return {};
        }));
        return value;
    }
};

TEST_F(SqliteTest, FunctionsOfOursAreKnownToReadersAndTheWriter) {
    const Functions functions{
        {"joined", [](std::span<const Function::Argument> arguments) -> std::optional<std::string> {
             std::string text;
             for (const auto& argument : arguments) {
                 if (argument == "refuse")
                     throw std::invalid_argument("refused");
                 text += argument ? fmt::format("[{}]", *argument) : "[]";
             }
             return arguments.empty() ? std::nullopt : std::optional(text);
         }}};
    auto other = std::move(*Database::open(folder.file("other.db"), {notes}, {.functions = functions}));
    const auto found = [&](const std::string& sql) {
        return other->read([&](Session& session) {
            return session.list(
                sql, {}, [](const Row& row) { return row.is_null(0) ? "NULL" : std::string(row.text(0)); });
        });
    };
    EXPECT_EQ(found("SELECT joined('上', NULL, 7, 1, 2, 3, 4, 5, 6)")->at(0), "[上][][7][1][2][3][4][5][6]");
    EXPECT_EQ(found("SELECT joined()")->at(0), "NULL");
    EXPECT_EQ(found("SELECT joined('refuse')").error().code, "store.failed");
    EXPECT_TRUE(
        other->write([](Session& session) { return session.execute("INSERT INTO note (text) VALUES (joined('a'))"); }));
}

TEST_F(SqliteTest, OnlyItsOwnerReadsTheFiles) {
    ASSERT_EQ(code_of("INSERT INTO note(text) VALUES ('a')"), "");
    for (const auto& entry : std::filesystem::directory_iterator(folder.path() + "/data")) {
        struct stat status{};
        ASSERT_EQ(::stat(entry.path().c_str(), &status), 0);
        EXPECT_EQ(status.st_mode & 0777, 0600u) << entry.path();
    }
    struct stat status{};
    ASSERT_EQ(::stat((folder.path() + "/data").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0700u);
}

TEST_F(SqliteTest, ItIsSetForDurabilityAndDistrust) {
    EXPECT_EQ(setting("journal_mode"), "wal");
    EXPECT_EQ(setting("synchronous"), "2");
    EXPECT_EQ(setting("foreign_keys"), "1");
    EXPECT_EQ(setting("secure_delete"), "1");
    EXPECT_EQ(setting("trusted_schema"), "0");
    EXPECT_EQ(setting("wal_autocheckpoint"), "0");
}

TEST_F(SqliteTest, TablesAreStrictAndReferencesHold) {
    EXPECT_EQ(code_of("INSERT INTO note(parent_id) VALUES ('text')"), "store.constraint");
    EXPECT_EQ(code_of("INSERT INTO note(parent_id) VALUES (99)"), "store.constraint");
}

TEST_F(SqliteTest, TheSchemaCannotBeWrittenAndDoubleQuotesAreNoText) {
    EXPECT_EQ(code_of("UPDATE sqlite_schema SET sql = 'x'"), "store.failed");
    EXPECT_EQ(code_of("INSERT INTO note(text) VALUES (\"text\")"), "store.failed");
    EXPECT_EQ(code_of("SELECT load_extension('x')"), "store.failed");
}

TEST_F(SqliteTest, ANumberlessOrMissingPlaceholderIsRefused) {
    EXPECT_EQ(code_of("INSERT INTO note(text) VALUES (?)"), "store.failed");
    EXPECT_EQ(code_of("INSERT INTO note(text) VALUES ($2)"), "store.failed");
    EXPECT_EQ(code_of("INSERT INTO note(text) VALUES ($1)"), "store.failed");
}

TEST_F(SqliteTest, WhatIsNotADatabaseIsCalledDamaged) {
    const auto wrong = folder.file("wrong.db");
    std::ofstream(wrong) << std::string(5000, 'x');
    EXPECT_EQ(Database::open(wrong, {}).error().code, "store.damaged");
}

TEST_F(SqliteTest, ManyDifferentStatementsShareASmallCache) {
    auto done = database->write([](Session& session) -> Result<> {
        for (int i = 0; i < 1500; ++i)
            TRY(session.find_integer("SELECT " + std::to_string(i)));
        return {};
    });
    EXPECT_TRUE(done);
}

TEST_F(SqliteTest, TheLogMovesIntoTheFileInAPause) {
    auto done = database->write([](Session& session) -> Result<> {
        for (int i = 0; i < 3000; ++i)
            TRY(session.execute("INSERT INTO note(text) VALUES ($1)", {std::string(3000, 'x')}));
        return {};
    });
    ASSERT_TRUE(done);
    for (int i = 0; i < 200 && std::filesystem::file_size(path) < 9'000'000; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    EXPECT_GT(std::filesystem::file_size(path), 9'000'000u);
}

Result<> write_12_mb(Session& session) {
    for (int row = 0; row < 3000; ++row)
        TRY(session.execute("INSERT INTO note(text) VALUES ($1)", {std::string(4000, 'x')}));
    return {};
}

TEST_F(SqliteTest, TheLogIsRestartedWhenItIsLong) {
    for (int i = 0; i < 20; ++i) { // 240 MB in all, no faster than they can be copied
        ASSERT_TRUE(database->write(write_12_mb));
        std::this_thread::sleep_for(std::chrono::milliseconds(250));
    }
    EXPECT_LT(std::filesystem::file_size(path + "-wal"), 160u << 20);
}

TEST_F(SqliteTest, TheLogIsBoundedHoweverQuicklyItIsWritten) {
    for (int i = 0; i < 70; ++i) // 840 MB in all
        ASSERT_TRUE(database->write(write_12_mb));
    EXPECT_LT(std::filesystem::file_size(path + "-wal"), 550u << 20);
}

TEST_F(SqliteTest, TheLogIsCopiedWhenSomebodyWhoReadWhatIsOlderHasLeft) {
    ASSERT_TRUE(database->read([&](Session& session) -> Result<> {
        TRY(session.find_integer("SELECT COUNT(*) FROM note")); // here the snapshot begins
        TRY(database->write(write_12_mb));
        std::this_thread::sleep_for(std::chrono::milliseconds(700));
        EXPECT_LT(std::filesystem::file_size(path), 9'000'000u);
        return {};
    }));
    for (int i = 0; i < 200 && std::filesystem::file_size(path) < 9'000'000; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    EXPECT_GT(std::filesystem::file_size(path), 9'000'000u);
}

TEST_F(SqliteTest, AFullDiskRefusesTheWriteAndReadingGoesOn) {
    ASSERT_EQ(code_of("INSERT INTO note(text) VALUES ('a')"), "");
    auto filled = database->write([](Session& session) -> Result<> {
        TRY(session.each("PRAGMA max_page_count = 20", {}, [](const Row&) -> Result<> { return {}; }));
        TRY(session.execute("INSERT INTO note(text) VALUES ($1)", {std::string(200'000, 'x')}));
        return {};
    });
    EXPECT_EQ(filled.error().code, "store.full");
    EXPECT_EQ(filled.error().kind, ErrorKind::storage_full);
    auto count = database->read([](Session& session) { return session.find_integer("SELECT COUNT(*) FROM note"); });
    EXPECT_EQ(**count, 1);
    EXPECT_EQ(code_of("INSERT INTO note(text) VALUES ('b')"), "");
}

// The kernel refuses to let the file grow, which is a write error and not a full disk.
TEST_F(SqliteTest, AFailedWriteOfTheFileEndsTheProcessWithCode74) {
    database.reset();
    const auto child = ::fork();
    if (child == 0) {
        auto writing = Database::open(path, {notes});
        ::signal(SIGXFSZ, SIG_IGN);
        const rlimit small{200'000, 200'000};
        ::setrlimit(RLIMIT_FSIZE, &small);
        ::freopen("/dev/null", "w", stderr);
        (void)(*writing)->write([](Session& session) {
            return session.execute("INSERT INTO note(text) VALUES ($1)", {std::string(1'000'000, 'x')});
        });
        ::_exit(1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 74);
    database = std::move(*Database::open(path, {notes}));
    EXPECT_EQ(code_of("INSERT INTO note(text) VALUES ('b')"), "");
}

} // namespace
} // namespace onefold::store
