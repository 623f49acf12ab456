#pragma once
#include <algorithm>
#include <chrono>
#include <vector>

namespace onefold::load {

class Latencies {
  public:
    void add(std::chrono::steady_clock::duration took) {
        all_ms_.push_back(std::chrono::duration<float, std::milli>(took).count());
    }
    // 0 where nothing was measured.
    double quantile_ms(double share) {
        if (all_ms_.empty())
            return 0;
        const auto at = std::min(all_ms_.size() - 1, std::size_t(share * double(all_ms_.size())));
        std::ranges::nth_element(all_ms_, all_ms_.begin() + std::ptrdiff_t(at));
        return double(all_ms_[at]);
    }

  private:
    std::vector<float> all_ms_;
};

} // namespace onefold::load
