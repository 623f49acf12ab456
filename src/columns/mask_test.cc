#include "columns/mask.h"

#include <gtest/gtest.h>

namespace onefold::columns {
namespace {

TEST(Mask, AddressesKeepTheirFirstLetterAndTheirDomain) {
    EXPECT_EQ(masked("lin.mei+shop@example.com"), "l***@example.com");
    EXPECT_EQ(masked("to a@b.cn, and 张伟@例子.中国!"), "to a***@b.cn, and 张***@例子.中国!");
    EXPECT_EQ(masked("@home is where @ is"), "@home is where @ is");
}

TEST(Mask, LongNumbersKeepTheirEnds) {
    EXPECT_EQ(masked("13912345678"), "139******78");
    EXPECT_EQ(masked("+86 139-1234-5678 call"), "+86 1**-****-**78 call");
    EXPECT_EQ(masked("11010519491231002X"), "110************02X");
    EXPECT_EQ(masked(R"(["13912345678","a"])"), R"(["139******78","a"])");
    EXPECT_EQ(masked("SKU 123456, 99.5"), "SKU 123456, 99.5") << "an article number and a price are no secret";
}

TEST(Mask, DatesAndOrdinaryTextStay) {
    EXPECT_EQ(masked("2026-01-05 08:00:00"), "2026-01-05 08:00:00");
    EXPECT_EQ(masked("2026/1/5"), "2026/1/5");
    EXPECT_EQ(masked("归一"), "归一");
    EXPECT_EQ(masked(""), "");
    EXPECT_EQ(masked(std::string(200, 'x')), std::string(80, 'x') + "…");
}

} // namespace
} // namespace onefold::columns
