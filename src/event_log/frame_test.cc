#include "event_log/crc32c.h"
#include "event_log/frame.h"
#include "event_log/message_set.h"

#include <gtest/gtest.h>
#include <random>
#include <set>
#include <sodium.h>

namespace onefold::event_log {
namespace {

std::string sealed_frame(const Draft& draft, std::uint64_t position, const Digest& previous) {
    EXPECT_GE(sodium_init(), 0);
    std::string bytes;
    encode_frame(bytes, draft, instant_of(1'700'000'000'000'001), std::string(16, 's'));
    seal_frame({bytes.data(), bytes.size()}, position, 0, previous);
    return bytes;
}

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

TEST(Frame, LiesOnDiskAsDocumented) {
    const auto bytes = sealed_frame({SourceId{0x0102}, "abc", FrameKind::claim, "{}"}, 0x1122, Digest{});
    ASSERT_EQ(bytes.size(), 94u + 3 + 2);
    auto number = [&](std::size_t at, int size) {
        std::uint64_t value = 0;
        for (int i = size; i-- > 0;)
            value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
        return value;
    };
    EXPECT_EQ(number(0, 4), bytes.size());
    EXPECT_EQ(number(4, 4), crc32c(std::string_view{bytes}.substr(8)));
    EXPECT_EQ(number(8, 8), 0x1122u);
    EXPECT_EQ(number(16, 8), 1'700'000'000'000'001u);
    EXPECT_EQ(number(24, 8), 0x0102u);
    EXPECT_EQ(number(32, 4), 0u);
    EXPECT_EQ(number(36, 4), 1u);
    EXPECT_EQ(number(40, 2), 3u);
    EXPECT_EQ(bytes.substr(42, 3), "abc");
    EXPECT_EQ(bytes.substr(45, 16), std::string(16, 's'));
    Digest digest;
    const std::string salted = std::string(16, 's') + "{}";
    crypto_generichash(
        digest.data(), 16, reinterpret_cast<const unsigned char*>(salted.data()), salted.size(), nullptr, 0);
    EXPECT_EQ(digest_from(bytes.substr(61, 16)), digest);
    EXPECT_EQ(digest_from(bytes.substr(77, 16)), chain_after(Digest{}, bytes));
    EXPECT_EQ(number(93, 4), 2u);
    EXPECT_EQ(bytes.substr(97), "{}");
}

TEST(Frame, KeepsItsChainWhenSaltAndPayloadAreErasedInPlace) {
    auto bytes = sealed_frame({SourceId{1}, "abc", FrameKind::event, "secret"}, 1, Digest{});
    const Digest chain = digest_from(bytes.substr(77, 16));
    bytes.replace(45, 16, std::string(16, '\0'));
    bytes.replace(97, 6, "      ");
    EXPECT_EQ(chain_after(Digest{}, bytes), chain);
}

TEST(Frame, IsRefusedWithAnySingleBitChanged) {
    const auto bytes = sealed_frame({SourceId{1}, "m-1", FrameKind::event, R"({"a":1})"}, 77, Digest{});
    ASSERT_TRUE(parse_frame(bytes, 77));
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
        auto flipped = bytes;
        flipped[bit / 8] ^= char(1 << bit % 8);
        EXPECT_FALSE(parse_frame(flipped, 77)) << "bit " << bit;
    }
    EXPECT_EQ(parse_frame(bytes, 78).error(), Fault::position);
}

TEST(MessageSet, HoldsWhatASetHolds) {
    MessageSet ours;
    std::set<std::pair<std::uint64_t, std::uint64_t>> model;
    std::mt19937_64 random{3};
    for (int i = 0; i < 200'000; ++i) {
        const MessageKey key{random() % 512, random() % 64};
        if (random() % 3 == 0) {
            ours.erase(key);
            model.erase({key.high, key.low});
        } else {
            EXPECT_EQ(ours.insert(key), model.insert({key.high, key.low}).second);
        }
        if (key != MessageKey{0, 0} && key != MessageKey{0, 1})
            continue;
        ours.erase(key); // these two share a slot, so keep them out of the comparison
        model.erase({key.high, key.low});
    }
    EXPECT_EQ(ours.size(), model.size());
}

} // namespace
} // namespace onefold::event_log
