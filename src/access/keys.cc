#include "access/keys.h"

#include "core/text.h"
#include "store/store.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <sodium.h>

namespace onefold::access {
namespace {

constexpr std::array<std::string_view, 9> purposes{
    "fetch", "identifier", "import", "replay", "session", "setup", "subject", "token", "write_key"};

constexpr std::size_t key_bytes = crypto_aead_xchacha20poly1305_ietf_KEYBYTES;
constexpr std::size_t nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_bytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::string_view master_heading = "onefold-master-key-1 ";
constexpr char version = 1;
constexpr std::size_t head_bytes = 5;

const store::Schema keyring{"keys",
    {{1, "0001_keyring",
        "CREATE TABLE keyring (key_id BIGINT PRIMARY KEY, purpose TEXT NOT NULL UNIQUE, wrapped BYTEA NOT NULL)"}}};

using Secret = std::array<unsigned char, key_bytes>;

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}

// nonce ‖ ciphertext ‖ tag
std::string encrypt(const Secret& key, std::string_view bound, std::string_view plain, runtime::Random& random) {
    std::string sealed(nonce_bytes + plain.size() + tag_bytes, '\0');
    random.fill({bytes_of(sealed), nonce_bytes});
    crypto_aead_xchacha20poly1305_ietf_encrypt(bytes_of(sealed) + nonce_bytes, nullptr, bytes_of(plain), plain.size(),
        bytes_of(bound), bound.size(), nullptr, bytes_of(sealed), key.data());
    return sealed;
}

std::optional<std::string> decrypt(const Secret& key, std::string_view bound, std::string_view sealed) {
    if (sealed.size() < nonce_bytes + tag_bytes)
        return std::nullopt;
    const auto nonce = sealed.substr(0, nonce_bytes);
    const auto ciphertext = sealed.substr(nonce_bytes);
    std::string plain(ciphertext.size() - tag_bytes, '\0');
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(bytes_of(plain), nullptr, nullptr, bytes_of(ciphertext),
            ciphertext.size(), bytes_of(bound), bound.size(), bytes_of(nonce), key.data()) != 0)
        return std::nullopt;
    return plain;
}

std::string head_of(std::int64_t key_id) {
    std::string head(1, version);
    for (int byte = 0; byte < 4; ++byte)
        head.push_back(static_cast<char>(key_id >> (8 * byte)));
    return head;
}

std::string bound_to(std::string_view head, std::string_view purpose, std::string_view context) {
    std::string bound(head);
    bound.append(purpose).push_back('\0');
    return bound.append(context);
}

Failure bad_master_key(const std::string& path) {
    return fail(ErrorKind::internal, "keys.bad_master_key",
        LocalText("The file " + path + " is not a master key. Put your copy of it back; nothing was changed.",
            "文件 " + path + " 不是主密钥。请放回它的备份；未做任何更改。"));
}

Result<Secret> parse_master_key(std::string_view text, const std::string& path) {
    text = trimmed(text);
    Secret master;
    std::size_t size = 0;
    if (!text.starts_with(master_heading))
        return bad_master_key(path);
    const auto digits = text.substr(master_heading.size());
    if (sodium_hex2bin(master.data(), master.size(), digits.data(), digits.size(), nullptr, &size, nullptr) != 0 ||
        size != key_bytes || digits.size() != 2 * key_bytes)
        return bad_master_key(path);
    return master;
}

Result<Secret> make_master_key(const runtime::Outside& outside, const std::string& path) {
    Secret master;
    outside.random.fill(master);
    const auto digits = to_hex({reinterpret_cast<const char*>(master.data()), master.size()});
    TRY(outside.files.replace(path, std::string(master_heading) + digits + "\n"));
    return master;
}

struct Wrapped {
    std::int64_t key_id;
    std::string bytes;
};
using Ring = std::map<std::string, Wrapped, std::less<>>;

Result<Ring> read_ring(store::Session& session) {
    Ring ring;
    TRY(session.each("SELECT key_id, purpose, wrapped FROM keyring", {}, [&](const store::Row& row) -> Result<> {
        ring[std::string(row.text(1))] = {row.integer(0), std::string(row.blob(2))};
        return {};
    }));
    return ring;
}

std::string wrap(const Secret& master, std::int64_t key_id, std::string_view purpose, runtime::Random& random) {
    std::string fresh(key_bytes, '\0');
    random.fill({bytes_of(fresh), fresh.size()});
    auto wrapped = encrypt(master, bound_to(head_of(key_id), purpose, "keyring"), fresh, random);
    sodium_memzero(fresh.data(), fresh.size());
    return wrapped;
}

// Makes the keys that this program needs and the ring has not.
Result<Ring> complete(store::Database& database, const Secret& master, runtime::Random& random) {
    return database.write([&](store::Session& session) -> Result<Ring> {
        auto ring = TRY(read_ring(session));
        std::int64_t last = 0;
        for (const auto& [purpose, wrapped] : ring)
            last = std::max(last, wrapped.key_id);
        for (const auto purpose : purposes) {
            if (ring.contains(purpose))
                continue;
            const Wrapped fresh{++last, wrap(master, last, purpose, random)};
            TRY(session.execute("INSERT INTO keyring(key_id, purpose, wrapped) VALUES ($1, $2, $3)",
                {fresh.key_id, std::string(purpose), store::Blob{fresh.bytes}}));
            ring.emplace(purpose, fresh);
        }
        return ring;
    });
}

Failure wrong_master_key(const std::string& folder) {
    return fail(ErrorKind::internal, "keys.wrong_master_key",
        LocalText("master.key in " + folder +
                      " does not open keys.db: one of them is damaged or belongs to another "
                      "Onefold. Put your copies back; nothing was changed.",
            folder +
                " 中的 master.key 无法打开 keys.db：其中一个已损坏或属于另一套 Onefold。请放回备份；未做任何更改。"));
}
Failure missing_master_key(const std::string& path) {
    return fail(ErrorKind::internal, "keys.missing_master_key",
        LocalText("There are keys, but " + path +
                      " that opens them is missing. Put your copy of it back; nothing was "
                      "changed.",
            "密钥存在，但用于打开密钥的 " + path + " 缺失。请放回它的备份；未做任何更改。"));
}
Failure damaged_keyring(const Error& cause) {
    return fail(ErrorKind::internal, "keys.damaged",
        LocalText("keys.db cannot be read: " + std::string(cause.message.in("en")),
            "无法读取 keys.db：" + std::string(cause.message.in("zh-CN"))));
}

Failure missing_keyring(const std::string& path) {
    return fail(ErrorKind::internal, "keys.missing_keyring",
        LocalText("There is a master key, but " + path +
                      " with the keys is missing. Put your copy of it back; nothing was changed.",
            "主密钥存在，但包含密钥的 " + path + " 缺失。请放回它的备份；未做任何更改。"));
}

// The master key gets its name when the keyring is complete, so that a first start that was interrupted is told from a
// lost file.
struct Places {
    explicit Places(const std::string& folder)
        : folder(folder),
          master(folder + "/master.key"),
          unfinished(folder + "/master.key.unfinished"),
          ring(folder + "/keys.db") {}
    std::string folder, master, unfinished, ring;
};

Result<Secret> find_or_make_master(const runtime::Outside& outside, const Places& places) {
    const bool has_ring = outside.files.exists(places.ring);
    if (outside.files.exists(places.master)) {
        if (!has_ring)
            return missing_keyring(places.ring);
        return parse_master_key(TRY(outside.files.read_all(places.master, 4096)), places.master);
    }
    if (outside.files.exists(places.unfinished))
        return parse_master_key(TRY(outside.files.read_all(places.unfinished, 4096)), places.unfinished);
    if (has_ring)
        return missing_master_key(places.master);
    TRY(outside.files.make_folder(places.folder));
    return make_master_key(outside, places.unfinished);
}

std::optional<std::string> unwrap(const Secret& master, std::string_view purpose, const Wrapped& wrapped) {
    return decrypt(master, bound_to(head_of(wrapped.key_id), purpose, "keyring"), wrapped.bytes);
}

Result<Ring> open_ring(const runtime::Outside& outside, const Places& places, const Secret& master) {
    auto database = store::Database::open(places.ring, {keyring}, {.readers_max = 1});
    if (!database && database.error().code == "store.damaged")
        return damaged_keyring(database.error());
    if (!database)
        return fail(database.error());
    auto found = (*database)->read(read_ring);
    if (!found)
        return damaged_keyring(found.error());
    for (const auto& [purpose, wrapped] : *found)
        if (!unwrap(master, purpose, wrapped))
            return wrong_master_key(places.folder);
    auto ring = TRY(complete(**database, master, outside.random));
    if (outside.files.exists(places.unfinished)) {
        TRY(outside.files.rename(places.unfinished, places.master));
        TRY(outside.files.sync_folder(places.folder));
    }
    return ring;
}

} // namespace

struct Keys::Key {
    std::string purpose;
    std::int64_t key_id;
    Secret sealing;
    Secret digesting;
};

Result<std::unique_ptr<Keys>> Keys::open(const runtime::Outside& outside, const std::string& folder) {
    VERIFY(sodium_init() >= 0);
    const Places places(folder);
    auto master = TRY(find_or_make_master(outside, places));
    const auto ring = TRY(open_ring(outside, places, master));
    std::vector<Key> keys;
    for (const auto& [purpose, wrapped] : ring) {
        auto plain = unwrap(master, purpose, wrapped);
        if (!plain || plain->size() != key_bytes)
            return wrong_master_key(folder);
        auto& key = keys.emplace_back(Key{purpose, wrapped.key_id, {}, {}});
        crypto_kdf_derive_from_key(key.sealing.data(), key_bytes, 1, "onefold_", bytes_of(*plain));
        crypto_kdf_derive_from_key(key.digesting.data(), key_bytes, 2, "onefold_", bytes_of(*plain));
        sodium_memzero(plain->data(), plain->size());
    }
    sodium_memzero(master.data(), master.size());
    return std::unique_ptr<Keys>(new Keys(outside.random, std::move(keys)));
}

// Locked, so that the keys are not written to swap; where the limit on locked memory forbids it they still work.
Keys::Keys(runtime::Random& random, std::vector<Key> keys) : random_(random), keys_(std::move(keys)) {
    for (auto& key : keys_) {
        sodium_mlock(key.sealing.data(), key_bytes);
        sodium_mlock(key.digesting.data(), key_bytes);
    }
}

Keys::~Keys() {
    for (auto& key : keys_) {
        sodium_munlock(key.sealing.data(), key_bytes);
        sodium_munlock(key.digesting.data(), key_bytes);
    }
}

const Keys::Key& Keys::of(std::string_view purpose) const {
    const auto found =
        std::ranges::lower_bound(keys_, purpose, {}, [](const Key& key) { return std::string_view(key.purpose); });
    const bool is_known_purpose = found != keys_.end() && found->purpose == purpose;
    VERIFY(is_known_purpose);
    return *found;
}

std::string Keys::digest(std::string_view purpose, std::string_view text) const {
    std::string digest(16, '\0');
    const auto& key = of(purpose).digesting;
    crypto_generichash(bytes_of(digest), digest.size(), bytes_of(text), text.size(), key.data(), key.size());
    return digest;
}

Result<std::string> Keys::seal(std::string_view purpose, std::string_view context, std::string_view plain) const {
    const auto& key = of(purpose);
    const auto head = head_of(key.key_id);
    return head + encrypt(key.sealing, bound_to(head, purpose, context), plain, random_);
}

Result<std::string> Keys::open_sealed(
    std::string_view purpose, std::string_view context, std::string_view sealed) const {
    const auto& key = of(purpose);
    const auto head = head_of(key.key_id);
    std::optional<std::string> plain;
    if (sealed.starts_with(head))
        plain = decrypt(key.sealing, bound_to(head, purpose, context), sealed.substr(head_bytes));
    if (plain)
        return std::move(*plain);
    return fail(ErrorKind::internal, "keys.cannot_open",
        LocalText("A sealed value does not open: it was changed, moved, or sealed with other keys.",
            "加密值无法打开：它被更改、移动，或由其他密钥加密。"));
}

} // namespace onefold::access
