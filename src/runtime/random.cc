#include "core/text.h"
#include "runtime/runtime.h"

#include <sodium.h>

namespace onefold::runtime {
namespace {

class SystemRandom final : public Random {
  public:
    SystemRandom() { VERIFY(sodium_init() >= 0); }
    void fill(std::span<unsigned char> bytes) override { randombytes_buf(bytes.data(), bytes.size()); }
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
