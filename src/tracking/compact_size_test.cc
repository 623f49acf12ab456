#include "tracking/compact_size.h"
#include "tracking/tracking_rig.h"

#include <gtest/gtest.h>

namespace onefold::tracking {
namespace {

TEST(CompactSize, IsThatOfTheTextWhereNothingInItIsNeedless) {
    for (const std::string text : {"{}", R"({"a":1})", R"({"a":[],"b":{},"c":[1,-2,[3]],"d":null,"e":true,"f":false})",
             R"({"消息":"购物车🛒"})", R"({"a\"b":"\\\b\f\n\r\t\u0001/"})",
             R"({"n":[0.5,-0.25,1.5e300,1e-7,18446744073709551615]})", R"({"n":[1e5,1e22]})"})
        EXPECT_EQ(compact_size(json(text)), text.size()) << text;
}

TEST(CompactSize, IsLargerThanOneByteLess) {
    for (const std::string text : {R"({"a":"\u0001\u0001"})", R"({"a":[1.5,"x"],"b":{"c":null}})", "{}"}) {
        EXPECT_TRUE(is_larger_than(text.size() - 1, json(text))) << text;
        EXPECT_FALSE(is_larger_than(text.size(), json(text))) << text;
        EXPECT_FALSE(is_larger_than(text.size() * 100, json(text))) << text;
    }
}

TEST(CompactSize, IsNeverMoreThanWhatWasSent) {
    for (const std::string text :
        {R"( { "a" : [ 1 , 2 ] } )", R"({"a":"\u6d88\/"})", R"({"n":[1.0,100000.0,1E+5,1e999]})"})
        EXPECT_LE(compact_size(json(text)), text.size()) << text;
}

} // namespace
} // namespace onefold::tracking
