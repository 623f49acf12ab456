#pragma once
// Message keys in memory, exactly: about 23 to 46 bytes each. Not thread-safe.
#include "message_index/message_key.h"

#include <array>
#include <vector>

namespace onefold::message_index {

// Open addressing in 64 parts, so that growing never moves everything at once.
class MessageSet {
  public:
    // Whether it is new.
    bool insert(const MessageKey& key);
    void erase(const MessageKey& key);
    bool contains(const MessageKey& key) const;
    std::size_t size() const;
    std::vector<MessageKey> sorted() const;

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

} // namespace onefold::message_index
