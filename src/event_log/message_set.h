#pragma once
// The (source, message id) pairs that were appended, as keyed 128-bit digests: about 16 to 40 bytes of memory each.
#include "core/id.h"
#include "runtime/runtime.h"

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace onefold::event_log {

struct MessageKey {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    friend bool operator==(const MessageKey&, const MessageKey&) = default;
};

// SipHash-2-4-128 under a key of this process, so that nobody outside can make two messages collide. Thread-safe.
class MessageKeyMaker {
  public:
    explicit MessageKeyMaker(runtime::Random& random);
    MessageKey key_of(std::int64_t source_id, std::string_view message_id) const;

  private:
    std::array<unsigned char, 16> secret_;
};

// Open addressing in 64 parts, so that growing never moves everything at once. Not thread-safe.
class MessageSet {
  public:
    // Whether it is new.
    bool insert(const MessageKey& key);
    void erase(const MessageKey& key);
    std::size_t size() const;

  private:
    struct Part {
        std::vector<MessageKey> slots; // a power of two of them; zero is free
        std::size_t count = 0;

        std::size_t place_of(const MessageKey& key) const;
        void grow();
    };
    static MessageKey without_zero(MessageKey key);

    std::array<Part, 64> parts_;
};

} // namespace onefold::event_log
