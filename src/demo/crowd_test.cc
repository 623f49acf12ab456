#include "demo/crowd.h"

#include <boost/json.hpp>
#include <gtest/gtest.h>
#include <map>
#include <ranges>
#include <set>

namespace onefold::demo {
namespace {

const CrowdOptions small{.customers = 1000, .events = 20'000, .seed = 7};

std::string text(const boost::json::object& json, std::string_view name) {
    const auto* found = json.if_contains(name);
    return found ? std::string(found->as_string()) : "";
}

TEST(Crowd, TheSameSeedAndNumberMakeTheSameMessage) {
    const Crowd one(small), other(small), another({.customers = 1000, .events = 20'000, .seed = 8});
    int differing = 0;
    for (std::uint64_t i = 0; i < 3000; ++i) {
        EXPECT_EQ(one.message(i).payload, other.message(i).payload);
        differing += one.message(i).payload != another.message(i).payload;
    }
    EXPECT_GT(differing, 2000);
}

TEST(Crowd, EverybodyIsIntroducedOnceAndMessagesAreOfSegmentsShape) {
    const Crowd crowd(small);
    std::set<std::string> visitors, users, ids;
    int identified = 0;
    for (std::uint64_t i = 0; i < small.events; ++i) {
        const auto message = crowd.message(i);
        ids.insert(message.message_id);
        const auto json = boost::json::parse(message.payload).as_object();
        const std::string type = text(json, "type");
        ASSERT_TRUE(type == "track" || type == "page" || type == "identify") << message.payload;
        EXPECT_EQ(type == "track", json.contains("event"));
        visitors.insert(text(json, "anonymousId"));
        if (json.contains("userId"))
            users.insert(text(json, "userId"));
        identified += type == "identify";
        if (i + 1 == small.customers) {
            EXPECT_EQ(visitors.size(), small.customers);
        }
    }
    EXPECT_EQ(ids.size(), small.events);
    EXPECT_LE(visitors.size(), 2 * small.customers);
    EXPECT_EQ(users.size(), 700u);
    EXPECT_GT(identified, 1000);
}

TEST(Crowd, TimeGoesOnOverTheWholeSpan) {
    const CrowdOptions large; // a million, twenty million events
    const Crowd crowd(large);
    Instant before = large.from - std::chrono::microseconds{1};
    for (std::uint64_t i = 0; i < large.events; i += large.events / 1000) {
        const auto at = parse_rfc3339(text(boost::json::parse(crowd.message(i).payload).as_object(), "timestamp"));
        ASSERT_TRUE(at);
        EXPECT_GT(*at, before) << i;
        before = *at;
    }
    EXPECT_GT(before, large.from + large.span - std::chrono::days{2});
    EXPECT_LT(before, large.from + large.span);
}

TEST(Crowd, AFewDoMuch) {
    const Crowd crowd(small);
    std::map<std::string, int> counts;
    for (std::uint64_t i = small.customers; i < small.events; ++i)
        ++counts[text(boost::json::parse(crowd.message(i).payload).as_object(), "anonymousId")];
    const int most = std::ranges::max(counts | std::views::values);
    EXPECT_GT(most, 500);
    EXPECT_GT(counts.size(), 400u);
}

} // namespace
} // namespace onefold::demo
