#pragma once
// Where data come from: a tracker (websites, apps), a program behind the API, files. Each has a time zone, a currency,
// a region (for phone numbers) and a trust, and a write key with which it sends.
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

struct Source {
    SourceId id;
    std::string name; // unique; also the default scope of its identifiers
    Kind kind = Kind::file;
    std::string zone, currency, region;
    int trust = 50; // 0 to 100; the most trusted source wins in the golden record
    Instant created_at;
    std::string write_key_hint; // its last four characters, "" where it has none
    std::int64_t version = 1;
};

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

// Thread-safe. Sources are few and read with every event, so they are kept in memory; one process owns the folder.
class Sources {
  public:
    Sources(store::Database& database, const access::Keys& keys, const runtime::Outside& outside);
    ~Sources();
    Result<> load(); // once, before use

    // source.name_taken, source.bad_name, company.bad_currency, time.unknown_zone
    Result<NewSource> create(const Caller& caller, const SourceDraft& draft);
    Result<Source> get(SourceId id) const;
    std::optional<Source> find(std::string_view name) const;
    std::optional<Source> find_by_write_key(std::string_view write_key) const;
    std::vector<Source> list() const;
    std::vector<std::string> regions() const; // of all sources, each once

    void add_routes(http::Contract& contract);

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

} // namespace onefold::source
