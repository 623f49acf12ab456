#pragma once
// Where files lie, as an interface: a folder of this host, an HTTPS address, a folder on an SFTP server. For this
// room's own files.
#include "fetch/fetch.h"

#include <atomic>

namespace onefold::fetch {

struct Seen {
    std::string name;
    std::int64_t size = 0, modified_us = 0;
    std::uint64_t inode = 0; // 0 where there is none
    friend bool operator==(const Seen&, const Seen&) = default;
};
struct Listing {
    std::vector<Seen> files;
    bool is_cut = false;
};

// What a server says of its one file, so that it is not sent again.
struct Mark {
    std::string etag, last_modified;
};
inline constexpr std::size_t mark_bytes_max = 1000; // of each; a longer one is none
struct Arrived {
    Seen seen;
    Mark mark;
};

struct Move {
    Seen seen;          // as it was taken
    std::string folder; // "archive" or "error"
    std::string to_name;
    std::string note; // beside it, in NAME.txt; none where empty
};
enum class Moved { done, gone, changed, refused };
struct MoveAnswer {
    Moved moved = Moved::done;
    std::optional<LocalText> reason; // of refused
};

class Place {
  public:
    virtual ~Place() = default;
    // What is there. HTTPS: its one file, of which nothing is known yet.
    virtual Result<Listing> list() = 0;
    // The whole file to `to`, a path of this host. Nothing where the server says that it is the one of `mark`.
    // folder.changed, folder.too_large, fetch.…
    virtual Result<std::optional<Arrived>> take(const Seen& seen, const Mark& mark, const std::string& to) = 0;
    // Another file of the same name is left where it is: `changed`.
    virtual Result<MoveAnswer> put_away(const Move& move) = 0;
    // The SSH key that the server showed last; "" for none.
    virtual std::string host_key() const { return ""; }
};

struct Secrets {
    std::string password, private_key, passphrase;
};

std::unique_ptr<Place> make_folder_place(const Settings& settings, const std::vector<std::string>& roots,
    const Limits& limits, const std::atomic<bool>& is_stopping);
// Speaks through a child that is ended after too long. `words`: the command line of this program that calls
// serve_child.
std::unique_ptr<Place> make_remote_place(const Settings& settings, const Secrets& secrets,
    const std::vector<Network>& networks, const Limits& limits, const std::atomic<bool>& is_stopping,
    const std::vector<std::string>& words = {"fetch-remote"});

// The root of these below which the folder is.
Result<std::string> root_of(const std::string& folder, const std::vector<std::string>& roots);

// A watched folder is not the data folder, does not hold it, and lies in it below its inbox only. `own`: a folder in
// the data folder. folder.own
Result<> check_apart(const std::string& folder, const std::string& own);

// "orders.csv" → "orders.7.csv"
std::string numbered(const std::string& name, std::int64_t number);

} // namespace onefold::fetch
