#include "source/origin.h"

#include <gtest/gtest.h>

namespace onefold::source {
namespace {

TEST(Origin, IsWrittenAsABrowserSendsIt) {
    EXPECT_EQ(*origin_of(" HTTPS://Shop.Example:443/ "), "https://shop.example");
    EXPECT_EQ(*origin_of("http://shop.example:80"), "http://shop.example");
    EXPECT_EQ(*origin_of("http://127.0.0.1:8000"), "http://127.0.0.1:8000");
    EXPECT_EQ(*origin_of("https://*.shop.example"), "https://*.shop.example");
}

TEST(Origin, IsNoAddressOfAPageAndNoBareName) {
    for (const char* text : {"", "shop.example", "https://", "https://shop.example/tea", "ftp://shop.example",
             "https://a b", "https://shop..example", "https://.example", "https://*", "https://shop.example:port",
             "https://me@shop.example"})
        EXPECT_EQ(origin_of(text).error().code, "source.bad_origin") << text;
}

TEST(Origin, IsAllowedWhereItStandsInTheListOrThereIsNone) {
    EXPECT_TRUE(is_allowed("https://anything.example", {}));
    const std::vector<std::string> allowed{"https://shop.example", "https://*.shop.example:8443"};
    EXPECT_TRUE(is_allowed("https://shop.example", allowed));
    EXPECT_TRUE(is_allowed("https://www.shop.example:8443", allowed));
    EXPECT_TRUE(is_allowed("https://a.b.shop.example:8443", allowed));
    for (const char* other : {"http://shop.example", "https://shop.example:8443", "https://evilshop.example",
             "https://evilshop.example:8443", "https://www.shop.example", "https://www.shop.example:8443.evil.example",
             "null"})
        EXPECT_FALSE(is_allowed(other, allowed)) << other;
}

} // namespace
} // namespace onefold::source
