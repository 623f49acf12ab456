#pragma once
// A split block Bloom filter (Putze, Sanders, Singler 2007; the form of Apache Parquet): 10 bits a key, one cache line
// touched a question, about 1 % of those that are not in it are said to be.
#include "message_index/message_key.h"

#include <array>
#include <span>
#include <string_view>
#include <vector>

namespace onefold::message_index {

class KeyFilter {
  public:
    struct alignas(32) Block {
        std::array<std::uint32_t, 8> words{};
    };

    explicit KeyFilter(std::uint64_t keys_max);
    explicit KeyFilter(std::vector<Block> blocks) : blocks_(std::move(blocks)) {} // one at least

    void insert(std::span<const MessageKey> keys);
    bool may_contain(const MessageKey& key) const;
    void prefetch(const MessageKey& key) const { __builtin_prefetch(&blocks_[index_of(key)]); }

    std::string_view bytes() const;
    std::size_t block_count() const { return blocks_.size(); }

  private:
    std::size_t index_of(const MessageKey& key) const {
        return std::size_t((static_cast<unsigned __int128>(key.low) * blocks_.size()) >> 64);
    }

    std::vector<Block> blocks_;
};

} // namespace onefold::message_index
