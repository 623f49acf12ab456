// The write keys of a source: a new one beside the old, which lives until it is revoked.
#include "core/text.h"
#include "source/source_parts.h"

namespace onefold::source {
namespace {

constexpr std::size_t hint_bytes = 4;
constexpr auto use_is_told_every = std::chrono::minutes(1);

Failure too_many_keys() {
    return fail(ErrorKind::conflict, "source.too_many_keys",
        {fmt::format("A source has at most {} valid write keys. Revoke one that nobody uses.", write_keys_max),
            fmt::format("每个来源最多有 {} 个有效写入密钥，请先吊销不再使用的密钥。", write_keys_max)});
}

Failure no_such_key() {
    return fail(ErrorKind::not_found, "source.no_such_key", {"There is no such write key.", "没有这个写入密钥。"});
}

boost::json::object keys_of(const std::vector<WriteKey>& keys) {
    boost::json::array valid;
    for (const WriteKey& key : keys)
        if (!key.revoked_at)
            valid.push_back({{"id", std::to_string(key.id.value)}, {"hint", key.hint}});
    return {{"write_keys", std::move(valid)}};
}

// The change of a source's keys, by which its version counts on. `before` are the keys as they were.
Result<Source> count_on(store::Session& session, const change::Author& author, SourceId id,
    const std::vector<WriteKey>& before, const std::vector<WriteKey>& after) {
    Source source = TRY(read_source(session, id));
    ++source.version;
    TRY(update_source(session, source));
    TRY(change::append(session, author,
        {{change::object_ids::source, id.value, source.version, change::Op::update, keys_of(before), keys_of(after)}}));
    return source;
}

} // namespace

Secret make_secret(const access::Keys& keys, runtime::Random& random) {
    const std::string text = "ofk_" + to_hex(random.bytes(24)); // its end is typed on a command line: never a "-" there
    return {text, keys.digest("write_key", text), text.substr(text.size() - hint_bytes)};
}

Result<NewWriteKey> Sources::create_write_key(const Caller& caller, SourceId id) {
    const auto author = company::author_of(caller, parts_->outside);
    const Secret secret = make_secret(parts_->keys, parts_->outside.random);
    Source source;
    const WriteKey key = TRY(parts_->database.write([&](store::Session& session) -> Result<WriteKey> {
        const auto before = TRY(read_write_keys(session, id));
        if (std::ranges::count_if(before, [](const WriteKey& key) { return !key.revoked_at; }) >=
            std::int64_t(write_keys_max))
            return too_many_keys();
        if (TRY(read_source(session, id)).kind == Kind::manual)
            return no_such_source();
        const WriteKey made = TRY(insert_write_key(session, id, secret.digest, secret.hint, author.at));
        source = TRY(count_on(session, author, id, before, TRY(read_write_keys(session, id))));
        return made;
    }));
    std::unique_lock lock(parts_->mutex);
    parts_->by_key_digest[secret.digest] = std::make_unique<KeyUse>(id, key.id);
    parts_->put(source);
    return NewWriteKey{key, secret.text};
}

Result<WriteKey> Sources::revoke_write_key(const Caller& caller, WriteKeyId id) {
    const auto author = company::author_of(caller, parts_->outside);
    std::optional<Source> source;
    const WriteKey key = TRY(parts_->database.write([&](store::Session& session) -> Result<WriteKey> {
        const auto of = TRY(session.find_integer("SELECT source_id FROM write_key WHERE id = $1", {id.value}));
        if (!of)
            return no_such_key();
        const SourceId source_id{*of};
        const auto before = TRY(read_write_keys(session, source_id));
        const auto own = *std::ranges::find(before, id, &WriteKey::id);
        if (own.revoked_at)
            return own;
        TRY(session.execute("UPDATE write_key SET revoked_at = $2 WHERE id = $1", {id.value, micros_of(author.at)}));
        const auto after = TRY(read_write_keys(session, source_id));
        source = TRY(count_on(session, author, source_id, before, after));
        return *std::ranges::find(after, id, &WriteKey::id);
    }));
    std::unique_lock lock(parts_->mutex);
    std::erase_if(parts_->by_key_digest, [&](const auto& entry) { return entry.second->id == id; });
    if (source)
        parts_->put(*source);
    return key;
}

Result<std::vector<WriteKey>> Sources::list_write_keys(SourceId id) const {
    TRY(get(id));
    auto keys = TRY(parts_->database.read([&](store::Session& session) { return read_write_keys(session, id); }));
    std::shared_lock lock(parts_->mutex);
    for (const auto& [digest, use] : parts_->by_key_digest)
        if (const auto micros = use->used_at.load(std::memory_order_relaxed); micros != 0)
            if (const auto key = std::ranges::find(keys, use->id, &WriteKey::id); key != keys.end())
                key->last_used_at = instant_of(micros);
    return keys;
}

std::shared_ptr<const Source> Sources::find_by_write_key(std::string_view write_key) const {
    const auto digest = parts_->digest_of(write_key);
    const std::int64_t now = micros_of(parts_->outside.clock.now());
    std::shared_lock lock(parts_->mutex);
    const auto found = parts_->by_key_digest.find(digest);
    if (found == parts_->by_key_digest.end())
        return nullptr;
    auto& used_at = found->second->used_at;
    if (now - used_at.load(std::memory_order_relaxed) >= std::chrono::microseconds(use_is_told_every).count())
        used_at.store(now, std::memory_order_relaxed);
    return parts_->by_id.at(found->second->source_id);
}

Result<> Sources::keep_uses() {
    std::vector<store::Values> rows;
    {
        std::unique_lock lock(parts_->mutex);
        for (const auto& [digest, use] : parts_->by_key_digest)
            if (const auto used_at = use->used_at.load(std::memory_order_relaxed); used_at > use->kept_at) {
                rows.push_back({use->id.value, used_at});
                use->kept_at = used_at;
            }
    }
    if (rows.empty())
        return {};
    TRY(parts_->database.write([&](store::Session& session) {
        return session.execute_many("UPDATE write_key SET last_used_at = $2 WHERE id = $1", rows);
    }));
    return {};
}

} // namespace onefold::source
