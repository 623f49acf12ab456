#include "backup/manifest.h"

#include <gtest/gtest.h>

namespace onefold::backup {
namespace {

Manifest example() {
    Manifest manifest;
    manifest.made_at = *parse_rfc3339("2026-01-02T03:04:05Z");
    manifest.begin = Position{1};
    manifest.end = Position{4711};
    manifest.head = "00ff";
    manifest.events = 17;
    manifest.audit_end = Position{99};
    manifest.master_key = "abcd";
    manifest.files = {{"main.db", 4096, "aa"}, {"log/0000000000000001.log", 4710, "bb"}, {"log/hwm", 73, "cc"}};
    return manifest;
}

std::string code_of(std::string_view text) {
    const auto read = manifest_of(text);
    return read ? "" : read.error().code;
}

TEST(Manifest, SaysWhatWasWritten) {
    const auto read = manifest_of(text_of(example()));
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, example());
    EXPECT_EQ(read->bytes(), 4096u + 4710 + 73);
    EXPECT_EQ(read->find("log/hwm")->bytes, 73u);
    EXPECT_EQ(read->find("log"), nullptr);
}

TEST(Manifest, WithOneBitOrItsEndLostIsNone) {
    const std::string text = text_of(example());
    for (std::size_t at = 0; at + 1 < text.size(); ++at)
        for (int bit = 0; bit < 8; ++bit) {
            std::string flipped = text;
            flipped[at] = char(flipped[at] ^ (1 << bit));
            EXPECT_EQ(code_of(flipped), "backup.bad_manifest") << at << " " << bit;
        }
    for (std::size_t size = 0; size + 1 < text.size(); ++size)
        EXPECT_EQ(code_of(text.substr(0, size)), "backup.bad_manifest") << size;
    EXPECT_EQ(code_of(R"({"manifest":7,"digest":"x"})"), "backup.bad_manifest");
}

TEST(Manifest, LeadsOutOfItsFolderNowhere) {
    for (const char* path : {"../main.db", "/etc/passwd", "log/../../x", "log/.hidden", "a/b/c", "log/", "", "LOG",
             "a\\b", "caf\xc3\xa9"}) {
        Manifest evil = example();
        evil.files[0].path = path;
        EXPECT_EQ(code_of(text_of(evil)), "backup.bad_manifest") << path;
    }
}

} // namespace
} // namespace onefold::backup
