#include "runtime/runtime.h"
#include "testing/folder.h"

#include <csignal>
#include <gtest/gtest.h>
#include <random>
#include <set>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace onefold::runtime {
namespace {

class FilesTest : public ::testing::Test {
  protected:
    static unsigned mode_of(const std::string& path) {
        struct stat status{};
        EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
        return status.st_mode & 0777;
    }

    testing::Folder folder;
    std::unique_ptr<Files> files = make_system_files();
};

TEST_F(FilesTest, ReadsBackWhatWasWrittenWhereItWasWritten) {
    const auto file = *files->open(folder.file("a"), OpenMode::create);
    ASSERT_TRUE(file->write_at(0, "hello world"));
    ASSERT_TRUE(file->write_at(6, std::string_view{"\0earth", 6}));
    EXPECT_EQ(*file->read_at(0, 100), std::string("hello \0earth", 12));
    EXPECT_EQ(*file->read_at(7, 3), "ear");
    EXPECT_EQ(*file->read_at(12, 3), "");
    EXPECT_EQ(*file->read_at(500, 3), "");
    EXPECT_EQ(*file->size(), 12u);
    ASSERT_TRUE(file->truncate(5));
    EXPECT_TRUE(file->sync_data());
    EXPECT_EQ(*files->read_all(folder.file("a"), 5), "hello");
    EXPECT_EQ(mode_of(folder.file("a")), 0600u);
}

TEST_F(FilesTest, ReservesSpaceThatReadsAsZerosAndKeepsWhatWasThere) {
    const auto file = *files->open(folder.file("a"), OpenMode::create);
    ASSERT_TRUE(file->write_at(0, "abc"));
    ASSERT_TRUE(file->allocate(100'000));
    EXPECT_EQ(*file->size(), 100'000u);
    EXPECT_EQ(*file->read_at(0, 5), std::string("abc\0\0", 5));
    ASSERT_TRUE(file->allocate(10));
    EXPECT_EQ(*file->size(), 100'000u);
}

TEST_F(FilesTest, NamesEachErrorByItsErrno) {
    EXPECT_EQ(files->open(folder.file("none"), OpenMode::read).error().code, "files.enoent");
    EXPECT_EQ(files->open(folder.file("none"), OpenMode::read_write).error().code, "files.enoent");
    EXPECT_EQ(files->open(folder.file("none/a"), OpenMode::create).error().code, "files.enoent");
    EXPECT_EQ(files->open(folder.path(), OpenMode::create).error().code, "files.eisdir");
    EXPECT_EQ(files->list(folder.file("none")).error().code, "files.enoent");
    EXPECT_EQ(files->remove(folder.file("none")).error().code, "files.enoent");
    EXPECT_EQ(files->rename(folder.file("none"), folder.file("b")).error().code, "files.enoent");
    EXPECT_EQ(files->read_all(folder.path(), 10).error().code, "files.eisdir");
    EXPECT_EQ(files->open(folder.file(std::string(300, 'x')), OpenMode::create).error().code, "files.enametoolong");
    ASSERT_TRUE(files->replace(folder.file("file"), "x"));
    EXPECT_EQ(files->make_folder(folder.file("file/below")).error().code, "files.enotdir");
    EXPECT_EQ(files->make_folder(folder.file("file")).error().code, "files.enotdir");
    const auto only_read = *files->open(folder.file("file"), OpenMode::read);
    EXPECT_EQ(only_read->write_at(0, "y").error().code, "files.ebadf");
    const auto full = *files->open("/dev/full", OpenMode::read_write);
    EXPECT_EQ(full->write_at(0, "y").error().code, "files.enospc");
    EXPECT_EQ(full->write_at(0, "y").error().kind, ErrorKind::storage_full);
    const auto missing = files->open(folder.file("none"), OpenMode::read).error();
    EXPECT_EQ(missing.kind, ErrorKind::not_found);
    EXPECT_NE(missing.message.in("en").find(folder.file("none")), std::string_view::npos);
    EXPECT_NE(missing.message.in("zh-CN").find("不存在"), std::string_view::npos);
}

TEST_F(FilesTest, MakesAFolderWithItsParentsForTheOwnerOnly) {
    ASSERT_TRUE(files->make_folder(folder.file("a/b/c")));
    EXPECT_EQ(mode_of(folder.file("a")), 0700u);
    EXPECT_EQ(mode_of(folder.file("a/b/c")), 0700u);
    EXPECT_TRUE(files->make_folder(folder.file("a/b/c"))) << "it exists already";
    EXPECT_TRUE(files->make_folder(folder.file("d/"))) << "a slash at the end";
    EXPECT_TRUE(files->exists(folder.file("d")));
    EXPECT_TRUE(files->sync_folder(folder.file("a")));
}

TEST_F(FilesTest, ListsNamesSortedAndRenamesAndRemoves) {
    for (const char* name : {"b", "a", ".hidden", "名"})
        ASSERT_TRUE(files->replace(folder.file(name), name));
    EXPECT_EQ(*files->list(folder.path()), (std::vector<std::string>{".hidden", "a", "b", "名"}));
    ASSERT_TRUE(files->rename(folder.file("a"), folder.file("b")));
    EXPECT_EQ(*files->read_all(folder.file("b"), 10), "a");
    ASSERT_TRUE(files->remove(folder.file("b")));
    EXPECT_FALSE(files->exists(folder.file("b")));
}

TEST_F(FilesTest, ReadsAllUpToALimitAlsoWhereTheSizeIsNotKnown) {
    ASSERT_TRUE(files->replace(folder.file("a"), std::string(1000, 'x')));
    EXPECT_EQ(files->read_all(folder.file("a"), 1000)->size(), 1000u);
    EXPECT_EQ(files->read_all(folder.file("a"), 999).error().code, "files.too_large");
    EXPECT_NE(files->read_all("/proc/self/status", 1 << 20)->find("VmRSS"), std::string::npos);
    EXPECT_EQ(files->read_all("/proc/self/status", 10).error().code, "files.too_large");
}

TEST_F(FilesTest, ReplacesAFileAndLeavesNothingBesideIt) {
    ASSERT_TRUE(files->replace(folder.file("a"), "first, and longer"));
    ASSERT_TRUE(files->replace(folder.file("a"), "second"));
    EXPECT_EQ(*files->read_all(folder.file("a"), 100), "second");
    EXPECT_EQ(files->list(folder.path())->size(), 1u);
    EXPECT_EQ(mode_of(folder.file("a")), 0600u);
    ASSERT_TRUE(files->make_folder(folder.file("taken")));
    EXPECT_FALSE(files->replace(folder.file("taken"), "x"));
    EXPECT_FALSE(files->exists(folder.file("taken.new")));
}

TEST_F(FilesTest, GivesAFileASecondNameAndRemovesOnlyEmptyFolders) {
    ASSERT_TRUE(files->replace(folder.file("a"), "bytes"));
    ASSERT_TRUE(files->make_folder(folder.file("inner")));
    ASSERT_TRUE(files->link(folder.file("a"), folder.file("inner/b")));
    EXPECT_EQ(files->link(folder.file("a"), folder.file("inner/b")).error().code, "files.eexist");
    EXPECT_EQ(files->remove_folder(folder.file("inner")).error().code, "files.enotempty");
    ASSERT_TRUE(files->remove(folder.file("a")));
    EXPECT_EQ(*files->read_all(folder.file("inner/b"), 100), "bytes");
    ASSERT_TRUE(files->remove(folder.file("inner/b")));
    ASSERT_TRUE(files->remove_folder(folder.file("inner")));
    EXPECT_FALSE(files->exists(folder.file("inner")));
}

TEST_F(FilesTest, ReplacesWholeOrNotAtAllWhenItIsKilled) {
    const std::string path = folder.file("a");
    constexpr std::size_t size = 300'000;
    ASSERT_TRUE(files->replace(path, std::string(size, 'z')));
    std::mt19937 random{std::random_device{}()};
    std::set<char> seen;
    for (int round = 0; round < 20 || (seen.size() <= 2 && round < 400); ++round) {
        const pid_t child = ::fork();
        if (child == 0)
            for (char c = 'a';; c = c == 'y' ? 'a' : char(c + 1))
                if (!files->replace(path, std::string(size, c)))
                    ::_exit(1);
        ::usleep(5'000 + random() % 20'000);
        ::kill(child, SIGKILL);
        int status = 0;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        ASSERT_TRUE(WIFSIGNALED(status));
        const auto bytes = files->read_all(path, size);
        ASSERT_TRUE(bytes) << bytes.error().message.in("en");
        ASSERT_EQ(*bytes, std::string(size, bytes->front()));
        seen.insert(bytes->front());
    }
    EXPECT_GT(seen.size(), 2u) << "the children hardly replaced anything, so this proves little";
}

TEST(SystemRandom, NeverRepeatsItselfAndFillsWhatItIsAskedFor) {
    const auto random = make_system_random();
    std::set<std::string> tokens;
    for (int i = 0; i < 1000; ++i)
        tokens.insert(random->token());
    EXPECT_EQ(tokens.size(), 1000u);
    EXPECT_EQ(tokens.begin()->size(), 32u);
    EXPECT_EQ(random->token(16).size(), 22u);
    EXPECT_EQ(random->bytes(1000).size(), 1000u);
    EXPECT_NE(random->bytes(1000), std::string(1000, '\0'));
}

TEST(SystemClock, ShowsThisCenturyAndOnlyGoesForward) {
    const auto clock = make_system_clock();
    EXPECT_GT(clock->now(), Instant{std::chrono::sys_days{std::chrono::year{2024} / 1 / 1}});
    const auto before = clock->monotonic();
    EXPECT_LE(before, clock->monotonic());
}

} // namespace
} // namespace onefold::runtime
