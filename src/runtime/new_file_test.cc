#include "runtime/new_file.h"
#include "testing/folder.h"

#include <gtest/gtest.h>

namespace onefold::runtime {
namespace {

TEST(NewFileTest, AppearsWholeUnderItsNameAtItsEnd) {
    const testing::Folder folder;
    const auto files = make_system_files();
    const std::string path = folder.file("run"), piece(700'000, 'p');
    {
        auto file = NewFile::begin(*files, path);
        ASSERT_TRUE(file);
        for (int i = 0; i < 5; ++i)
            ASSERT_TRUE(file->append(piece));
        ASSERT_TRUE(file->append("end"));
        ASSERT_TRUE(file->overwrite(0, "head"));
        EXPECT_FALSE(files->exists(path));
        ASSERT_TRUE(file->finish());
    }
    EXPECT_FALSE(files->exists(path + ".new"));
    std::string whole;
    for (int i = 0; i < 5; ++i)
        whole += piece;
    whole.replace(0, 4, "head");
    EXPECT_TRUE(files->read_all(path, 1 << 23).value() == whole + "end");
}

TEST(NewFileTest, BeginsAnewWhereOneWasLeftBehind) {
    const testing::Folder folder;
    const auto files = make_system_files();
    const std::string path = folder.file("run");
    {
        auto left = NewFile::begin(*files, path);
        ASSERT_TRUE(left && left->append(std::string(3 << 20, 'x')));
    }
    EXPECT_FALSE(files->exists(path));
    auto file = NewFile::begin(*files, path);
    ASSERT_TRUE(file && file->append("short") && file->finish());
    EXPECT_EQ(files->read_all(path, 1 << 23).value(), "short");
}

} // namespace
} // namespace onefold::runtime
