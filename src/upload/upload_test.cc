#include "testing/databases.h"
#include "testing/outside.h"
#include "upload/upload.h"

namespace onefold::upload {
namespace {

using namespace std::chrono_literals;

class UploadTest : public testing::OnBothDatabases {
  protected:
    UploadTest() : database(open({schema()})), uploads(*database, outside.all, folder.file("uploads")) {
        caller.principal = {Principal::Kind::user, 3, Role::editor};
    }
    std::string bytes_of(UploadId id) {
        return *outside.files->read_all(folder.file("uploads/" + to_string(id)), 1 << 20);
    }

    testing::Folder folder;
    testing::Outside outside;
    std::unique_ptr<store::Database> database;
    Uploads uploads;
    Caller caller;
};
ON_BOTH_DATABASES(UploadTest);

TEST_P(UploadTest, AFileComesInByChunksAndIsGoneOnWithAfterARestart) {
    const auto made = uploads.create(caller, "客户.csv", 11);
    ASSERT_TRUE(made);
    ASSERT_TRUE(uploads.append(made->id, 0, "hello "));
    EXPECT_EQ(uploads.path_of(made->id).error().code, "upload.not_whole");
    Uploads later(*database, outside.all, folder.file("uploads"));
    ASSERT_EQ(later.get(made->id)->received, 6);
    EXPECT_EQ(later.append(made->id, 0, "hello ").error().code, "upload.other_offset");
    EXPECT_EQ(later.append(made->id, 7, "x").error().code, "upload.other_offset");
    EXPECT_EQ(later.append(made->id, 6, "world and more").error().code, "upload.too_much");
    ASSERT_TRUE(later.append(made->id, 6, "world"));
    EXPECT_TRUE(later.get(made->id)->is_whole());
    EXPECT_EQ(later.get(made->id)->name, "客户.csv");
    EXPECT_EQ(bytes_of(made->id), "hello world");
    EXPECT_EQ(*later.path_of(made->id), folder.file("uploads/" + to_string(made->id)));
}

TEST_P(UploadTest, BytesBeyondWhatWasAcknowledgedAreWrittenOver) {
    const auto id = uploads.create(caller, "a.csv", 4)->id;
    ASSERT_TRUE(uploads.append(id, 0, "ab"));
    const auto file = *outside.files->open(folder.file("uploads/" + to_string(id)), runtime::OpenMode::read_write);
    ASSERT_TRUE(file->write_at(2, "torn")); // as a kill in the middle of a chunk leaves it
    ASSERT_TRUE(uploads.append(id, 2, "cd"));
    EXPECT_EQ(bytes_of(id).substr(0, 4), "abcd");
}

TEST_P(UploadTest, ANameIsNeverAPath) {
    EXPECT_EQ(bare_name("../../etc/passwd"), "passwd");
    EXPECT_EQ(bare_name("C:\\Users\\王\\客户 2026.xlsx"), "客户 2026.xlsx");
    EXPECT_EQ(bare_name(" a\nb\x7f.csv "), "ab.csv");
    for (const char* nothing : {"", " ", "..", "a/", "x/..", "\t"})
        EXPECT_EQ(uploads.create(caller, nothing, 1).error().code, "upload.bad_name") << nothing;
    EXPECT_EQ(uploads.create(caller, "../../evil", 1)->name, "evil");
}

TEST_P(UploadTest, SizesAndNumbersHaveLimits) {
    EXPECT_EQ(uploads.create(caller, "a", 0).error().code, "upload.empty");
    EXPECT_EQ(uploads.create(caller, "a", -1).error().code, "upload.empty");
    EXPECT_EQ(uploads.create(caller, "a", size_max + 1).error().code, "upload.too_large");
    for (int i = 0; i < unfinished_max; ++i)
        ASSERT_TRUE(uploads.create(caller, "a", 1));
    EXPECT_EQ(uploads.create(caller, "a", 1).error().code, "upload.too_many");
}

TEST_P(UploadTest, AFileBelongsToWhoBeganIt) {
    const auto id = uploads.create(caller, "a", 2)->id;
    EXPECT_TRUE(uploads.check_owner(caller, id));
    Caller other;
    other.principal = {Principal::Kind::user, 4, Role::editor};
    EXPECT_EQ(uploads.check_owner(other, id).error().code, "upload.no_such_upload");
    other.principal = {Principal::Kind::token, 3, Role::editor};
    EXPECT_EQ(uploads.check_owner(other, id).error().code, "upload.no_such_upload");
    other.principal.role = Role::admin;
    EXPECT_TRUE(uploads.check_owner(other, id));
    EXPECT_EQ(uploads.check_owner(caller, UploadId{99}).error().code, "upload.no_such_upload");
}

TEST_P(UploadTest, OldFilesGoAndUsedOnesStay) {
    const auto old = uploads.create(caller, "old", 2)->id, used = uploads.create(caller, "used", 2)->id;
    ASSERT_TRUE(uploads.append(old, 0, "xy"));
    ASSERT_TRUE(uploads.append(used, 0, "xy"));
    outside.clock.advance(47h);
    ASSERT_TRUE(uploads.keep_until(used, outside.clock.now() + 24h * 30));
    ASSERT_TRUE(uploads.sweep());
    EXPECT_TRUE(uploads.path_of(old));
    outside.clock.advance(2h);
    ASSERT_TRUE(uploads.sweep());
    EXPECT_EQ(uploads.get(old).error().code, "upload.no_such_upload");
    EXPECT_FALSE(outside.files->exists(folder.file("uploads/" + to_string(old))));
    EXPECT_TRUE(uploads.path_of(used));
    ASSERT_TRUE(uploads.remove(used));
    EXPECT_FALSE(outside.files->exists(folder.file("uploads/" + to_string(used))));
    EXPECT_EQ(uploads.remove(used).error().code, "upload.no_such_upload");
}

} // namespace
} // namespace onefold::upload
