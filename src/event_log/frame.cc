#include "event_log/frame.h"

#include "core/crc32c.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <sodium.h>

namespace onefold::event_log {
namespace {

static_assert(std::endian::native == std::endian::little, "frames are little endian");

constexpr std::size_t crc_at = 4, position_at = 8, received_at_at = 16, source_id_at = 24, flags_at = 36,
                      message_id_at = 42;

template <class Number>
Number number_at(std::string_view bytes, std::size_t offset) {
    Number value;
    std::memcpy(&value, bytes.data() + offset, sizeof value);
    return value;
}

template <class Number>
void put(std::string& out, Number value) {
    out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

const unsigned char* unsigned_data(std::string_view bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

void digest_into(unsigned char* digest, std::string_view salt, std::string_view payload) {
    crypto_generichash_state state;
    crypto_generichash_init(&state, nullptr, 0, sizeof(Digest));
    crypto_generichash_update(&state, unsigned_data(salt), salt.size());
    crypto_generichash_update(&state, unsigned_data(payload), payload.size());
    crypto_generichash_final(&state, digest, sizeof(Digest));
}

} // namespace

LocalText text_of(Fault fault) {
    switch (fault) {
    case Fault::cut_short:
        return {"the frame is cut short", "帧不完整"};
    case Fault::length:
        return {"the length is impossible", "长度不可能"};
    case Fault::checksum:
        return {"the checksum does not hold", "校验和不符"};
    case Fault::position:
        return {"the frame belongs elsewhere", "帧不属于此处"};
    case Fault::chain:
        return {"the chain does not hold", "链不符"};
    case Fault::digest:
        return {"the digest of the payload does not hold", "内容摘要不符"};
    }
    return {};
}

std::uint32_t claimed_length(std::string_view bytes) {
    return bytes.size() < sizeof(std::uint32_t) ? 0 : number_at<std::uint32_t>(bytes, 0);
}

std::expected<FrameView, Fault> parse_frame(std::string_view bytes, std::uint64_t position) {
    if (bytes.size() < frame_overhead_bytes)
        return std::unexpected(Fault::cut_short);
    const auto length = number_at<std::uint32_t>(bytes, 0);
    if (length < frame_overhead_bytes || length > frame_bytes_max)
        return std::unexpected(Fault::length);
    if (bytes.size() < length)
        return std::unexpected(Fault::cut_short);
    const auto frame = bytes.substr(0, length);
    if (crc32c(frame.substr(position_at)) != number_at<std::uint32_t>(frame, crc_at))
        return std::unexpected(Fault::checksum);
    const std::size_t id_bytes = number_at<std::uint16_t>(frame, message_id_at - 2);
    if (id_bytes > message_id_bytes_max || length < frame_overhead_bytes + id_bytes)
        return std::unexpected(Fault::length);
    const std::size_t salt_at = message_id_at + id_bytes;
    const std::size_t payload_at = frame_overhead_bytes + id_bytes;
    if (number_at<std::uint32_t>(frame, payload_at - 4) != length - payload_at)
        return std::unexpected(Fault::length);
    if (number_at<std::uint64_t>(frame, position_at) != position)
        return std::unexpected(Fault::position);
    return FrameView{
        .length = length,
        .position = position,
        .received_at = number_at<std::int64_t>(frame, received_at_at),
        .source_id = number_at<std::int64_t>(frame, source_id_at),
        .flags = number_at<std::uint32_t>(frame, flags_at),
        .message_id = frame.substr(message_id_at, id_bytes),
        .salt = frame.substr(salt_at, sizeof(Digest)),
        .digest = frame.substr(salt_at + 16, sizeof(Digest)),
        .chain = frame.substr(salt_at + 32, sizeof(Digest)),
        .payload = frame.substr(payload_at),
    };
}

Digest chain_after(const Digest& previous, std::string_view frame) {
    const std::size_t salt_at = message_id_at + number_at<std::uint16_t>(frame, message_id_at - 2);
    std::array<unsigned char, 16 + 4 + message_id_at + message_id_bytes_max + 16> input;
    unsigned char* end = input.data();
    auto add = [&](const void* from, std::size_t size) {
        std::memcpy(end, from, size);
        end += size;
    };
    add(previous.data(), previous.size());
    add(frame.data(), 4);
    add(frame.data() + position_at, salt_at - position_at);
    add(frame.data() + salt_at + 16, sizeof(Digest));
    Digest chain;
    crypto_generichash(chain.data(), chain.size(), input.data(), std::size_t(end - input.data()), nullptr, 0);
    return chain;
}

bool has_true_chain(const FrameView& frame, const Digest& previous, std::string_view frame_bytes) {
    return chain_after(previous, frame_bytes) == digest_from(frame.chain);
}

bool has_true_digest(const FrameView& frame) {
    if (frame.is_redacted())
        return frame.payload.find_first_not_of('\0') == frame.payload.npos;
    Digest digest;
    digest_into(digest.data(), frame.salt, frame.payload);
    return digest == digest_from(frame.digest);
}

Digest digest_from(std::string_view sixteen_bytes) {
    Digest digest;
    std::memcpy(digest.data(), sixteen_bytes.data(), digest.size());
    return digest;
}

void encode_frame(std::string& out, const Draft& draft, Instant received_at, std::string_view salt) {
    put(out, std::uint32_t(frame_overhead_bytes + draft.message_id.size() + draft.payload.size()));
    put(out, std::uint32_t(0)); // checksum
    put(out, std::uint64_t(0)); // position
    put(out, micros_of(received_at));
    put(out, draft.source_id.value);
    put(out, std::uint32_t(0)); // key
    put(out, std::uint32_t(draft.kind));
    put(out, std::uint16_t(draft.message_id.size()));
    out += draft.message_id;
    out += salt;
    Digest digest;
    digest_into(digest.data(), salt, draft.payload);
    out.append(reinterpret_cast<const char*>(digest.data()), digest.size());
    out.append(sizeof(Digest), '\0'); // chain
    put(out, std::uint32_t(draft.payload.size()));
    out += draft.payload;
}

Digest seal_frame(std::span<char> frame, std::uint64_t position, std::uint32_t more_flags, const Digest& previous) {
    const std::string_view bytes{frame.data(), frame.size()};
    const std::uint32_t flags = number_at<std::uint32_t>(bytes, flags_at) | more_flags;
    std::memcpy(frame.data() + position_at, &position, sizeof position);
    std::memcpy(frame.data() + flags_at, &flags, sizeof flags);
    const Digest chain = chain_after(previous, bytes);
    const std::size_t chain_at = message_id_at + number_at<std::uint16_t>(bytes, message_id_at - 2) + 32;
    std::memcpy(frame.data() + chain_at, chain.data(), chain.size());
    const std::uint32_t crc = crc32c(bytes.substr(position_at));
    std::memcpy(frame.data() + crc_at, &crc, sizeof crc);
    return chain;
}

bool redact_frame(std::string& frame, std::uint64_t position) {
    if (frame.size() < frame_overhead_bytes || claimed_length(frame) != frame.size() ||
        number_at<std::uint64_t>(frame, position_at) != position)
        return false;
    const std::size_t salt_at = message_id_at + number_at<std::uint16_t>(frame, message_id_at - 2);
    const std::size_t payload_at = salt_at + frame_overhead_bytes - message_id_at;
    if (salt_at > message_id_at + message_id_bytes_max || payload_at > frame.size() ||
        number_at<std::uint32_t>(frame, payload_at - 4) != frame.size() - payload_at)
        return false;
    std::ranges::fill(std::span{frame}.subspan(salt_at, sizeof(Digest)), '\0');
    std::ranges::fill(std::span{frame}.subspan(payload_at), '\0');
    const std::uint32_t crc = crc32c(std::string_view{frame}.substr(position_at));
    std::memcpy(frame.data() + crc_at, &crc, sizeof crc);
    return true;
}

} // namespace onefold::event_log
