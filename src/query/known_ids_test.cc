#include "query/known_ids.h"

#include <gtest/gtest.h>

namespace onefold::query {
namespace {

TEST(KnownIds, EachHasABit) {
    EXPECT_EQ(bits_of({}).bytes, "");
    EXPECT_EQ(bits_of({0}).bytes, "\x01");
    EXPECT_EQ(bits_of({9, 1, 15}).bytes, (std::string{"\x02\x82"}));
    EXPECT_EQ(bits_of({16}).bytes, std::string("\0\0\x01", 3));
}

TEST(KnownIds, AreTooGreatForBitsBeyond32MebibytesOfThem) {
    EXPECT_TRUE(have_bits({0, (std::int64_t{1} << 28) - 1}));
    EXPECT_FALSE(have_bits({1, std::int64_t{1} << 28}));
    EXPECT_FALSE(have_bits({-1}));
}

} // namespace
} // namespace onefold::query
