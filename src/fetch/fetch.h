#pragma once
// Files that come in by themselves: a folder of this host that is watched, an HTTPS address or a folder on an SFTP
// server that is looked at by a schedule. Each file is taken whole, imported by the source's remembered map, and put
// into the folder `archive` or `error`. The same bytes of a source never come in twice.
#include "access/keys.h"
#include "fetch/address.h"
#include "http/contract.h"
#include "import/import.h"
#include "source/source.h"
#include "store/store.h"
#include "upload/upload.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace onefold::fetch {

const store::Schema& schema();

enum class PlaceKind { folder, https, sftp };

// Of one file source. Where nobody set any: a folder, off.
struct Settings {
    PlaceKind place = PlaceKind::folder;
    std::string folder;          // absolute, below an allowed root; on an SFTP server: as that names it
    std::string url;             // https://…
    std::string ca_certificates; // PEM, instead of the system's
    std::string host, login;     // login: of SFTP, or of HTTPS where it asks for one
    std::int64_t port = 22;
    std::string pattern = "*";           // * and ?, of whole names; of HTTPS not looked at
    std::int64_t every_minutes = 60;     // 1 to 10,080
    std::optional<std::string> daily_at; // "03:30" of the company's day, instead of every_minutes
    std::int64_t steady_s = 30;          // unchanged for so long, a file counts as whole; 1 to 3,600
    std::int64_t size_mb_max = 1024;     // 1 to 8,192; larger ones go to the error folder
    bool is_on = false;                  // looks by itself
    std::string host_key;                // SHA256:…, pinned at the first connection
    std::string host_key_offered;        // another one, that the server showed since
    bool has_password = false, has_private_key = false;
    Instant changed_at;
    std::int64_t version = 1;
};
// Secrets: left out, they stay, as long as the place stays; "" takes them away.
struct SettingsEdit {
    std::optional<PlaceKind> place;
    std::optional<std::string> folder, url, ca_certificates, host, login, pattern, daily_at;
    std::optional<std::int64_t> port, every_minutes, steady_s, size_mb_max;
    std::optional<bool> is_on;
    std::optional<std::string> password, private_key, passphrase;
};
inline constexpr std::size_t private_key_bytes_max = 8 << 10, ca_bytes_max = 12 << 10, secret_bytes_max = 1000;

// The last look at the place.
struct Look {
    Instant started_at;
    std::optional<Instant> ended_at; // none while it goes on
    std::int64_t found = 0;          // files of the pattern, also those that are known
    std::int64_t taken = 0;
    std::int64_t unsteady = 0; // perhaps still being written
    std::optional<Error> error;
    std::optional<Instant> failing_since; // of the first of the looks that failed one after the other
};

// taken: here, to be imported. waiting: no remembered map fits. repeated: the bytes are those of another.
enum class FileState { taken, waiting, importing, imported, failed, repeated };
enum class Lies { there, archive, error, stays, gone }; // stays: it could not be moved, and is remembered

using FetchedFileId = Id<struct FetchedFileNoun>;
struct FetchedFile {
    FetchedFileId id;
    SourceId source;
    std::string name;
    std::int64_t size = 0, modified_us = 0;
    FileState state = FileState::taken;
    Lies lies = Lies::there;
    Instant taken_at;
    std::optional<Instant> ended_at;
    std::string digest; // BLAKE2b-256; "" where it was not read
    std::optional<upload::UploadId> upload;
    std::optional<ImportId> import;
    std::optional<LocalText> reason; // of waiting and failed ones, and why it stays
    std::optional<FetchedFileId> same_as;
};

struct Limits {
    std::size_t entries_max = 20'000; // of a folder, looked at
    std::size_t taken_max = 100;      // in one look
    std::chrono::seconds fetch_max{1800};
    std::chrono::seconds look_max{1800}; // the rest is left for the next look
    std::chrono::seconds silence_max{60};
};

// What the operator allows; options of `serve`.
struct Allowed {
    std::vector<std::string> roots; // folders below which a watched one may be
    std::vector<Network> networks;  // inside the company
};

struct Rooms {
    store::Database& database;
    const runtime::Outside& outside;
    const access::Keys& keys;
    source::Sources& sources;
    upload::Uploads& uploads;
    import::Imports& imports;
    sheet::Opener open_file; // in a process of its own
    std::string folder;      // for files that are on their way
    Allowed allowed;
    std::function<void(std::string_view verb, std::string_view target)> record; // for the audit log
};

class Fetches {
  public:
    explicit Fetches(Rooms rooms);
    ~Fetches();
    Fetches(const Fetches&) = delete;
    Fetches& operator=(const Fetches&) = delete;
    Result<> start();
    void stop();

    // fetch.no_file_source, and those of source.
    Result<Settings> settings(SourceId id) const;
    Result<std::optional<Look>> last_look(SourceId id) const;
    Result<std::optional<Instant>> next_look(SourceId id) const; // none where it is off
    // fetch.version_changed, fetch.bad_settings, folder.outside, folder.link
    Result<Settings> update(const Caller& caller, SourceId id, std::int64_t version, const SettingsEdit& edit);
    // From now on the SFTP server must show this key. Where one is pinned, only for one that the server has shown:
    // fetch.other_key; before the first connection any, as its people tell it.
    Result<Settings> trust_host_key(const Caller& caller, SourceId id, const std::string& fingerprint);
    // Soon, also where it is off. fetch.not_set_up
    Result<> look_now(SourceId id);
    bool is_looking(SourceId id) const; // or is about to
    // The newest first, before `before` where it is set.
    Result<std::vector<FetchedFile>> list(SourceId id, FetchedFileId before, int limit) const;
    const Allowed& allowed() const;
    std::string own_folder(SourceId id) const; // that is proposed, below the first root

    void add_routes(http::Contract& contract);

  private:
    const import::Imports& imports() const;
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

} // namespace onefold::fetch
