#include "backup/digest.h"

#include "core/text.h"

namespace onefold::backup {

Digest::Digest() {
    crypto_generichash_init(&state_, nullptr, 0, crypto_generichash_BYTES);
}

void Digest::add(std::string_view bytes) {
    crypto_generichash_update(&state_, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
}

std::string Digest::end() {
    std::string digest(crypto_generichash_BYTES, '\0');
    crypto_generichash_final(&state_, reinterpret_cast<unsigned char*>(digest.data()), digest.size());
    return to_hex(digest);
}

std::string digest_of(std::string_view bytes) {
    Digest digest;
    digest.add(bytes);
    return digest.end();
}

} // namespace onefold::backup
