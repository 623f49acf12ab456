#include "event_log/message_set.h"

#include "event_log/frame.h"

#include <cstring>
#include <sodium.h>

namespace onefold::event_log {

MessageKeyMaker::MessageKeyMaker(runtime::Random& random) {
    static_assert(crypto_shorthash_siphashx24_KEYBYTES == 16);
    random.fill(secret_);
}

MessageKey MessageKeyMaker::key_of(std::int64_t source_id, std::string_view message_id) const {
    std::array<unsigned char, sizeof source_id + message_id_bytes_max> input;
    VERIFY(message_id.size() <= message_id_bytes_max);
    std::memcpy(input.data(), &source_id, sizeof source_id);
    std::memcpy(input.data() + sizeof source_id, message_id.data(), message_id.size());
    std::array<unsigned char, 16> digest;
    crypto_shorthash_siphashx24(digest.data(), input.data(), sizeof source_id + message_id.size(), secret_.data());
    MessageKey key;
    std::memcpy(&key.high, digest.data(), 8);
    std::memcpy(&key.low, digest.data() + 8, 8);
    return key;
}

MessageKey MessageSet::without_zero(MessageKey key) {
    if (key == MessageKey{})
        key.low = 1;
    return key;
}

std::size_t MessageSet::Part::place_of(const MessageKey& key) const {
    const std::size_t mask = slots.size() - 1;
    std::size_t place = key.low & mask;
    while (slots[place] != MessageKey{} && slots[place] != key)
        place = (place + 1) & mask;
    return place;
}

void MessageSet::Part::grow() {
    std::vector<MessageKey> old(slots.empty() ? 64 : slots.size() * 2);
    old.swap(slots);
    for (const MessageKey& key : old)
        if (key != MessageKey{})
            slots[place_of(key)] = key;
}

bool MessageSet::insert(const MessageKey& given) {
    const MessageKey key = without_zero(given);
    Part& part = parts_[key.high % parts_.size()];
    if ((part.count + 1) * 10 > part.slots.size() * 7)
        part.grow();
    MessageKey& slot = part.slots[part.place_of(key)];
    if (slot == key)
        return false;
    slot = key;
    ++part.count;
    return true;
}

void MessageSet::erase(const MessageKey& given) {
    const MessageKey key = without_zero(given);
    Part& part = parts_[key.high % parts_.size()];
    if (part.count == 0)
        return;
    auto& slots = part.slots;
    const std::size_t mask = slots.size() - 1;
    std::size_t hole = part.place_of(key);
    if (slots[hole] != key)
        return;
    for (std::size_t next = (hole + 1) & mask; slots[next] != MessageKey{}; next = (next + 1) & mask) {
        const std::size_t home = slots[next].low & mask;
        if (((next - home) & mask) < ((next - hole) & mask))
            continue;
        slots[hole] = slots[next];
        hole = next;
    }
    slots[hole] = MessageKey{};
    --part.count;
}

std::size_t MessageSet::size() const {
    std::size_t size = 0;
    for (const Part& part : parts_)
        size += part.count;
    return size;
}

} // namespace onefold::event_log
