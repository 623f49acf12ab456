#pragma once
// The frame's bytes (layout: event_log.h). Pure.
//
// length counts the whole frame. The lowest byte of flags is the FrameKind, the highest bit says that everything before
// this frame was durable when it was written. chain = BLAKE2b-128(previous chain ‖ length ‖ position … message_id ‖
// digest), so salt and payload can be erased in place while the chain still holds: then both are zeros.
#include "core/time.h"
#include "event_log/event_log.h"
#include "message_index/message_key.h"

#include <array>
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>

namespace onefold::event_log {

using Digest = std::array<unsigned char, 16>;

constexpr std::size_t frame_overhead_bytes = 94; // a frame without message id and payload
using message_index::message_id_bytes_max;
constexpr std::size_t frame_bytes_max = frame_overhead_bytes + message_id_bytes_max + payload_bytes_max;
constexpr std::uint32_t begins_group_flag = 1u << 31;

// A frame where it lies; its views end with the bytes.
struct FrameView {
    std::uint32_t length;
    std::uint64_t position;
    std::int64_t received_at;
    std::int64_t source_id;
    std::uint32_t flags;
    std::string_view message_id;
    std::string_view salt;
    std::string_view digest;
    std::string_view chain;
    std::string_view payload;

    FrameKind kind() const { return FrameKind(flags & 255); }
    bool begins_group() const { return (flags & begins_group_flag) != 0; }
    bool is_redacted() const { return salt.find_first_not_of('\0') == salt.npos; }
};

enum class Fault { cut_short, length, checksum, position, chain, digest };
LocalText text_of(Fault fault);

// The length that the bytes claim; 0 where they are too few to say.
std::uint32_t claimed_length(std::string_view bytes);

// The frame at the beginning of `bytes`, its length, checksum and position proved.
std::expected<FrameView, Fault> parse_frame(std::string_view bytes, std::uint64_t position);
Digest chain_after(const Digest& previous, std::string_view frame_bytes);
bool has_true_chain(const FrameView& frame, const Digest& previous, std::string_view frame_bytes);
bool has_true_digest(const FrameView& frame); // of a redacted frame: whether nothing of the payload is left
Digest digest_from(std::string_view sixteen_bytes);

// Appends a frame that still lacks position, chain and checksum. `salt` has 16 bytes.
void encode_frame(std::string& out, const Draft& draft, Instant received_at, std::string_view salt);
// Completes it in place; the new head of the chain.
Digest seal_frame(std::span<char> frame, std::uint64_t position, std::uint32_t more_flags, const Digest& previous);

// Erases salt and payload of a whole frame in place and makes its checksum hold, whether or not that was begun before.
// Whether the bytes are a frame of that position.
bool redact_frame(std::string& frame, std::uint64_t position);

} // namespace onefold::event_log
