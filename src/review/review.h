#pragma once
// Pairs of customers who may be one: found beside everything else, shown the weightiest first, decided by people.
#include "customer/customer.h"
#include "http/contract.h"
#include "review/pair.h"
#include "store/store.h"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace onefold::review {

const store::Schema& schema();

struct Listed {
    Pair pair;
    std::string kind;
    std::string low_name, high_name;                                           // "" where nothing is known
    std::optional<identity::StoredIdentifier> low_identifier, high_identifier; // of who has no name: the strongest
};
struct Page {
    std::vector<Listed> items;
    std::string next;
};
struct Evidence {
    identity::StoredValue value;
    identity::Doubt doubt = identity::Doubt::weak;
    // By source: how many records of either customer hold it.
    std::map<std::string, std::int64_t> low_records, high_records;
};
struct Detail {
    Pair pair;
    customer::Customer low, high;   // as they are now: of a merged pair both may be one
    std::vector<Evidence> evidence; // the strongest first; at most 50
    std::string decided_by_name;
};
struct Progress {
    std::int64_t open = 0, later = 0, decided_today = 0;
    bool is_looking = false; // not all values were looked at yet
    int percent = 100;       // of those
};
struct Settled {
    Pair pair;
    customer::DecisionOutcome outcome; // of a merge, and of keeping apart
};

// Thread-safe.
class Reviews {
  public:
    Reviews(store::Database& database, const customer::Customers& customers, const source::Sources& sources,
        const runtime::Outside& outside);
    ~Reviews() { stop(); }

    void start(); // in the background
    void stop();
    std::optional<Error> trouble() const; // why looking stands, if it does
    // One piece of what is to be looked at; false where nothing is left.
    Result<bool> step();

    // review.bad_cursor
    Result<Page> list(State state, std::int64_t limit, const std::string& after) const;
    Result<Progress> progress() const;
    // review.no_such_pair: decided without it, or nothing speaks for it any more.
    Result<Detail> get(PairId id) const;

    // Each refuses a pair that somebody decided in the meantime (review.settled) or of which something else is known
    // than was seen (review.changed); and what identity refuses.
    Result<Settled> merge(
        const Caller& caller, PairId id, std::int64_t version, const std::map<std::string, std::string>& values);
    Result<Settled> keep_apart(const Caller& caller, PairId id, std::int64_t version, const std::string& reason);
    // Until then, or until what is known of either changes. review.bad_until for what has passed.
    Result<Pair> put_off(const Caller& caller, PairId id, std::int64_t version, std::optional<Instant> until);
    // Back into the queue what was put off.
    Result<Pair> reopen(const Caller& caller, PairId id, std::int64_t version);

    void add_routes(http::Contract& contract);

  private:
    void run();
    Result<bool> wake();
    Result<> settle_all();
    Result<Pair> attend(
        const Caller& caller, PairId id, std::int64_t version, State wanted, std::optional<Instant> until);
    customer::Alongside alongside(const Caller& caller, PairId id, std::int64_t version, State state, Pair& pair) const;

    store::Database& database_;
    const customer::Customers& customers_;
    const source::Sources& sources_;
    const runtime::Outside& outside_;
    std::mutex looking_; // one step at a time: it alone writes evidence
    mutable std::mutex mutex_;
    std::condition_variable stopping_;
    bool is_stopping_ = false;
    std::optional<Error> trouble_;
    std::thread thread_;
};

} // namespace onefold::review
