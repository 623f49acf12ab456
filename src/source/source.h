#pragma once
// Where data come from: a tracker (websites, apps), a program behind the API, files. Each has a time zone, a currency,
// a region (for phone numbers), a trust, rules for what it may send, and write keys with which it sends.
#include "access/keys.h"
#include "change/change.h"
#include "company/company.h"
#include "core/id.h"
#include "http/contract.h"
#include "store/store.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace onefold::source {

const store::Schema& schema();

enum class Kind { tracker, api, file, manual };
std::string_view to_string(Kind kind);
Result<Kind> kind_named(std::string_view name); // tracker, api or file

// Whether a message must carry the consent of whom it speaks of.
enum class Consent { none, required };
std::string_view to_string(Consent consent);

struct Source {
    SourceId id;
    std::string name; // unique; also the default scope of its identifiers, so it stays as it was given
    Kind kind = Kind::file;
    std::string zone, currency, region;
    int trust = 50; // 0 to 100; the most trusted source wins in the golden record
    Instant created_at;
    std::string write_key_hint; // the last four characters of the newest valid one, "" where it has none
    std::int64_t version = 1;   // counts changes of settings and of write keys
    Consent consent = Consent::none;
    std::vector<std::string> allowed_origins; // of trackers: whose pages may send; all where empty (origin.h)
    bool is_active = true;                    // else it is archived and takes nothing
    std::string order_scope; // within what its order numbers are unique, "" for its own name; see order_scope_of
};

// Sources that share this scope speak of the same order when they say the same number.
inline const std::string& order_scope_of(const Source& source) {
    return source.order_scope.empty() ? source.name : source.order_scope;
}

// What people type into the golden record; made with the database, trust 100.
inline constexpr SourceId manual{1};

struct SourceDraft {
    std::string name;
    Kind kind = Kind::file;
    std::string zone, currency; // the company's where empty
    std::string region;         // ISO 3166 code, "CN" where empty
};
struct NewSource {
    Source source;
    std::string write_key; // only now
};

struct SourceEdit {
    std::optional<std::string> zone, currency, region;
    std::optional<int> trust;
    std::optional<Consent> consent;
    std::optional<std::vector<std::string>> allowed_origins;
    std::optional<bool> is_active;
    std::optional<std::string> order_scope; // "" for its own name
};

using WriteKeyId = Id<struct WriteKeyNoun>;
struct WriteKey {
    WriteKeyId id;
    SourceId source_id;
    std::string hint; // its last four characters
    Instant created_at;
    std::optional<Instant> last_used_at; // to the minute
    std::optional<Instant> revoked_at;
};
struct NewWriteKey {
    WriteKey write_key;
    std::string secret; // only now
};
inline constexpr std::size_t write_keys_max = 20; // valid ones of a source

// Thread-safe. Sources are few and read with every event, so they are kept in memory; one process owns the folder.
class Sources {
  public:
    Sources(store::Database& database, const access::Keys& keys, const runtime::Outside& outside);
    ~Sources();
    Result<> load(); // once, before use

    // source.name_taken, source.bad_name, source.bad_region, company.bad_currency, time.unknown_zone
    Result<NewSource> create(const Caller& caller, const SourceDraft& draft);
    // source.version_changed where `version` is not the present one; source.bad_origin, source.bad_order_scope and
    // those of create. `manual`
    // cannot be changed: source.no_such_source.
    Result<Source> update(const Caller& caller, SourceId id, std::int64_t version, const SourceEdit& edit);

    // A further key; the others stay valid until they are revoked. source.too_many_keys
    Result<NewWriteKey> create_write_key(const Caller& caller, SourceId id);
    // Takes nothing from the moment it returns. source.no_such_key; revoked twice, it stays as it was.
    Result<WriteKey> revoke_write_key(const Caller& caller, WriteKeyId id);
    // The newest first, revoked ones too.
    Result<std::vector<WriteKey>> list_write_keys(SourceId id) const;
    // Writes down when which key was last used. Called every now and then; a kill forgets what came since.
    Result<> keep_uses();

    Result<Source> get(SourceId id) const;
    Result<std::shared_ptr<const Source>> share(SourceId id) const; // as get, without a copy
    std::optional<Source> find(std::string_view name) const;
    // Also of an archived source. Null for an unknown or revoked key.
    std::shared_ptr<const Source> find_by_write_key(std::string_view write_key) const;
    std::vector<Source> list() const;
    std::vector<std::string> regions() const; // of all sources, each once

    void add_routes(http::Contract& contract);

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

} // namespace onefold::source
