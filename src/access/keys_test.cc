#include "access/keys.h"
#include "store/store.h"
#include "testing/clock.h"
#include "testing/folder.h"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <set>
#include <sys/stat.h>

namespace onefold::access {
namespace {

class KeysTest : public ::testing::Test {
  public:
    testing::Folder folder;
    testing::Clock clock;
    std::unique_ptr<runtime::Random> random = runtime::make_system_random();
    std::unique_ptr<runtime::Files> files = runtime::make_system_files();
    std::unique_ptr<runtime::Network> network = runtime::make_system_network();

    Result<std::unique_ptr<Keys>> try_open(const std::string& where) {
        return Keys::open({clock, *random, *files, *network}, where);
    }
    std::unique_ptr<Keys> open(const std::string& where) {
        auto keys = try_open(where);
        EXPECT_TRUE(keys) << keys.error().code << keys.error().message.in("en");
        return std::move(*keys);
    }
    std::unique_ptr<Keys> keys = open(folder.path());

    std::string reopened_code() {
        keys.reset();
        auto again = try_open(folder.path());
        return again ? "" : again.error().code;
    }
    std::string code_of(std::string_view purpose, std::string_view context, std::string_view sealed) {
        auto plain = keys->open_sealed(purpose, context, sealed);
        return plain ? "" : plain.error().code;
    }
};

TEST_F(KeysTest, ADigestIsTheSameAfterOpeningAgain) {
    const auto digest = keys->digest("identifier", "13800138000");
    EXPECT_EQ(digest.size(), 16u);
    keys = open(folder.path());
    EXPECT_EQ(keys->digest("identifier", "13800138000"), digest);
}

TEST_F(KeysTest, DigestsDifferByPurposeTextAndKeyring) {
    const std::set<std::string> digests{keys->digest("identifier", "a"), keys->digest("session", "a"),
        keys->digest("identifier", "b"), keys->digest("identifier", ""),
        open(folder.file("another"))->digest("identifier", "a")};
    EXPECT_EQ(digests.size(), 5u);
}

TEST_F(KeysTest, ASealedValueOpensAlsoAfterOpeningAgain) {
    for (const std::string& plain : {std::string(), std::string("张伟"), std::string(100'000, 'x')}) {
        const auto sealed = *keys->seal("identifier", "identifier|phone", plain);
        EXPECT_EQ(sealed.size(), 1 + 4 + 24 + plain.size() + 16);
        EXPECT_EQ(sealed[0], 1);
        EXPECT_EQ(*keys->open_sealed("identifier", "identifier|phone", sealed), plain);
        keys = open(folder.path());
        EXPECT_EQ(*keys->open_sealed("identifier", "identifier|phone", sealed), plain);
    }
}

TEST_F(KeysTest, TheSameValueIsNeverSealedAlike) {
    EXPECT_NE(*keys->seal("identifier", "c", "x"), *keys->seal("identifier", "c", "x"));
}

TEST_F(KeysTest, AMovedValueDoesNotOpen) {
    const auto sealed = *keys->seal("identifier", "identifier|phone", "13800138000");
    EXPECT_EQ(code_of("identifier", "identifier|email", sealed), "keys.cannot_open");
    EXPECT_EQ(code_of("token", "identifier|phone", sealed), "keys.cannot_open");
    keys = open(folder.file("another"));
    EXPECT_EQ(code_of("identifier", "identifier|phone", sealed), "keys.cannot_open");
}

TEST_F(KeysTest, AChangedOrShortenedValueDoesNotOpen) {
    const auto sealed = *keys->seal("identifier", "c", "13800138000");
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        auto changed = sealed;
        changed[i] ^= 1;
        EXPECT_EQ(code_of("identifier", "c", changed), "keys.cannot_open") << i;
        EXPECT_EQ(code_of("identifier", "c", sealed.substr(0, i)), "keys.cannot_open") << i;
    }
}

TEST_F(KeysTest, OnlyTheOwnerReadsTheFiles) {
    for (const char* name : {"master.key", "keys.db"}) {
        struct stat status{};
        ASSERT_EQ(::stat(folder.file(name).c_str(), &status), 0);
        EXPECT_EQ(status.st_mode & 0777, 0600u) << name;
    }
}

TEST_F(KeysTest, NoKeyIsInTheKeyringAsItIs) {
    std::ifstream master(folder.file("master.key"));
    std::string heading, digits;
    master >> heading >> digits;
    EXPECT_EQ(heading, "onefold-master-key-1");
    EXPECT_EQ(digits.size(), 64u);
    keys.reset();
    std::ifstream file(folder.file("keys.db"), std::ios::binary);
    const std::string ring(std::istreambuf_iterator<char>(file), {});
    EXPECT_EQ(ring.find(digits), std::string::npos);
}

TEST_F(KeysTest, AnotherMasterKeyIsRefusedAndChangesNothing) {
    const auto digest = keys->digest("identifier", "a");
    open(folder.file("another"));
    std::filesystem::rename(folder.file("master.key"), folder.file("kept"));
    std::filesystem::copy_file(folder.file("another/master.key"), folder.file("master.key"));
    EXPECT_EQ(reopened_code(), "keys.wrong_master_key");
    std::filesystem::rename(folder.file("kept"), folder.file("master.key"));
    EXPECT_EQ(open(folder.path())->digest("identifier", "a"), digest);
}

TEST_F(KeysTest, AMissingMasterKeyIsNotMadeAnew) {
    std::filesystem::remove(folder.file("master.key"));
    EXPECT_EQ(reopened_code(), "keys.missing_master_key");
    EXPECT_FALSE(std::filesystem::exists(folder.file("master.key")));
}

TEST_F(KeysTest, AMissingKeyringIsNotMadeAnew) {
    keys.reset();
    std::filesystem::remove(folder.file("keys.db"));
    EXPECT_EQ(reopened_code(), "keys.missing_keyring");
    EXPECT_FALSE(std::filesystem::exists(folder.file("keys.db")));
}

TEST_F(KeysTest, AFirstStartThatWasInterruptedIsFinished) {
    const auto digest = keys->digest("identifier", "a");
    keys.reset();
    std::filesystem::rename(folder.file("master.key"), folder.file("master.key.unfinished"));
    EXPECT_EQ(open(folder.path())->digest("identifier", "a"), digest);
    EXPECT_TRUE(std::filesystem::exists(folder.file("master.key")));
    EXPECT_FALSE(std::filesystem::exists(folder.file("master.key.unfinished")));

    std::filesystem::rename(folder.file("master.key"), folder.file("master.key.unfinished"));
    std::filesystem::remove(folder.file("keys.db"));
    EXPECT_EQ(reopened_code(), "");
}

TEST_F(KeysTest, AShortenedMasterKeyIsRefused) {
    std::filesystem::resize_file(folder.file("master.key"), 60);
    EXPECT_EQ(reopened_code(), "keys.bad_master_key");
}

TEST_F(KeysTest, ADamagedKeyringIsRefused) {
    keys.reset();
    std::ofstream(folder.file("keys.db"), std::ios::binary) << std::string(8192, 'x');
    EXPECT_EQ(reopened_code(), "keys.damaged");
}

TEST_F(KeysTest, AFlippedBitInAWrappedKeyIsRefused) {
    keys.reset();
    auto database = store::Database::open(folder.file("keys.db"), {});
    ASSERT_TRUE(database) << database.error().code;
    ASSERT_TRUE((*database)->write([](store::Session& session) -> Result<> {
        auto wrapped = TRY(session.find("SELECT wrapped FROM keyring WHERE purpose = 'session'", {},
            [](const store::Row& row) { return std::string(row.blob(0)); }));
        (*wrapped)[30] ^= 4;
        TRY(session.execute("UPDATE keyring SET wrapped = $1 WHERE purpose = 'session'", {store::Blob{*wrapped}}));
        return {};
    }));
    database->reset();
    EXPECT_EQ(reopened_code(), "keys.wrong_master_key");
}

} // namespace
} // namespace onefold::access
