#include "runtime/folder_beneath.h"
#include "testing/folder.h"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/stat.h>

namespace onefold::runtime {
namespace {

using Missing = FolderBeneath::Missing;
namespace fs = std::filesystem;

class FolderBeneathTest : public ::testing::Test {
  protected:
    FolderBeneathTest() {
        fs::create_directories(root + "/in");
        fs::create_directories(folder.file("secret"));
        put(folder.file("secret/keys"), "secret");
    }
    static void put(const std::string& path, std::string_view text) { std::ofstream(path) << text; }
    static std::string text_of(const std::string& path) {
        std::ifstream file(path);
        return {std::istreambuf_iterator<char>(file), {}};
    }

    testing::Folder folder;
    const std::string root = folder.file("root");
    const std::atomic<bool> is_cancelled = false;
};

TEST_F(FolderBeneathTest, NothingAboveTheRootIsReached) {
    EXPECT_EQ(FolderBeneath::open(root, "/etc", Missing::refused).error().code, "folder.outside");
    EXPECT_EQ(FolderBeneath::open(root, root + "/../secret", Missing::refused).error().code, "folder.outside");
    EXPECT_EQ(FolderBeneath::open(root, root + "-beside", Missing::made).error().code, "folder.outside");
    fs::create_directory_symlink(folder.file("secret"), root + "/out");
    EXPECT_EQ(FolderBeneath::open(root, root + "/out", Missing::refused).error().code, "folder.link");
    EXPECT_EQ(FolderBeneath::open(root, root + "/out/deeper", Missing::made).error().code, "folder.link");
    EXPECT_TRUE(FolderBeneath::open(root, root, Missing::refused));
}

TEST_F(FolderBeneathTest, LinksFoldersAndPipesAreNoFiles) {
    put(root + "/in/a.csv", "a");
    fs::create_symlink(folder.file("secret/keys"), root + "/in/link.csv");
    fs::create_directory(root + "/in/folder.csv");
    ASSERT_EQ(::mkfifo((root + "/in/pipe.csv").c_str(), 0600), 0);
    const auto in = *FolderBeneath::open(root, root + "/in", Missing::refused);
    const auto listing = *in.list(10);
    ASSERT_EQ(listing.entries.size(), 1U);
    EXPECT_EQ(listing.entries[0].name, "a.csv");
    EXPECT_EQ(in.copy("link.csv", folder.file("copied"), 100, is_cancelled).error().code, "folder.link");
    EXPECT_FALSE(in.copy("pipe.csv", folder.file("copied"), 100, is_cancelled));
    EXPECT_FALSE(fs::exists(folder.file("copied")) && text_of(folder.file("copied")) == "secret");
    EXPECT_FALSE(in.find("link.csv")->has_value());
}

TEST_F(FolderBeneathTest, AFileIsCopiedWholeAndNotBeyondItsLimit) {
    put(root + "/in/a.csv", std::string(3'000'000, 'x'));
    const auto in = *FolderBeneath::open(root, root + "/in", Missing::refused);
    const auto copied = in.copy("a.csv", folder.file("copied"), 3'000'000, is_cancelled);
    ASSERT_TRUE(copied);
    EXPECT_EQ(*copied, **in.find("a.csv"));
    EXPECT_EQ(text_of(folder.file("copied")).size(), 3'000'000U);
    EXPECT_EQ(in.copy("a.csv", folder.file("copied"), 2'999'999, is_cancelled).error().code, "folder.too_large");
    const std::atomic<bool> yes = true;
    EXPECT_EQ(in.copy("a.csv", folder.file("copied"), 3'000'000, yes).error().code, "folder.cancelled");
}

TEST_F(FolderBeneathTest, AFileMovesOverNoOther) {
    put(root + "/in/a.csv", "new");
    const auto in = *FolderBeneath::open(root, root + "/in", Missing::refused);
    const auto archive = *in.below("archive", Missing::made);
    put(root + "/in/archive/a.csv", "old");
    EXPECT_EQ(in.move("a.csv", archive, "a.csv").error().code, "files.eexist");
    ASSERT_TRUE(in.move("a.csv", archive, "a.2.csv"));
    ASSERT_TRUE(archive.write("a.2.csv.txt", "why"));
    EXPECT_EQ(text_of(root + "/in/archive/a.csv"), "old");
    EXPECT_EQ(text_of(root + "/in/archive/a.2.csv"), "new");
    EXPECT_EQ(text_of(root + "/in/archive/a.2.csv.txt"), "why");
    EXPECT_EQ(in.move("a.csv", archive, "a.csv").error().code, "files.enoent");
}

TEST_F(FolderBeneathTest, AListIsCutAtItsLimit) {
    for (int i = 0; i < 5; ++i)
        put(root + "/in/" + std::to_string(i), "x");
    const auto listing = *(*FolderBeneath::open(root, root + "/in", Missing::refused)).list(3);
    EXPECT_EQ(listing.entries.size(), 3U);
    EXPECT_TRUE(listing.is_cut);
}

TEST_F(FolderBeneathTest, APathIsMadePlain) {
    EXPECT_EQ(plain_path("/a//b/./c/"), "/a/b/c");
    EXPECT_EQ(plain_path("/"), "/");
    EXPECT_EQ(plain_path("a/b"), "");
    EXPECT_EQ(plain_path("/a/../b"), "");
    EXPECT_TRUE(is_below("/a/b", "/a"));
    EXPECT_TRUE(is_below("/a", "/a"));
    EXPECT_FALSE(is_below("/ab", "/a"));
    EXPECT_TRUE(is_below("/ab", "/"));
}

} // namespace
} // namespace onefold::runtime
