#include "fetch/place.h"
#include "testing/folder.h"
#include "testing/outside.h"

#include <filesystem>
#include <gtest/gtest.h>

namespace onefold::fetch {
namespace {

namespace fs = std::filesystem;

class FolderPlaceTest : public ::testing::Test {
  protected:
    std::unique_ptr<Place> place(const Limits& limits = {}) {
        Settings settings;
        settings.folder = watched();
        settings.pattern = "*.csv";
        settings.size_mb_max = 1;
        return make_folder_place(settings, {folder_.path()}, limits, is_stopping_);
    }
    std::string watched() const { return folder_.file("watched"); }
    void write(const std::string& name, std::string_view text) {
        ASSERT_TRUE(outside_.files->make_folder(fs::path(watched() + "/" + name).parent_path()));
        ASSERT_TRUE(outside_.files->replace(watched() + "/" + name, text));
    }
    std::string read(const std::string& name) {
        return outside_.files->read_all(watched() + "/" + name, 1 << 20).value_or("");
    }
    // Of the only file.
    Seen seen(Place& place) { return place.list()->files.at(0); }

    testing::Folder folder_;
    testing::Outside outside_;
    std::atomic<bool> is_stopping_ = false;
};

TEST_F(FolderPlaceTest, WhatIsNotMeantTakesNoPlaceInTheLimit) {
    for (int i = 0; i < 20; ++i)
        write(fmt::format("a{:02}.log", i), "x");
    for (int i = 0; i < 3; ++i)
        write(fmt::format("b{}.csv", i), "x");
    const auto all = place({.entries_max = 3})->list();
    ASSERT_TRUE(all);
    EXPECT_EQ(all->files.size(), 3u);
    EXPECT_FALSE(all->is_cut);
    const auto some = place({.entries_max = 2})->list();
    EXPECT_EQ(some->files.size(), 2u);
    EXPECT_TRUE(some->is_cut);
}

TEST_F(FolderPlaceTest, AReasonIsWrittenOverNoOtherFile) {
    write("a.csv", "wrong");
    write("error/a.csv.txt", "somebody's own");
    const auto one = place();
    const auto moved = one->put_away({seen(*one), "error", "a.7.csv", "why"});
    ASSERT_TRUE(moved);
    EXPECT_EQ(moved->moved, Moved::done);
    EXPECT_EQ(read("error/a.csv"), "wrong");
    EXPECT_EQ(read("error/a.csv.txt"), "somebody's own");
    EXPECT_EQ(read("error/a.7.csv.txt"), "why");
}

TEST_F(FolderPlaceTest, AFileIsMovedOverNoOtherOne) {
    write("a.csv", "new");
    write("archive/a.csv", "old");
    const auto one = place();
    ASSERT_EQ(one->put_away({seen(*one), "archive", "a.7.csv", ""})->moved, Moved::done);
    EXPECT_EQ(read("archive/a.csv"), "old");
    EXPECT_EQ(read("archive/a.7.csv"), "new");
}

TEST_F(FolderPlaceTest, AnotherFileOfTheNameStaysWhereItIs) {
    write("a.csv", "taken");
    const auto one = place();
    const Seen before = seen(*one);
    write("a.csv", "and a new one");
    EXPECT_EQ(one->put_away({before, "archive", "a.7.csv", ""})->moved, Moved::changed);
    EXPECT_EQ(read("a.csv"), "and a new one");
    ASSERT_TRUE(outside_.files->remove(watched() + "/a.csv"));
    EXPECT_EQ(one->put_away({before, "archive", "a.7.csv", ""})->moved, Moved::gone);
}

TEST_F(FolderPlaceTest, AFileThatIsTooLargeIsNotTaken) {
    write("a.csv", std::string((1 << 20) + 1, 'x'));
    const auto one = place();
    const auto taken = one->take(seen(*one), {}, folder_.file("to"));
    ASSERT_FALSE(taken);
    EXPECT_EQ(taken.error().kind, ErrorKind::too_large);
}

// The data folder of a server, with its folder of fetched files in it.
class OwnFolderTest : public ::testing::Test {
  protected:
    void SetUp() override {
        for (const char* name : {"data/fetch", "data/inbox/7", "elsewhere"})
            fs::create_directories(folder_.file(name));
    }
    bool is_apart(const std::string& folder) {
        const auto apart = check_apart(folder, folder_.file("data/fetch"));
        if (!apart)
            EXPECT_EQ(apart.error().code, "folder.own");
        return apart.has_value();
    }
    testing::Folder folder_;
};

TEST_F(OwnFolderTest, IsWatchedBelowItsInboxOnly) {
    EXPECT_TRUE(is_apart(folder_.file("elsewhere")));
    EXPECT_TRUE(is_apart(folder_.file("data-of-others")));
    EXPECT_TRUE(is_apart(folder_.file("data/inbox")));
    EXPECT_TRUE(is_apart(folder_.file("data/inbox/7")));
    EXPECT_TRUE(is_apart(folder_.file("data/inbox/8/not/there/yet")));
    EXPECT_FALSE(is_apart(folder_.file("data")));
    EXPECT_FALSE(is_apart(folder_.file("data/log")));
    EXPECT_FALSE(is_apart(folder_.file("data/inboxes")));
    EXPECT_FALSE(is_apart(folder_.file("data/inbox/../uploads")));
    EXPECT_FALSE(is_apart(folder_.path())) << "it holds the data folder";
    EXPECT_FALSE(is_apart("/"));
}

TEST_F(OwnFolderTest, IsNotReachedByALinkEither) {
    fs::create_directory_symlink(folder_.file("data"), folder_.file("elsewhere/link"));
    EXPECT_FALSE(is_apart(folder_.file("elsewhere/link")));
    EXPECT_FALSE(is_apart(folder_.file("elsewhere/link/uploads")));
    EXPECT_TRUE(is_apart(folder_.file("elsewhere/link/inbox/7")));
}

} // namespace
} // namespace onefold::fetch
