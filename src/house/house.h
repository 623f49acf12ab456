#pragma once
// The whole house: every room built in order over one data folder, and the contract that they all wrote their routes
// into.
//
// A data folder holds: onefold.lock, settings.json (which database), master.key, keys.db, main.db (unless PostgreSQL),
// log/ (events), audit/, uploads/ (files that were sent, for a while), inbox/ (watched folders), fetch/ (on their way),
// imports/ (how far each is, and its rows that failed, for a while), extracts/ (lists as files, for a day), columns/
// (derived, may be deleted while nothing runs), rebuild/ (while customers are compared), onefold.sock while a server
// runs. One process at a time owns it (runtime.folder_in_use).
#include "http/contract.h"
#include "http/server.h"
#include "runtime/runtime.h"
#include "store/store.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace onefold::house {

struct Options {
    std::string folder;
    std::optional<std::string>
        database; // postgres://…; remembered in the folder; house.other_database where it remembers another
    std::vector<std::string> fetch_roots;    // besides inbox/: below these, folders may be watched
    std::vector<std::string> fetch_networks; // inside the company, that may be asked for files: 10.0.0.0/8
};

class House {
  public:
    // Opens or creates the folder, migrates, starts the readers.
    static Result<std::unique_ptr<House>> open(const Options& options);
    ~House(); // stops what runs, in order

    http::Contract& contract();
    // The secret of a fresh set-up link while there is no administrator.
    Result<std::optional<std::string>> make_setup_token();
    // For /metrics: what the server counts.
    void watch(const http::Server* server);

  private:
    struct Rooms;
    explicit House(std::unique_ptr<Rooms> rooms);
    std::unique_ptr<Rooms> rooms_;
};

// Up to where the event log must be there for what this database has taken up.
Result<Position> log_needed(store::Session& session);

inline std::string socket_path(const std::string& folder) {
    return folder + "/onefold.sock";
}

} // namespace onefold::house
