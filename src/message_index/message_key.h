#pragma once
// What a message is known by: a keyed 128-bit digest of its source and id.
#include "runtime/runtime.h"

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace onefold::message_index {

struct MessageKey {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    friend auto operator<=>(const MessageKey&, const MessageKey&) = default;
};
static_assert(sizeof(MessageKey) == 16);

constexpr std::size_t message_id_bytes_max = 400; // 100 characters

// SipHash-2-4-128 under the folder's secret (the file message.key), so that nobody outside can make two messages
// collide. Thread-safe.
class MessageKeyMaker {
  public:
    // The folder's secret; a new one where there is none or where it cannot be read.
    static Result<MessageKeyMaker> open(runtime::Files& files, runtime::Random& random, const std::string& folder);

    // `message_id` has message_id_bytes_max at most.
    MessageKey key_of(std::int64_t source_id, std::string_view message_id) const;
    // Differs between secrets.
    std::uint64_t mark() const { return mark_; }

  private:
    using Secret = std::array<unsigned char, 16>;
    explicit MessageKeyMaker(const Secret& secret);

    Secret secret_;
    std::uint64_t mark_;
};

} // namespace onefold::message_index
