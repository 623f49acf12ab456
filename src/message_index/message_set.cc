#include "message_index/message_set.h"

#include <algorithm>

namespace onefold::message_index {

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

bool MessageSet::contains(const MessageKey& given) const {
    const MessageKey key = without_zero(given);
    const Part& part = parts_[key.high % parts_.size()];
    return part.count > 0 && part.slots[part.place_of(key)] == key;
}

std::vector<MessageKey> MessageSet::sorted() const {
    std::vector<MessageKey> keys;
    keys.reserve(size());
    for (const Part& part : parts_)
        std::ranges::copy_if(part.slots, std::back_inserter(keys), [](const auto& key) { return key != MessageKey{}; });
    std::ranges::sort(keys);
    return keys;
}

std::size_t MessageSet::size() const {
    std::size_t size = 0;
    for (const Part& part : parts_)
        size += part.count;
    return size;
}

} // namespace onefold::message_index
