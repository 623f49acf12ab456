#include "runtime/folder_lock.h"
#include "testing/folder.h"

#include <csignal>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace onefold::runtime {
namespace {

// Whether another process can take the lock.
bool is_free_for_another_process(const std::string& folder) {
    const pid_t child = ::fork();
    if (child == 0)
        ::_exit(FolderLock::take(folder).has_value() ? 0 : 1);
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status));
    return WEXITSTATUS(status) == 0;
}

TEST(FolderLock, RefusesASecondProcessUntilItIsReleased) {
    const testing::Folder folder;
    {
        auto lock = FolderLock::take(folder.path());
        ASSERT_TRUE(lock);
        EXPECT_FALSE(is_free_for_another_process(folder.path()));
        const FolderLock moved = std::move(*lock);
        EXPECT_FALSE(is_free_for_another_process(folder.path()));
    }
    EXPECT_TRUE(is_free_for_another_process(folder.path()));
    EXPECT_TRUE(FolderLock::take(folder.path()));
}

TEST(FolderLock, NamesTheFolderInBothLanguages) {
    const testing::Folder folder;
    const auto lock = FolderLock::take(folder.path());
    const auto second = FolderLock::take(folder.path());
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, "runtime.folder_in_use");
    EXPECT_EQ(second.error().kind, ErrorKind::conflict);
    for (const char* locale : {"en", "zh-CN"})
        EXPECT_NE(second.error().message.in(locale).find(folder.path()), std::string_view::npos) << locale;
    EXPECT_NE(second.error().message.in("en"), second.error().message.in("zh-CN"));
}

TEST(FolderLock, IsReleasedWhenItsProcessIsKilled) {
    const testing::Folder folder;
    int ready[2];
    ASSERT_EQ(::pipe(ready), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        const auto lock = FolderLock::take(folder.path());
        if (::write(ready[1], lock ? "y" : "n", 1) != 1)
            ::_exit(1);
        ::pause();
        ::_exit(1);
    }
    char answer = 0;
    ASSERT_EQ(::read(ready[0], &answer, 1), 1);
    EXPECT_EQ(answer, 'y');
    EXPECT_FALSE(FolderLock::take(folder.path()));
    ::kill(child, SIGKILL);
    ASSERT_EQ(::waitpid(child, nullptr, 0), child);
    EXPECT_TRUE(FolderLock::take(folder.path()));
    ::close(ready[0]);
    ::close(ready[1]);
}

TEST(FolderLock, SaysWhenTheFolderIsNotThere) {
    const testing::Folder folder;
    EXPECT_EQ(FolderLock::take(folder.file("none")).error().code, "files.enoent");
}

} // namespace
} // namespace onefold::runtime
