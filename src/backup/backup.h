#pragma once
// Backups of this data folder, made while it is in use: at an hour of the company's day, when a person wants one now,
// or for a command. One at a time, on a thread of its own that gives way to others.
//
// Restoring and verifying need no server: restore.h, verify.h.
#include "access/access.h"
#include "backup/make.h"
#include "company/company.h"
#include "http/contract.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace onefold::backup {

const store::Schema& schema();

using BackupId = Id<struct BackupNoun>;

enum class Cause { schedule, person, command };
enum class State { running, whole, failed };

struct Backup {
    BackupId id;
    Cause cause = Cause::person;
    std::string target; // its folder
    bool has_keys = true;
    State state = State::running;
    Instant started_at;
    std::optional<Instant> ended_at;
    std::uint64_t bytes = 0;          // while it runs: so far
    std::uint64_t bytes_expected = 0; // only while it runs
    Position position;                // of the event log
    std::uint64_t events = 0;
    std::optional<Error> error;
    std::optional<Instant> removed_at; // it made room for newer ones
};

struct Settings {
    bool is_scheduled = false;
    std::string folder;    // absolute; backups are folders in it
    std::int64_t hour = 3; // of the company's day
    std::int64_t keep_count = 7;
    bool has_keys = true;
    Instant changed_at;
    std::int64_t version = 1;
};
struct SettingsEdit {
    std::optional<bool> is_scheduled, has_keys;
    std::optional<std::string> folder;
    std::optional<std::int64_t> hour, keep_count;
};

// What a command asks for; a person gets a new folder in that of the settings.
struct Wish {
    std::optional<std::string> target; // absolute
    WithKeys with_keys = WithKeys::yes;
};

class Backups {
  public:
    Backups(store::Database& database, access::Access& access, Origin origin);
    ~Backups(); // stops
    Backups(const Backups&) = delete;
    Backups& operator=(const Backups&) = delete;

    // Says of backups that a stop cut short that they were; after a restore: that it was one, and ends all sessions.
    Result<> start();
    void stop();      // a running backup is given up
    Result<> check(); // begins the daily one where it is due; done every half a minute anyway

    // backup.running, backup.no_folder, backup.local_target (only commands name one), and those of Place::begin.
    Result<Backup> begin(const Caller& caller, const Wish& wish);
    Result<Backup> get(BackupId id);
    Result<std::vector<Backup>> list(int limit); // the newest first
    Result<std::optional<Backup>> last_whole();  // that is still there

    Result<Settings> settings();
    // backup.version_changed, backup.bad_settings, and those of Place::begin for a folder that cannot be used.
    Result<Settings> update_settings(const Caller& caller, std::int64_t version, const SettingsEdit& edit);

    void add_routes(http::Contract& contract);

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

} // namespace onefold::backup
