#include "search/postings.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace onefold::search {
namespace {

constexpr std::size_t bitmap_bytes = 8192, numbers_max = 4095; // so a list of numbers is always shorter

static_assert(std::endian::native == std::endian::little);

std::uint16_t number_at(std::string_view bytes, std::size_t at) {
    std::uint16_t low;
    std::memcpy(&low, bytes.data() + at, 2);
    return low;
}
std::uint64_t word_at(std::string_view bytes, std::size_t word) {
    std::uint64_t bits;
    std::memcpy(&bits, bytes.data() + word * 8, 8);
    return bits;
}

template <class Sink>
void for_each_bit(std::size_t word, std::uint64_t bits, Sink sink) {
    for (; bits; bits &= bits - 1)
        sink(std::uint16_t(word * 64 + std::size_t(std::countr_zero(bits))));
}

} // namespace

std::string packed(const Part& part) {
    if (part.size() <= numbers_max)
        return {reinterpret_cast<const char*>(part.data()), part.size() * 2};
    std::string bytes(bitmap_bytes, '\0');
    for (const std::uint16_t low : part)
        bytes[low / 8] = char(static_cast<unsigned char>(bytes[low / 8]) | 1u << low % 8);
    return bytes;
}

Part unpacked(std::string_view bytes) {
    Part part;
    if (bytes.size() < bitmap_bytes)
        for (std::size_t at = 0; at + 2 <= bytes.size(); at += 2)
            part.push_back(number_at(bytes, at));
    else
        for (std::size_t word = 0; word < bitmap_bytes / 8; ++word)
            for_each_bit(word, word_at(bytes, word), [&](std::uint16_t low) { part.push_back(low); });
    return part;
}

void PartSet::add(std::string_view bytes) {
    if (bytes.size() < bitmap_bytes)
        for (std::size_t at = 0; at + 2 <= bytes.size(); at += 2) {
            const std::uint16_t low = number_at(bytes, at);
            words_[low / 64] |= std::uint64_t{1} << low % 64;
        }
    else
        for (std::size_t word = 0; word < words_.size(); ++word)
            words_[word] |= word_at(bytes, word);
}

void PartSet::keep_only(const PartSet& other) {
    for (std::size_t word = 0; word < words_.size(); ++word)
        words_[word] &= other.words_[word];
}

bool PartSet::is_empty() const {
    return std::ranges::all_of(words_, [](std::uint64_t bits) { return bits == 0; });
}

std::size_t PartSet::count() const {
    std::size_t count = 0;
    for (const std::uint64_t bits : words_)
        count += std::size_t(std::popcount(bits));
    return count;
}

void PartSet::append_to(std::vector<CustomerId>& customers, std::int64_t part) const {
    for (std::size_t word = 0; word < words_.size(); ++word)
        for_each_bit(word, words_[word], [&](std::uint16_t low) { customers.push_back({part << 16 | low}); });
}

} // namespace onefold::search
