#include "message_index/message_key.h"

#include "core/crc32c.h"
#include "core/text.h"

#include <charconv>
#include <cstring>
#include <fmt/format.h>
#include <sodium.h>

namespace onefold::message_index {
namespace {

constexpr std::string_view secret_file = "message.key";

template <std::size_t size>
std::string text_of(const std::array<unsigned char, size>& secret) {
    const std::string text =
        fmt::format("onefold-message-key-1 {} ", to_hex({reinterpret_cast<const char*>(secret.data()), secret.size()}));
    return fmt::format("{}{:08x}\n", text, crc32c(text));
}

} // namespace

MessageKeyMaker::MessageKeyMaker(const Secret& secret) : secret_(secret), mark_(0) {
    mark_ = key_of(0, "onefold").low;
}

Result<MessageKeyMaker> MessageKeyMaker::open(
    runtime::Files& files, runtime::Random& random, const std::string& folder) {
    static_assert(crypto_shorthash_siphashx24_KEYBYTES == sizeof(Secret));
    constexpr std::size_t digits_at = 22;
    const std::string path = fmt::format("{}/{}", folder, secret_file);
    Secret secret{};
    if (files.exists(path)) {
        const auto text = files.read_all(path, 4096);
        if (!text && text.error().code != "files.too_large")
            return fail(text.error());
        if (text && text->size() == text_of(secret).size()) {
            for (std::size_t i = 0; i < secret.size(); ++i)
                std::from_chars(text->data() + digits_at + 2 * i, text->data() + digits_at + 2 * i + 2, secret[i], 16);
            if (text_of(secret) == *text)
                return MessageKeyMaker{secret};
        }
    }
    random.fill(secret);
    TRY(files.replace(path, text_of(secret)));
    return MessageKeyMaker{secret};
}

MessageKey MessageKeyMaker::key_of(std::int64_t source_id, std::string_view message_id) const {
    std::array<unsigned char, sizeof source_id + message_id_bytes_max> input;
    VERIFY(message_id.size() <= message_id_bytes_max);
    std::memcpy(input.data(), &source_id, sizeof source_id);
    std::memcpy(input.data() + sizeof source_id, message_id.data(), message_id.size());
    std::array<unsigned char, 16> digest;
    crypto_shorthash_siphashx24(digest.data(), input.data(), sizeof source_id + message_id.size(), secret_.data());
    MessageKey key;
    std::memcpy(&key.high, digest.data(), 8);
    std::memcpy(&key.low, digest.data() + 8, 8);
    return key;
}

} // namespace onefold::message_index
