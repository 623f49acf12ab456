#include "core/crc32c.h"
#include "event_log/frame.h"

#include <gtest/gtest.h>
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
    const auto whole = sealed_frame({SourceId{1}, "abc", FrameKind::event, "secret"}, 1, Digest{});
    // Also where it was begun before and cut short.
    for (std::size_t done = 45; done <= whole.size(); ++done) {
        auto bytes = whole;
        for (std::size_t at = 45; at < done; ++at)
            if (at < 61 || at >= 97)
                bytes[at] = '\0';
        ASSERT_TRUE(redact_frame(bytes, 1));
        const auto frame = parse_frame(bytes, 1);
        ASSERT_TRUE(frame);
        EXPECT_TRUE(frame->is_redacted());
        EXPECT_TRUE(has_true_digest(*frame));
        EXPECT_TRUE(has_true_chain(*frame, Digest{}, bytes));
        EXPECT_EQ(frame->message_id, "abc");
        EXPECT_EQ(bytes.find("secret"), bytes.npos);
    }
    EXPECT_FALSE(parse_frame(whole, 1)->is_redacted());
    auto elsewhere = whole;
    EXPECT_FALSE(redact_frame(elsewhere, 2));
    EXPECT_EQ(elsewhere, whole);
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

} // namespace
} // namespace onefold::event_log
