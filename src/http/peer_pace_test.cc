#include "http/peer_pace.h"

#include <gtest/gtest.h>

namespace onefold::http {
namespace {

using namespace std::chrono_literals;

constexpr PeerPace::Bounds bounds{10s, 1'000};

// How long a peer lives that takes so many bytes every `step`, up to a minute.
std::chrono::milliseconds life(std::uint64_t bytes, std::chrono::milliseconds step) {
    const PeerPace::Time begun{};
    PeerPace pace(bounds, begun, 0);
    auto now = begun;
    for (std::uint64_t taken = 0; now < begun + 60s; now += 500ms) {
        taken = bytes * std::uint64_t((now - begun) / step);
        if (!pace.is_kept(now, taken))
            break;
    }
    return std::chrono::duration_cast<std::chrono::milliseconds>(now - begun);
}

TEST(PeerPace, LetsASteadyPeerTakeAsLongAsItNeeds) {
    EXPECT_EQ(life(1'000, 1s), 60s);
    EXPECT_EQ(life(9'000, 9s), 60s);
}

TEST(PeerPace, CutsWhoTakesNothingOrDrops) {
    EXPECT_EQ(life(0, 1s), 10s);
    EXPECT_EQ(life(5, 1s), 10'500ms);
    EXPECT_LE(life(500, 1s), 20s);
}

TEST(PeerPace, CutsWhoStopsTenSecondsLaterHoweverMuchItTookBefore) {
    const PeerPace::Time begun{};
    PeerPace pace(bounds, begun, 0);
    EXPECT_TRUE(pace.is_kept(begun + 1s, 100'000'000));
    EXPECT_TRUE(pace.is_kept(begun + 10'900ms, 100'000'000));
    EXPECT_FALSE(pace.is_kept(begun + 11s, 100'000'000));
}

} // namespace
} // namespace onefold::http
