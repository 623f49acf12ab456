#pragma once
// An import taken back by its inverse (ADR 28): what it made goes, what it changed is again what it was, and what
// somebody else changed or used since then stays and is told.
#include "import/import.h"
#include "import/turn.h"

#include <functional>
#include <memory>

namespace onefold::import {

enum class RollbackState { waiting, running, previewed, finished, failed, cancelled };
std::string_view to_string(RollbackState state);

// What becomes of the records that the import brought.
struct Fates {
    std::int64_t goes = 0;    // it was not there before
    std::int64_t returns = 0; // it is again what it was
    std::int64_t stays = 0;   // it was changed or used since, and is not touched
    friend bool operator==(const Fates&, const Fates&) = default;
};
struct RollbackCounts {
    Fates customers; // what the source says of one subject: a row's customer, its organisation
    Fates orders, tickets, events;
    std::int64_t customers_gone = 0; // of whom nothing remained
};

struct Rollback {
    ImportId import;
    RollbackState state = RollbackState::waiting;
    bool is_preview = false;
    Principal principal;
    Instant started_at;
    std::optional<Instant> finished_at;
    RollbackCounts counts; // once it is planned
    bool is_planned = false;
    std::int64_t done = 0, total = 0; // steps
    std::optional<LocalText> error;
    Position planned_to; // of the log
};

// What becomes of a record.
enum class Fate { goes, returns, stays };
std::string_view to_string(Fate fate);

// Why a record stays.
//   changed: a later message or import says otherwise · edited: by hand · used: something that stays belongs to it ·
//   said_again: a later import says the same · together: it came in one row with such a one · order: its event changed
//   an order · expired: what it was before is no longer in the log
struct RollbackRecord {
    std::string kind; // customer, order, ticket, event
    std::int64_t ref = 0;
    std::string name, reason; // reason: "" of those that go or return
    CustomerId customer;      // 0: nobody's
};
struct RollbackRecords {
    std::vector<RollbackRecord> items;
    std::string next;
};

// One at a time, and none beside an import; in a thread of its own. Thread-safe.
class Rollbacks {
  public:
    Rollbacks(const Rooms& rooms, Turn& turn);
    ~Rollbacks();
    Result<> start(); // goes on with what an earlier run of the program left unfinished
    void stop();

    // In the background. Where one of this import runs or has ended well, it is that one. import.no_such_import,
    // import.still_running, import.was_dry_run, import.not_reversible; for a preview of one that was cut off
    // import.rollback_begun
    Result<Rollback> create(const Caller& caller, ImportId id, Purpose purpose);
    Result<Rollback> get(ImportId id) const; // import.no_rollback
    // Of these imports, where each stands; those that nobody began to roll back, or only looked at, are left out.
    Result<std::vector<Rollback>> list(const std::vector<ImportId>& ids) const;
    // What was taken back until then stays so.
    Result<Rollback> cancel(ImportId id);
    // The records of one fate, by kind and number. Events are there only where they stay; those that go or return only
    // until it has ended. import.no_rollback, import.bad_cursor
    Result<RollbackRecords> list_records(ImportId id, Fate fate, int limit, const std::string& after) const;
    // Those that stay, as CSV, 100,000 a part, from 1.
    Result<std::string> left_csv(ImportId id, int part, const Locale& locale) const;

    void add_routes(http::Contract& contract);

  private:
    void run();
    void run_one(Rollback rollback);
    Result<> work(Rollback& rollback);

    const Rooms& rooms_;
    Turn& turn_;
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

} // namespace onefold::import
