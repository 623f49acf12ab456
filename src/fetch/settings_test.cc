#include "fetch/settings.h"
#include "fetch/web_address.h"

#include <gtest/gtest.h>

namespace onefold::fetch {
namespace {

std::string wrong_field(const SettingsEdit& edit) {
    const auto done = edited({}, edit);
    return done ? "" : done.error().fields.front().path;
}

TEST(FetchSettings, AreCheckedWhereTheyAreWrong) {
    EXPECT_EQ(wrong_field({.place = PlaceKind::folder, .folder = "inbox"}), "/folder");
    EXPECT_EQ(wrong_field({.place = PlaceKind::folder, .folder = "/data/inbox/../../etc"}), "/folder");
    EXPECT_EQ(wrong_field({.place = PlaceKind::folder, .is_on = true}), "/folder");
    EXPECT_EQ(wrong_field({.place = PlaceKind::https, .url = "http://example.com/a.csv"}), "/url");
    EXPECT_EQ(wrong_field({.place = PlaceKind::https, .url = "https://me:secret@example.com/a.csv"}), "/url");
    EXPECT_EQ(wrong_field({.place = PlaceKind::https, .url = "file:///etc/passwd"}), "/url");
    EXPECT_EQ(wrong_field({.place = PlaceKind::sftp, .host = "files.example.com/x", .login = "me"}), "/host");
    EXPECT_EQ(wrong_field({.place = PlaceKind::sftp, .host = "files.example.com"}), "/login");
    EXPECT_EQ(wrong_field({.pattern = "a\nb"}), "/pattern");
    EXPECT_EQ(wrong_field({.daily_at = "25:00"}), "/daily_at");
    EXPECT_EQ(wrong_field({.every_minutes = 0}), "/every_minutes");
    EXPECT_EQ(wrong_field({.ca_certificates = "nonsense"}), "/ca_certificates");
    EXPECT_EQ(wrong_field({.place = PlaceKind::sftp, .host = "10.0.0.7", .login = "me", .is_on = true}), "");
}

TEST(FetchSettings, SecretsHaveTheirBoundsInBytes) {
    EXPECT_EQ(wrong_field({.password = std::string(secret_bytes_max, 'x')}), "");
    EXPECT_EQ(wrong_field({.password = std::string(secret_bytes_max + 1, 'x')}), "/password");
    EXPECT_EQ(wrong_field({.private_key = std::string(private_key_bytes_max + 1, 'x')}), "/private_key");
    EXPECT_EQ(wrong_field({.private_key = "-----BEGIN\nab\r\n-----END\n"}), "");
    EXPECT_EQ(wrong_field({.passphrase = std::string("a\0b", 3)}), "/passphrase");
    EXPECT_EQ(wrong_field({.password = "a\x1b"}), "/password");
    EXPECT_EQ(wrong_field({.password = "\xff"}), "/password");
    EXPECT_EQ(wrong_field({.ca_certificates = std::string("-----BEGIN CERTIFICATE-----\0", 28)}), "/ca_certificates");
}

TEST(FetchSettings, ASecretStaysForTheSameServerAndUserOnly) {
    const Settings before = *edited({}, {.place = PlaceKind::sftp, .host = "a.example.com", .login = "me"});
    EXPECT_TRUE(is_same_place(before, *edited(before, {.folder = "out", .pattern = "*.csv"})));
    EXPECT_FALSE(is_same_place(before, *edited(before, {.host = "b.example.com"})));
    EXPECT_FALSE(is_same_place(before, *edited(before, {.port = 2022})));
    EXPECT_FALSE(is_same_place(before, *edited(before, {.login = "you"})));
    const Settings web = *edited({}, {.place = PlaceKind::https, .url = "https://a.example.com/1.csv"});
    EXPECT_TRUE(is_same_place(web, *edited(web, {.url = "https://A.example.com:443/2.csv"})));
    EXPECT_FALSE(is_same_place(web, *edited(web, {.url = "https://a.example.com:8443/1.csv"})));
    EXPECT_NE(context_of(SourceId{1}, "password", before), context_of(SourceId{2}, "password", before));
    EXPECT_NE(context_of(SourceId{1}, "password", before), context_of(SourceId{1}, "password", web));
}

TEST(WebAddress, NamesItsFileAndLeadsOn) {
    const WebAddress address = *parse_web_address(" https://Example.com/out/%E8%AE%A2%E5%8D%95.csv?day=1#top ");
    EXPECT_EQ(address.name, "订单.csv");
    EXPECT_EQ(address.origin(), "example.com:443");
    EXPECT_EQ(address.url.find('#'), std::string::npos);
    EXPECT_EQ(parse_web_address("https://example.com")->name, "download");
    EXPECT_EQ(*resolved(address, "../b.csv"), "https://Example.com/b.csv");
    EXPECT_EQ(*resolved(address, "//other.example.com/c"), "https://other.example.com/c");
}

} // namespace
} // namespace onefold::fetch
