#pragma once
// Which customers a term has: sets of ids, kept in parts of 65,536 ids each, a part as sorted 16-bit numbers or, from
// 4,096 on, as a bitmap (the containers of Roaring, Chambi et al. 2016). Pure.
#include "core/id.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace onefold::search {

inline std::int64_t part_of(CustomerId id) {
    return id.value >> 16;
}
inline std::uint16_t low_of(CustomerId id) {
    return std::uint16_t(id.value & 0xFFFF);
}

// One part, unpacked: sorted, each once.
using Part = std::vector<std::uint16_t>;
std::string packed(const Part& part);
Part unpacked(std::string_view bytes);

// One part while it is searched.
class PartSet {
  public:
    void add(std::string_view packed_part);
    void keep_only(const PartSet& other);
    bool is_empty() const;
    std::size_t count() const;
    void append_to(std::vector<CustomerId>& customers, std::int64_t part) const;

  private:
    std::vector<std::uint64_t> words_ = std::vector<std::uint64_t>(1024);
};

} // namespace onefold::search
