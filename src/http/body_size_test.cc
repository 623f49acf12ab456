#include "http/body_size.h"

#include <gtest/gtest.h>

namespace onefold::http {
namespace {

TEST(BodySize, IsSaidInTheUnitThatFits) {
    EXPECT_EQ(size_words(1 << 20).in("en"), "1 MiB");
    EXPECT_EQ(size_words(64 << 10).in("zh-CN"), "64 KiB");
    EXPECT_EQ(size_words(5'000).in("zh-CN"), "5000 字节");
    EXPECT_EQ(size_words(0).in("en"), "0 bytes");
}

} // namespace
} // namespace onefold::http
