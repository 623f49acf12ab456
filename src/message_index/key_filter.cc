#include "message_index/key_filter.h"

namespace onefold::message_index {
namespace {

constexpr std::uint64_t bits_a_key = 10;
constexpr std::size_t keys_ahead = 16; // whose blocks are on their way from memory
constexpr std::array<std::uint32_t, 8> salts{
    0x47b6137bu, 0x44974d91u, 0x8824ad5bu, 0xa2b7289du, 0x705495c7u, 0x2df1424bu, 0x9efc4947u, 0x5c6bfb31u};

std::uint32_t bit_of(const MessageKey& key, std::size_t word) {
    return 1u << ((std::uint32_t(key.high) * salts[word]) >> 27);
}

} // namespace

KeyFilter::KeyFilter(std::uint64_t keys_max) : blocks_(keys_max * bits_a_key / (8 * sizeof(Block)) + 1) {}

void KeyFilter::insert(std::span<const MessageKey> keys) {
    for (std::size_t at = 0; at < keys.size(); ++at) {
        if (at + keys_ahead < keys.size())
            prefetch(keys[at + keys_ahead]);
        Block& block = blocks_[index_of(keys[at])];
        for (std::size_t i = 0; i < salts.size(); ++i)
            block.words[i] |= bit_of(keys[at], i);
    }
}

bool KeyFilter::may_contain(const MessageKey& key) const {
    const Block& block = blocks_[index_of(key)];
    for (std::size_t i = 0; i < salts.size(); ++i)
        if ((block.words[i] & bit_of(key, i)) == 0)
            return false;
    return true;
}

std::string_view KeyFilter::bytes() const {
    return {reinterpret_cast<const char*>(blocks_.data()), blocks_.size() * sizeof(Block)};
}

} // namespace onefold::message_index
