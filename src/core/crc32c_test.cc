#include "core/crc32c.h"

#include <gtest/gtest.h>
#include <random>

namespace onefold {
namespace {

TEST(Crc32c, HoldsTheVectorsOfRfc3720) {
    EXPECT_EQ(crc32c("123456789"), 0xE3069283u);
    EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AAu);
    EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62A8AB43u);
}

TEST(Crc32c, IsTheSameByInstructionAndByTable) {
    std::mt19937 random{1};
    for (std::size_t size = 0; size < 200; ++size) {
        std::string bytes(size, '\0');
        for (char& c : bytes)
            c = char(random());
        EXPECT_EQ(crc32c(bytes), crc32c_by_table(bytes));
    }
}

} // namespace
} // namespace onefold
