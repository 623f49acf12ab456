// A whole database out of one snapshot, and back again.
#include "store/copy.h"
#include "testing/databases.h"
#include "testing/folder.h"
#include "testing/postgres.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <thread>

namespace onefold::store {
namespace {

const Schema notes{
    "note", {{1, "0001_note",
                "CREATE TABLE author (id IDENTITY, name TEXT NOT NULL UNIQUE);"
                "CREATE TABLE note (id IDENTITY, author_id BIGINT NOT NULL REFERENCES author (id), text TEXT, "
                "weight DOUBLE PRECISION, bytes BYTEA, stars BIGINT NOT NULL DEFAULT 3);"
                "CREATE INDEX note_of_author ON note (author_id, id);"
                "CREATE UNIQUE INDEX note_once ON note (author_id, text);"
                "CREATE TABLE pair (a BIGINT NOT NULL, b BIGINT NOT NULL, PRIMARY KEY (a, b)) WITHOUT ROWID"}}};

const std::string odd_text = "tab\there, line\nbreak, back\\slash, \\. and 归一 ' \" $1";

Result<> fill(Database& database, int from, int to) {
    return database.write([&](Session& session) -> Result<> {
        TRY(session.execute("INSERT INTO author (name) VALUES ($1) ON CONFLICT (name) DO NOTHING", {"林梅"}));
        for (int i = from; i < to; ++i) {
            TRY(session.execute("INSERT INTO note (author_id, text, weight, bytes) VALUES (1, $1, $2, $3)",
                {i == 0 ? odd_text : fmt::format("note {}", i), i / 3.0,
                    i % 2 ? Value{Blob{std::string("\0\xff\n", 3)}} : Value{}}));
            TRY(session.execute("INSERT INTO pair (a, b) VALUES ($1, $2)", {std::int64_t(i), std::int64_t(i)}));
        }
        return {};
    });
}

std::int64_t count(Database& database, const std::string& what = "SELECT COUNT(*) FROM note") {
    return database.read([&](Session& session) { return session.find_integer(what); })->value_or(-1);
}

struct Counts {
    std::int64_t notes = 0, pairs = 0;
};
Copying looking_at(Counts& counts) {
    return {[&counts](Session& session) -> Result<> {
                counts.notes = TRY(session.find_integer("SELECT COUNT(*) FROM note")).value_or(0);
                return {};
            },
        {}};
}

// Writes pairs of rows, each in one transaction, until it ends.
class Busy {
  public:
    explicit Busy(Database& database)
        : thread_([this, &database] {
              for (; !is_over_; next_ += 20)
                  VERIFY(fill(database, next_, next_ + 20));
          }) {}
    ~Busy() {
        is_over_ = true;
        thread_.join();
    }

  private:
    static inline int next_ = 1'000'000;
    std::atomic<bool> is_over_ = false;
    std::thread thread_;
};

class SqliteCopy : public ::testing::Test {
  protected:
    testing::Folder folder;
    const std::string path = folder.file("main.db"), target = folder.file("copy.db");
    std::unique_ptr<Database> database = std::move(*Database::open(path, {notes}));
};

TEST_F(SqliteCopy, IsOneSnapshotWhileTheWriterGoesOn) {
    ASSERT_TRUE(fill(*database, 0, 120'000));
    for (int round = 0; round < 5; ++round) {
        Counts counts;
        const auto file = fmt::format("{}{}", target, round);
        const auto commits_before = database->activity().commits;
        {
            const Busy busy(*database);
            auto copying = looking_at(counts);
            int steps = 0;
            copying.progress = [&](std::uint64_t done, std::uint64_t total) -> Result<> {
                EXPECT_LE(done, total);
                ++steps;
                std::this_thread::sleep_for(std::chrono::milliseconds{20});
                return {};
            };
            ASSERT_TRUE(copy_sqlite(path, file, copying));
            EXPECT_GT(steps, 1) << "it is made in steps";
        }
        EXPECT_GT(database->activity().commits, commits_before);
        std::int64_t notes = 0, pairs = 0;
        const auto wrong = check_sqlite(file, [&](Session& session) -> Result<> {
            notes = TRY(session.find_integer("SELECT COUNT(*) FROM note")).value_or(0);
            pairs = TRY(session.find_integer("SELECT COUNT(*) FROM pair")).value_or(0);
            return {};
        });
        ASSERT_TRUE(wrong);
        EXPECT_TRUE(wrong->empty());
        EXPECT_EQ(notes, counts.notes) << "what was looked at is what was copied";
        EXPECT_EQ(notes, pairs) << "no transaction is torn";
        EXPECT_FALSE(std::filesystem::exists(file + "-wal"));
        EXPECT_GT(count(*database), notes);
    }
}

TEST_F(SqliteCopy, OpensAsADatabase) {
    ASSERT_TRUE(fill(*database, 0, 10));
    ASSERT_TRUE(copy_sqlite(path, target, {}));
    auto copy = Database::open(target, {notes});
    ASSERT_TRUE(copy);
    EXPECT_EQ(count(**copy), 10);
    EXPECT_TRUE(fill(**copy, 10, 20));
}

TEST_F(SqliteCopy, EndsWhereItIsToldTo) {
    ASSERT_TRUE(fill(*database, 0, 10));
    const auto copied =
        copy_sqlite(path, target, {{}, [](std::uint64_t, std::uint64_t) -> Result<> {
                                       return fail(ErrorKind::unavailable, "test.enough", {"enough", "够了"});
                                   }});
    ASSERT_FALSE(copied);
    EXPECT_EQ(copied.error().code, "test.enough");
    EXPECT_TRUE(fill(*database, 10, 20)) << "and the database goes on";
}

TEST_F(SqliteCopy, ADamagedOneIsTold) {
    ASSERT_TRUE(fill(*database, 0, 3000));
    ASSERT_TRUE(copy_sqlite(path, target, {}));
    std::fstream bytes(target, std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(4096 * 20 + 9);
    bytes << "damage";
    bytes.close();
    const auto wrong = check_sqlite(target, {});
    EXPECT_TRUE(!wrong || !wrong->empty());
}

class PostgresDump : public ::testing::Test {
  protected:
    std::string dump(const Copying& copying = {}) {
        std::string text;
        const auto dumped = dump_postgres(
            url,
            [&](std::string_view bytes) -> Result<> {
                text += bytes;
                return {};
            },
            copying);
        if (!dumped)
            ADD_FAILURE() << dumped.error().message.in("en");
        return text;
    }
    // In pieces that end anywhere.
    static Get in_pieces(const std::string& text) {
        return [&text, at = std::size_t{0}]() mutable -> Result<std::string> {
            const auto piece = text.substr(at, 777);
            at += piece.size();
            return piece;
        };
    }
    static std::string code_of(const Result<>& result) { return result ? "" : result.error().code; }

    const std::string url = testing::Postgres::get().make_database();
    const std::string other = testing::Postgres::get().make_database();
    std::unique_ptr<Database> database = std::move(*Database::open(url, {notes}));
};

TEST_F(PostgresDump, IsOneSnapshotWhileTheWriterGoesOnAndComesBack) {
    ASSERT_TRUE(fill(*database, 0, 5000));
    Counts counts;
    std::string text;
    {
        const Busy busy(*database);
        auto copying = looking_at(counts);
        copying.progress = [](std::uint64_t, std::uint64_t) -> Result<> {
            std::this_thread::sleep_for(std::chrono::milliseconds{20});
            return {};
        };
        text = dump(copying);
    }
    ASSERT_TRUE(check_dump(in_pieces(text)));
    std::int64_t looked = 0;
    const auto loaded = load_postgres(other, in_pieces(text), [&](Session& session) -> Result<> {
        looked = TRY(session.find_integer("SELECT COUNT(*) FROM pair")).value_or(0);
        return {};
    });
    ASSERT_TRUE(loaded) << loaded.error().message.in("en");
    EXPECT_EQ(looked, counts.notes);
    auto back = std::move(*Database::open(other, {notes}));
    EXPECT_EQ(count(*back), counts.notes);
    EXPECT_GT(count(*database), counts.notes);
    const auto all = "SELECT id, author_id, text, weight, bytes, stars FROM note WHERE id <= 5000 ORDER BY id";
    std::vector<std::vector<Value>> rows[2];
    for (int i = 0; i < 2; ++i)
        ASSERT_TRUE((i ? *back : *database).read([&](Session& session) {
            return session.each(all, {}, [&](const Row& row) -> Result<> {
                std::vector<Value> values;
                for (int column = 0; column < row.columns(); ++column)
                    values.push_back(row.value(column));
                rows[i].push_back(values);
                return {};
            });
        }));
    EXPECT_EQ(rows[0].size(), 5000u);
    EXPECT_TRUE(rows[0] == rows[1]);
    EXPECT_EQ(count(*back, "SELECT COUNT(*) FROM pg_indexes WHERE schemaname = 'public'"),
        count(*database, "SELECT COUNT(*) FROM pg_indexes WHERE schemaname = 'public'"));
    EXPECT_TRUE(fill(*back, 900'000, 900'010)) << "identities go on behind the last one";
    EXPECT_EQ(back->write([](Session& session) {
                      return session.execute("INSERT INTO note (author_id, text) VALUES (99, 'of nobody')");
                  })
                  .error()
                  .code,
        "store.constraint")
        << "keys are kept";
    EXPECT_EQ(dump(), dump()) << "the same snapshot says the same";
}

TEST_F(PostgresDump, IsLoadedWholeOrNotAtAll) {
    ASSERT_TRUE(fill(*database, 0, 50));
    const std::string text = dump();
    EXPECT_EQ(code_of(load_postgres(url, in_pieces(text), {})), "store.database_in_use");
    for (std::size_t size = 0; size + 1 < text.size(); size += text.size() / 40) {
        const std::string cut = text.substr(0, size);
        EXPECT_EQ(code_of(check_dump(in_pieces(cut))), "store.bad_dump") << size;
        EXPECT_EQ(code_of(load_postgres(other, in_pieces(cut), {})), "store.bad_dump") << size;
    }
    std::string fewer = text;
    const auto row = fewer.find("\tnote 7\t");
    const auto begin = fewer.rfind('\n', row) + 1;
    fewer.erase(begin, fewer.find('\n', row) + 1 - begin);
    EXPECT_EQ(code_of(check_dump(in_pieces(fewer))), "store.bad_dump") << "a row is missing";
    const std::string evil = "{\"onefold_dump\":1}\n{\"create\":\"DROP TABLE x\"}\n{\"end\":true}\n";
    EXPECT_EQ(code_of(load_postgres(other, in_pieces(evil), {})), "store.bad_dump");
    const std::string double_evil =
        "{\"onefold_dump\":1}\n{\"create\":\"CREATE TABLE y (a int); DROP TABLE y\"}\n{\"end\":true}\n";
    EXPECT_EQ(code_of(load_postgres(other, in_pieces(double_evil), {})), "store.failed");
    ASSERT_TRUE(load_postgres(other, in_pieces(text), {})) << "the database is still empty";
    EXPECT_EQ(code_of(load_postgres(other, in_pieces(text), {})), "store.not_empty");
}

} // namespace
} // namespace onefold::store
