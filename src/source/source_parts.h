#pragma once
// What the verbs of Sources share. Private to this room.
#include "source/source.h"

#include <atomic>
#include <map>
#include <shared_mutex>
#include <unordered_map>

namespace onefold::source {

struct KeyUse {
    SourceId source_id;
    WriteKeyId id;
    std::atomic<std::int64_t> used_at{0}; // µs, 0: not since the start
    std::int64_t kept_at = 0;             // of these, what the database knows
};

struct Sources::Parts {
    store::Database& database;
    const access::Keys& keys;
    const runtime::Outside& outside;
    mutable std::shared_mutex mutex;
    std::map<SourceId, std::shared_ptr<const Source>> by_id;
    std::map<std::string, SourceId, std::less<>> by_name;
    std::unordered_map<std::string, std::unique_ptr<KeyUse>> by_key_digest; // of valid keys

    std::string digest_of(std::string_view write_key) const { return keys.digest("write_key", write_key); }
    // In memory, unless a newer version is there already.
    void put(const Source& source);
};

// store.cc: the settings as SQL has them.
Result<std::vector<Source>> read_sources(store::Session& session);
Result<Source> read_source(store::Session& session, SourceId id); // source.no_such_source
Result<SourceId> insert_source(store::Session& session, const Source& source);
Result<> update_source(store::Session& session, const Source& source);
Result<WriteKey> insert_write_key(
    store::Session& session, SourceId source, std::string_view digest, std::string_view hint, Instant at);
Result<std::vector<WriteKey>> read_write_keys(store::Session& session, SourceId source);

boost::json::object values_of(const Source& source);
Failure no_such_source();

// A new secret, its digest and its hint.
struct Secret {
    std::string text, digest, hint;
};
Secret make_secret(const access::Keys& keys, runtime::Random& random);

} // namespace onefold::source
