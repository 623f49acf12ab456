#include "core/text.h"
#include "runtime/runtime.h"

#include <algorithm>
#include <array>
#include <sodium.h>

namespace onefold::runtime {
namespace {

class SystemRandom final : public Random {
  public:
    SystemRandom() { VERIFY(sodium_init() >= 0); }
    void fill(std::span<unsigned char> bytes) override {
        if (bytes.size() > small_bytes)
            return randombytes_buf(bytes.data(), bytes.size());
        if (stock_left < bytes.size()) {
            randombytes_buf(stock.data(), stock.size());
            stock_left = stock.size();
        }
        stock_left -= bytes.size();
        const auto from = stock.begin() + std::ptrdiff_t(stock_left);
        std::copy_n(from, bytes.size(), bytes.begin());
        std::fill_n(from, bytes.size(), 0);
    }

  private:
    // Salts are many and small, and each would be a call to the kernel. Larger things are keys: they are never kept.
    static constexpr std::size_t small_bytes = 16;
    static inline thread_local std::array<unsigned char, 1024> stock;
    static inline thread_local std::size_t stock_left = 0;
};

} // namespace

std::string Random::bytes(std::size_t count) {
    std::string result(count, '\0');
    fill({reinterpret_cast<unsigned char*>(result.data()), count});
    return result;
}

std::string Random::token(std::size_t bytes_count) {
    return to_base64url(bytes(bytes_count));
}

std::unique_ptr<Random> make_system_random() {
    return std::make_unique<SystemRandom>();
}

} // namespace onefold::runtime
