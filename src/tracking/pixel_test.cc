#include "core/text.h"
#include "tracking/base64.h"
#include "tracking/pixel.h"
#include "tracking/tracking_rig.h"
#include "tracking/write_key.h"

#include <gtest/gtest.h>

namespace onefold::tracking {
namespace {

TEST(Gif, IsOneTransparentPixel) {
    EXPECT_EQ(gif().size(), 42U);
    EXPECT_TRUE(gif().starts_with("GIF89a"));
    EXPECT_TRUE(gif().ends_with(';'));
}

TEST(Pixel, ReadsTheMessageOfSegmentsManual) {
    const auto message =
        message_of_query("data=eyJ3cml0ZUtleSI6IldLIiwidXNlcklkIjoidTEiLCJldmVudCI6IkVtYWlsIE9wZW5lZCIsInByb3BlcnRpZX"
                         "MiOnsic3ViamVjdCI6ImhpIn19");
    ASSERT_TRUE(message);
    EXPECT_EQ(
        *message, json(R"({"writeKey":"WK","userId":"u1","event":"Email Opened","properties":{"subject":"hi"}})"));
}

TEST(Pixel, ReadsFlatParametersWithDotsThatNest) {
    const auto message =
        message_of_query("userId=u1&event=Opened&properties.subject=hi+there&properties.mail.id=%E4%B8%80&writeKey=WK");
    ASSERT_TRUE(message);
    EXPECT_EQ(*message,
        json(
            R"({"userId":"u1","event":"Opened","properties":{"subject":"hi there","mail":{"id":"一"}},"writeKey":"WK"})"));
}

TEST(Pixel, RefusesWhatItCannotRead) {
    for (const std::string_view query : {"data=%%%", "data=!!!!", "data=bm9wZQ", "data=W10", "a=%ff", "a=%00", ".=1",
             "a.=1", "a=1&a.b=2", "a.b.c.d.e.f.g.h.i.j.k=1"})
        EXPECT_FALSE(message_of_query(query)) << query;
}

TEST(Base64, IsTakenInEveryDress) {
    const std::string bytes = "\xfb\xff\xfe?";
    for (const std::string_view text : {"+//+Pw==", "+//+Pw", "-__-Pw", " //+Pw=="})
        EXPECT_EQ(from_any_base64(text), bytes) << text;
    EXPECT_EQ(from_any_base64(""), "");
    EXPECT_FALSE(from_any_base64("a"));
    EXPECT_FALSE(from_any_base64("ab!d"));
}

TEST(WriteKey, IsTheUserOfBasic) {
    EXPECT_EQ(write_key_of_header("Basic V0s6"), "WK");
    EXPECT_EQ(write_key_of_header("basic V0s="), "WK");
    EXPECT_EQ(write_key_of_header("Basic V0s"), "WK");
    EXPECT_EQ(write_key_of_header("Basic V0s6cGFzc3dvcmQ="), "WK");
    for (const std::string_view header : {"", "Basic", "Basic !", "Bearer V0s6", "V0s6"})
        EXPECT_EQ(write_key_of_header(header), "") << header;
}

TEST(Pixel, IsKeptWithoutItsKey) {
    EXPECT_EQ(without_key("data=nonsense&writeKey=K-1&userId=u", "writeKey"), "data=nonsense&userId=u");
    EXPECT_EQ(without_key("a=1&writeKey=K%2D1&b=xK-1x&c=2", "writeKey"), "a=1&c=2");
    const std::string hidden = to_base64url(R"({"writeKey":"K-1")");
    EXPECT_EQ(without_key("writeKey=K-1&data=" + hidden, "writeKey"), "");
    EXPECT_EQ(without_key("", "writeKey"), "");
}

} // namespace
} // namespace onefold::tracking
