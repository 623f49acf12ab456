#include "store/store.h"
#include "testing/databases.h"

#include <atomic>
#include <csignal>
#include <fcntl.h>
#include <fmt/format.h>
#include <future>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace onefold::store {
namespace {

const Schema notes{"note", {{1, "0001_note", "CREATE TABLE note (id IDENTITY, text TEXT UNIQUE, size BIGINT)"}}};

std::string message_of(const Error& error) {
    return error.code + ": " + std::string(error.message.in("en"));
}

class WriterTest : public testing::OnBothDatabases {
  public:
    std::unique_ptr<Database> database = open({notes});

    Result<std::int64_t> add(const std::string& text) {
        return database->write(
            [&](Session& session) { return session.execute("INSERT INTO note(text) VALUES ($1)", {text}); });
    }
    std::int64_t count_all() {
        return **database->read([](Session& session) { return session.find_integer("SELECT COUNT(*) FROM note"); });
    }
};
ON_BOTH_DATABASES(WriterTest);

// Lets the works that follow gather behind one that is under way, so that they share the next commit.
class Gathered {
  public:
    explicit Gathered(Database& database)
        : holder_([this, &database] {
              EXPECT_TRUE(database.write([this](Session&) -> Result<> {
                  began_.set_value();
                  released_.get_future().wait();
                  std::this_thread::sleep_for(std::chrono::milliseconds(10));
                  return {};
              }));
          }) {
        began_.get_future().wait();
    }
    template <class Write>
    void add(Write write) {
        writers_.emplace_back(std::move(write));
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    void finish() {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        released_.set_value();
        for (auto& writer : writers_)
            writer.join();
        holder_.join();
    }

  private:
    std::promise<void> began_, released_;
    std::vector<std::thread> writers_;
    std::thread holder_;
};

TEST_P(WriterTest, WritesThatWaitTogetherShareOneCommit) {
    const auto before = database->activity();
    Gathered gathered(*database);
    for (int i = 0; i < 30; ++i)
        gathered.add([this, i] { EXPECT_TRUE(add(fmt::format("n{}", i))); });
    gathered.finish();
    const auto after = database->activity();
    EXPECT_EQ(after.writes - before.writes, 31u);
    EXPECT_LE(after.commits - before.commits, 5u);
    EXPECT_EQ(count_all(), 30);
}

TEST_P(WriterTest, AFailureInASharedCommitTakesNobodyAlong) {
    Gathered gathered(*database);
    for (int i = 0; i < 12; ++i) {
        gathered.add([this, i] {
            auto done = database->write([&](Session& session) -> Result<> {
                TRY(session.execute("INSERT INTO note(text) VALUES ($1)", {fmt::format("n{}", i)}));
                if (i % 4 == 1)
                    TRY(session.execute("INSERT INTO note(text) VALUES ($1)", {fmt::format("n{}", i)}));
                if (i % 4 == 2)
                    TRY(session.execute("SELECT wrong"));
                if (i % 4 == 3)
                    return fail(ErrorKind::invalid, "note.wrong", LocalText("wrong", "错"));
                return {};
            });
            EXPECT_EQ(done.has_value(), i % 4 == 0);
        });
    }
    gathered.finish();
    EXPECT_EQ(count_all(), 3);
}

TEST_P(WriterTest, ManyThreadsWriteAndRead) {
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 12; ++thread) {
        threads.emplace_back([this, thread] {
            for (int i = 0; i < 40; ++i) {
                EXPECT_TRUE(add(fmt::format("{}-{}", thread, i)));
                auto mine = database->read([&](Session& session) {
                    return session.find_integer(
                        "SELECT COUNT(*) FROM note WHERE text LIKE $1", {fmt::format("{}-%", thread)});
                });
                ASSERT_TRUE(mine) << message_of(mine.error());
                EXPECT_EQ(**mine, i + 1);
            }
        });
    }
    for (auto& thread : threads)
        thread.join();
    EXPECT_EQ(count_all(), 480);
}

TEST_P(WriterTest, TooManyWaitingWritesAreToldToComeBack) {
    database.reset();
    auto small = open({notes}, {.writes_waiting_max = 2});
    Gathered gathered(*small);
    std::atomic<int> refused = 0;
    for (int i = 0; i < 5; ++i) {
        gathered.add([&] {
            auto done = small->write([](Session&) -> Result<> { return {}; });
            if (!done && done.error().code == "store.busy")
                ++refused;
        });
    }
    gathered.finish();
    EXPECT_EQ(refused, 3);
}

// The child tells each id once it was acknowledged; then it is killed in the midst of its work.
TEST_P(WriterTest, AcknowledgedWritesSurviveAKill) {
    database.reset();
    int ends[2];
    ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    const auto where = url();
    const auto child = ::fork();
    if (child == 0) {
        auto writing = Database::open(where, {notes});
        for (std::int64_t i = 0; writing; ++i) {
            auto done = (*writing)->write([&](Session& session) {
                return session.execute("INSERT INTO note(text, size) VALUES ($1, $2)", {fmt::format("n{}", i), i});
            });
            if (!done || ::write(ends[1], &i, sizeof i) != sizeof i)
                break;
        }
        ::_exit(1);
    }
    ::close(ends[1]);
    std::int64_t acknowledged = -1;
    std::int64_t read = 0;
    while (acknowledged < 150 && ::read(ends[0], &read, sizeof read) == sizeof read)
        acknowledged = read;
    ::kill(child, SIGKILL);
    while (::read(ends[0], &read, sizeof read) == sizeof read)
        acknowledged = read;
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status));
    ASSERT_GE(acknowledged, 150);

    database = open({notes});
    auto found = database->read([](Session& session) {
        return session.list("SELECT size FROM note ORDER BY size", {}, [](const Row& row) { return row.integer(0); });
    });
    ASSERT_TRUE(found);
    ASSERT_GT(found->size(), static_cast<std::size_t>(acknowledged));
    for (std::size_t i = 0; i < found->size(); ++i)
        EXPECT_EQ((*found)[i], static_cast<std::int64_t>(i));
}

} // namespace
} // namespace onefold::store
