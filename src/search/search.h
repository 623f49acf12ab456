#pragma once
// Finding customers by what people remember of them: a part of a name, its pinyin or initials, the end of a phone
// number, an identifier, also a little mistyped.
#include "customer/customer.h"
#include "http/contract.h"
#include "object/by_number.h"
#include "search/index.h"
#include "search/marks.h"

#include <functional>
#include <memory>

namespace onefold::search {

// Why somebody was found, the best first.
enum class Match {
    identifier, // holds it
    whole,      // a value is the text
    words,      // has every word of the text, or what begins with it
    similar,    // sounds like it, or is mistyped
};
std::string_view to_string(Match match);

struct Hit {
    customer::Customer customer;
    Match match = Match::words;
    std::vector<Mark> marks;
};
struct RecordHit {
    object::NumberedRecord record;
    std::optional<customer::Customer> customer; // whose it is
};
struct Found {
    std::vector<Hit> hits;          // by match, then whoever was seen last first
    std::vector<RecordHit> records; // whose number the text is
    std::int64_t count = 0;         // of those who have the words; those that are similar are not counted
    bool is_complete = true; // false where there may be more: not everybody is in the index, or too many words begin so
};

enum class State {
    opening,
    filling,   // not everybody is in the index yet
    following, // everybody is, but for what changed a moment ago
    standing,  // cannot go on; tries again every second
};
std::string_view to_string(State state);
struct Rebuilt {
    Instant at;
    std::int64_t took_ms = 0, customers = 0;
};
struct Status {
    State state = State::opening;
    std::int64_t percent = 0; // of customers, while they go in
    std::int64_t customers = 0;
    std::int64_t made_anew = 0; // how often since the start of the program
    std::optional<Error> trouble;
    std::optional<Rebuilt> last_rebuilt;
};

struct Rooms {
    store::Database& database;
    const access::Keys& keys;
    const customer::Customers& customers;
    const runtime::Outside& outside;
    // Whether customers come in quickly: what follows them then gives way.
    std::function<bool()> is_busy;
};

// Follows the database from a thread of its own, into `folder`. Thread-safe.
class Search {
  public:
    Search(const Rooms& rooms, std::string folder);
    ~Search();
    // Returns at once.
    void start();
    void stop();

    // search.too_long. Persons or organisations alone where `kind` says so.
    Result<Found> find(std::string_view text, const std::string& kind, std::size_t limit) const;
    Status status() const;
    // Throws the index away and makes it anew from what is known of customers.
    void begin_rebuild();

    void add_routes(http::Contract& contract);

  private:
    struct Follower;
    struct Asking;
    Result<std::vector<RecordHit>> numbered(std::string_view text) const;
    Result<std::vector<CustomerId>> holders_of(std::string_view text) const;
    Result<> add(const std::vector<CustomerId>& customers, Match match, const Asking& asking, Found& found) const;

    const Rooms rooms_;
    const std::unique_ptr<Follower> follower_;
};

} // namespace onefold::search
