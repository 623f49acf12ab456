#pragma once
// Chance with a seed, for laws.
#include <random>
#include <vector>

namespace onefold::query::rig {

class Dice {
  public:
    explicit Dice(unsigned seed) : engine_(seed) {}
    std::size_t below(std::size_t bound) { return std::uniform_int_distribution<std::size_t>(0, bound - 1)(engine_); }
    bool one_in(std::size_t many) { return below(many) == 0; }
    template <class T>
    const T& of(const std::vector<T>& choices) {
        return choices[below(choices.size())];
    }

  private:
    std::mt19937 engine_;
};

} // namespace onefold::query::rig
