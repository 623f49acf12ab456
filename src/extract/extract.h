#pragma once
// Lists as files: whatever a list shows, written in the background, fetched by whoever asked for it, gone after a day.
// The room of exports; `export` is a word of C++.
#include "core/caller.h"
#include "extract/plan.h"
#include "extract/sheet_file.h"
#include "http/contract.h"
#include "identity/identity.h"
#include "object/object.h"
#include "runtime/runtime.h"
#include "store/store.h"

#include <functional>
#include <memory>

namespace onefold::extract {

const store::Schema& schema();

using ExtractId = Id<struct ExtractNoun>;
enum class State { waiting, running, finished, failed, cancelled };
std::string_view to_string(State state);

inline constexpr std::int64_t records_max = 5'000'000;
inline constexpr std::size_t unfinished_max = 20;
inline constexpr std::size_t unfinished_of_one_max = 3; // of a user or token
inline constexpr std::int64_t listed_max = 100;
inline constexpr std::chrono::hours kept_for{24};
inline constexpr std::uint64_t free_bytes_min = 512 << 20;

// What is asked for: a list with its filter, order and columns.
struct Wish {
    Words words;
    Format format = Format::csv;
    std::optional<std::string> filter, condition, sort; // as lists have them (object/listing.h); filter: JSON
    std::vector<std::int64_t> ids;                      // none: all that meet the filter
};

struct Extract {
    ExtractId id;
    Wish wish;
    std::string principal;
    State state = State::waiting;
    std::int64_t records = 0, records_total = 0; // written so far; the total once it is known
    std::int64_t rows = 0, bytes = 0;
    Instant created_at;
    std::optional<Instant> finished_at;
    std::optional<LocalText> error;
};

// What a test makes smaller.
struct Limits {
    std::int64_t workbook_rows_max = xlsx_rows_max;
    std::int64_t kept_bytes_max = std::int64_t(4) << 30; // of a user or token, together
};

struct Rooms {
    store::Database& database;
    const runtime::Outside& outside;
    const identity::Identity& identity;
    object::SourceName source_name;
    std::string folder;
    std::function<void(std::string_view verb, std::string_view what)> record; // for the audit
    Limits limits = {};
};

// One after the other, in a thread of its own. An export is of one snapshot of the database, and holds one of its
// readers meanwhile. What a stop cuts off is begun anew. Thread-safe.
class Extracts {
  public:
    explicit Extracts(const Rooms& rooms);
    ~Extracts();
    Result<> start();
    void stop();

    // Errors of plan_columns and of query::list_ids at once; extract.too_many, extract.too_much_kept
    Result<Extract> create(const Caller& caller, const Wish& wish);
    // Their own, and for administrators everybody's: extract.no_such_extract
    Result<Extract> get(const Caller& caller, ExtractId id) const;
    // Their own that are not forgotten, the newest first, at most `listed_max`.
    Result<std::vector<Extract>> list(const Caller& caller) const;
    // What waits has ended then, what runs ends soon; what is over stays as it is.
    Result<Extract> cancel(const Caller& caller, ExtractId id);
    // It and its file are gone. extract.not_over while it waits or runs
    Result<> remove(const Caller& caller, ExtractId id);
    // Where its file lies. extract.not_finished; extract.no_such_extract where it is not there as a whole
    Result<std::string> path_of(const Caller& caller, ExtractId id) const;

    void add_routes(http::Contract& contract);

  private:
    void run();
    void run_one(Extract extract);
    Result<> work(Extract& extract);
    Result<> write_rows(Extract& extract, SheetFile& file);
    Result<bool> end(const Extract& extract);
    Result<Extract> stored(ExtractId id) const; // extract.no_such_extract
    void remove_file(ExtractId id) const;
    std::string path_of(ExtractId id) const;
    Result<> sweep() const;

    const Rooms rooms_;
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

} // namespace onefold::extract
