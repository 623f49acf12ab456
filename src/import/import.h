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
#include "upload/upload.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace onefold::import {

const store::Schema& schema();

// interrupted: it could not go on after a stop.
enum class State { waiting, running, finished, failed, interrupted, cancelled };
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

// Of a dry run: a row that would be joined with somebody who is there.
struct Joined {
    std::uint64_t line = 0;
    std::string name; // as the row says
    CustomerId customer;
    std::string customer_name;
    std::string type, value; // of an identifier that both have; "" where it is none of the customer's own
};
inline constexpr std::size_t joins_kept_max = 50;

struct Import {
    ImportId id;
    SourceId source; // 0 of a dry run for a source that is not there yet
    std::string source_name;
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

    bool is_dry = false; // only finds out what would happen
    // Of a dry run: new records of customers who are there, or in other rows; changed ones that make two customers one.
    std::int64_t joined = 0, joined_in_file = 0, merged = 0;
    std::vector<Joined> joins; // the first of those with customers who are there

    std::optional<upload::UploadId> upload; // where the file came from
    std::int64_t resumed_at_row = 0;        // after the last stop, rows behind this were read again
    std::int64_t batches_done = 0;          // of orders and tickets
    int failed_parts = 0;                   // of the download of failed rows

    // While it runs.
    std::uint64_t bytes_read = 0, bytes_total = 0;
    std::int64_t rows_per_second = 0;
    std::optional<std::int64_t> seconds_left;
};
// So long after its end the failed rows of an import can be fetched, and its uploaded file is kept.
inline constexpr std::chrono::hours papers_kept_for{30 * 24};
inline constexpr std::chrono::hours dry_runs_kept_for{24};

enum class Purpose { import, dry_run };

struct ImportRequest {
    std::string path; // of a file on this host, of any format that `sheet` reads; "" where it was uploaded
    Kind kind = Kind::customer;
    std::string source;                    // created (kind file) where it is missing
    std::optional<boost::json::value> map; // guessed where it is left out
    sheet::Choice choice = {};             // which sheet of the file
    std::optional<upload::UploadId> upload = {};
    Purpose purpose = Purpose::import;
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
    upload::Uploads& uploads;
    std::string folder;                                                      // for what is kept beside imports
    std::function<Result<>(const std::vector<Position>&)> on_retracted = {}; // events that the log tells no longer
};

// A file as callers name it: one of this host, or an uploaded one.
struct FileChoice {
    std::optional<std::string> path;
    std::optional<upload::UploadId> upload;
};

struct PreviewRequest;
struct Preview;
class Rollbacks;

class Imports {
  public:
    explicit Imports(const Rooms& rooms);
    ~Imports();
    // Goes on with what an earlier run of the program left unfinished. In a restored copy of the data folder it does
    // not: that was interrupted.
    Result<> start();
    void stop();

    // Checks file and map at once (errors of sheet::open, of parse_map and of upload), then works in the background.
    // import.may_not_open_source where the source is new and the caller may not make one.
    Result<Import> create(const Caller& caller, const ImportRequest& request);
    // Where it stands. import.not_one_file, import.path_is_local where the caller is no command of this host, and those
    // of upload.
    Result<std::string> path_of(const Caller& caller, const FileChoice& file) const;
    // Reads a bounded part of the file and changes nothing (preview.h).
    Result<Preview> preview(const PreviewRequest& request) const;
    Result<Import> get(ImportId id) const;
    Result<std::vector<Import>> list(int limit) const; // newest first, without their problems; no dry runs
    // What was imported until then stays. Of one that has ended, nothing changes.
    Result<Import> cancel(ImportId id);
    // One part of the rows that failed, from 1, as CSV. import.no_failed_rows
    Result<std::string> failed_rows(ImportId id, int part, const Locale& locale) const;

    Rollbacks& rollbacks();

    void add_routes(http::Contract& contract, const source::Sources& sources);

  private:
    void add_preview_route(http::Contract& contract);
    void add_job_routes(http::Contract& contract, const source::Sources& sources);
    const Rooms& rooms() const;
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

} // namespace onefold::import
