#pragma once
// Chance that follows from a seed: SplitMix64 (Steele, Lea, Flood 2014). The same state tells the same everywhere.
#include <cstddef>
#include <cstdint>

namespace onefold::demo {

class Chance {
  public:
    explicit Chance(std::uint64_t state) : state_(state) {}

    std::uint64_t next() {
        std::uint64_t z = state_ += 0x9e3779b97f4a7c15u;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        return z ^ (z >> 31);
    }
    std::uint64_t below(std::uint64_t limit) { return next() % limit; }
    double share() { return double(next() >> 11) * 0x1.0p-53; } // from 0 up to, not including, 1
    bool in_100(int share) { return below(100) < std::uint64_t(share); }
    bool in_1000(int share) { return below(1000) < std::uint64_t(share); }
    template <class Words>
    const auto& of(const Words& words) {
        return words[std::size_t(below(std::uint64_t(words.size())))];
    }

  private:
    std::uint64_t state_;
};

// The chance of one number in one stream, independent of its neighbours.
inline Chance chance_of(std::uint64_t seed, std::uint64_t stream) {
    Chance chance(seed * 0x9e3779b97f4a7c15u ^ (stream + 1));
    chance.next();
    return chance;
}

} // namespace onefold::demo
