#pragma once
// Files into customers, orders, tickets and events: one job at a time, in the background, the same file twice changes
// nothing.
#include "access/keys.h"
#include "customer/customer.h"
#include "customer/intake.h"
#include "event_log/event_log.h"
#include "http/contract.h"
#include "import/map.h"
#include "sheet/sheet.h"
#include "source/source.h"
#include "store/store.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace onefold::import {

const store::Schema& schema();

enum class State { waiting, running, finished, failed, interrupted };
std::string_view to_string(State state);

struct Counts {
    std::int64_t read = 0;                                // rows of the file, without the header
    std::int64_t created = 0, updated = 0, unchanged = 0; // customers, orders, tickets or events
    std::int64_t failed = 0;                              // rows that could not be taken
};
enum class Severity { failure, warning };
struct Problem {
    Severity severity = Severity::failure;
    std::uint64_t line = 0;
    std::string column, code;
    LocalText message;
};
// The first of each severity are kept, all are counted.
inline constexpr std::size_t problems_kept_max = 1000;

struct Import {
    ImportId id;
    SourceId source;
    Kind kind = Kind::customer;
    std::string file;  // its name without the folder
    std::string sheet; // of it, where it has several
    State state = State::waiting;
    Instant started_at;
    std::optional<Instant> finished_at;
    Counts counts;
    std::int64_t warnings = 0;
    std::vector<Problem> problems;
    std::optional<LocalText> error; // why it failed as a whole
};

struct ImportRequest {
    std::string path; // of a file on this host, of any format that `sheet` reads
    Kind kind = Kind::customer;
    std::string source;                    // created (kind file) where it is missing
    std::optional<boost::json::value> map; // guessed where it is left out
    sheet::Choice choice = {};             // which sheet of the file
};

// What imports are made of; owned by `house`.
struct Rooms {
    store::Database& database;
    const runtime::Outside& outside;
    const access::Keys& keys;
    source::Sources& sources;
    event_log::EventLog& log;
    const customer::Customers& customers;
    const customer::Intake& intake;
    sheet::Opener open_file; // in a process of its own, outside of tests
};

struct PreviewRequest;
struct Preview;

class Imports {
  public:
    explicit Imports(const Rooms& rooms);
    ~Imports();
    // Notes what an earlier run of the program left unfinished as interrupted, and begins to work.
    Result<> start();
    void stop();

    // Checks file and map at once (errors of sheet::open and parse_map), then works in the background.
    Result<Import> create(const Caller& caller, const ImportRequest& request);
    // Reads a bounded part of the file and changes nothing (preview.h).
    Result<Preview> preview(const PreviewRequest& request) const;
    Result<Import> get(ImportId id) const;
    Result<std::vector<Import>> list(int limit) const; // newest first, without their problems

    void add_routes(http::Contract& contract, const source::Sources& sources);

  private:
    void add_preview_route(http::Contract& contract);
    const Rooms& rooms() const;
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

} // namespace onefold::import
