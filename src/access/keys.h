#pragma once
// The keyring: one 32-byte key a purpose, in `keys.db`, each wrapped (XChaCha20-Poly1305) by the key in `master.key`
// (0600, made at first start). Who has only one of the two files reads nothing; who loses either loses what is sealed,
// so keep a copy of both, apart.
#include "core/result.h"
#include "runtime/runtime.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace onefold::access {

// Thread-safe. The purposes are listed in keys.cc; another one is our own mistake and ends the process.
class Keys {
  public:
    // Makes both files in `folder` where neither is there. keys.wrong_master_key, keys.missing_master_key,
    // keys.bad_master_key, keys.damaged; nothing is changed then.
    static Result<std::unique_ptr<Keys>> open(const runtime::Outside& outside, const std::string& folder);
    ~Keys();
    Keys(const Keys&) = delete;
    Keys& operator=(const Keys&) = delete;

    // 16 bytes, keyed BLAKE2b-128: the same for the same purpose and text for ever, and meaningless without the key.
    std::string digest(std::string_view purpose, std::string_view text) const;

    // version(1) ‖ key id(4, little endian) ‖ nonce(24) ‖ ciphertext ‖ tag(16). `context` says where it is kept
    // ("identifier|email") and must be said again to open it, so that a value moved elsewhere does not open.
    Result<std::string> seal(std::string_view purpose, std::string_view context, std::string_view plain) const;
    // keys.cannot_open for what was changed, moved, or sealed for another purpose.
    Result<std::string> open_sealed(std::string_view purpose, std::string_view context, std::string_view sealed) const;

  private:
    struct Key;

    Keys(runtime::Random& random, std::vector<Key> keys);
    const Key& of(std::string_view purpose) const;

    runtime::Random& random_;
    std::vector<Key> keys_; // sorted by purpose
};

} // namespace onefold::access
