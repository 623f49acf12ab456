#include "core/text.h"
#include "tracking/tracking_rig.h"
#include "tracking/whole.h"

#include <gtest/gtest.h>

namespace onefold::tracking {
namespace {

using namespace std::chrono_literals;

TEST(WholeRequests, AreWrittenSeldomWithHowOftenTheyCame) {
    WholeRequests whole;
    const Instant now = at("2026-01-01T12:00:00Z");
    const Reason reason{"tracking.no_json", ""};
    EXPECT_EQ(whole.take(SourceId{1}, reason, now), 1);
    EXPECT_EQ(whole.take(SourceId{1}, reason, now), 0);
    EXPECT_EQ(whole.take(SourceId{1}, reason, now + 9s), 0);
    EXPECT_EQ(whole.take(SourceId{2}, reason, now + 9s), 1) << "of another source";
    EXPECT_EQ(whole.take(SourceId{1}, {"tracking.not_a_batch", ""}, now + 9s), 1) << "for another reason";
    EXPECT_EQ(whole.take(SourceId{1}, reason, now + 10s), 3);
    EXPECT_EQ(whole.take(SourceId{1}, reason, now + 20s), 1);
}

TEST(WholeRequests, HaveSoManyReasonsAnHour) {
    WholeRequests whole;
    const Instant now = at("2026-01-01T12:00:00Z");
    std::int64_t written = 0;
    for (int i = 0; i < 1000; ++i)
        written += whole.take(SourceId{1}, {"tracking.start_not_allowed", std::to_string(i)}, now + i * 1s);
    EXPECT_EQ(written, std::int64_t(whole_reasons_max));
    EXPECT_EQ(whole.take(SourceId{1}, {"tracking.start_not_allowed", "999"}, now + 59min), 0);
    EXPECT_EQ(whole.take(SourceId{1}, {"tracking.start_not_allowed", "999"}, now + 60min), 1);
    EXPECT_NE(once_of(now), once_of(now + 60min));
    EXPECT_EQ(once_of(now), once_of(now + 59min));
}

TEST(RefusedBody, ShowsTheBeginningWithoutTheKeyAndAsText) {
    const Error error{ErrorKind::invalid, "http.bad_json", {}};
    const auto shown = [&](std::string_view body) { return refused_body(error, body, "writeKey", "").text; };
    EXPECT_EQ(shown(R"({"writeKey" : "WK","a":1,"writeKey":"W2"})"), R"({"writeKey" : "…","a":1,"writeKey":"…"})");
    EXPECT_EQ(shown("writeKey=WK&a=1"), "writeKey=…&a=1");
    EXPECT_EQ(shown("\"{\\\"writeKey\\\":\\\"WK\\\"}\""), "\"{\\\"writeKey\\\":\\\"…\\\"}\"");
    EXPECT_EQ(shown("writeKey"), "writeKey");
    EXPECT_EQ(shown(R"({"writeKey":"","a)"), R"({"writeKey":"","a)");
    EXPECT_EQ(shown("\xff"
                    "a"),
        "?a");
    std::string long_body;
    for (int i = 0; i < 400; ++i)
        long_body += "消";
    EXPECT_EQ(shown(long_body).size(), 999U);
    EXPECT_TRUE(is_valid_utf8(shown(long_body)));
    const std::string before = std::string(980, 'x') + R"("writeKey":")";
    EXPECT_EQ(shown(before + "WKWKWKWKWKWKWKWKWK\""), before + "…\"");
    EXPECT_EQ(refused_start(std::string(400, 'o')).reason.path.size(), 300U);
}

} // namespace
} // namespace onefold::tracking
