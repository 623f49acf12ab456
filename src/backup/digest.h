#pragma once
// BLAKE2b-256 of bytes that come one after another, in hexadecimal digits.
#include <sodium.h>
#include <string>
#include <string_view>

namespace onefold::backup {

class Digest {
  public:
    Digest();
    void add(std::string_view bytes);
    std::string end(); // once

  private:
    crypto_generichash_state state_;
};

std::string digest_of(std::string_view bytes);

} // namespace onefold::backup
