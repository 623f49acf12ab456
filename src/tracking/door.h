#pragma once
// From a taken body to the log and the answer. Private to this room.
#include "event_log/event_log.h"
#include "http/contract.h"
#include "source/source.h"
#include "tracking/body.h"
#include "tracking/limit.h"
#include "tracking/refused.h"
#include "tracking/whole.h"
#include "traffic/traffic.h"

#include <atomic>

namespace onefold::tracking {

// Who came to the door, when, and from where.
struct Arrival {
    std::shared_ptr<const source::Source> source;
    Occasion occasion;
    std::string origin; // of the page that sent it; "" for apps and servers
};

struct Replayed {
    std::int64_t accepted = 0, duplicates = 0;
    std::int64_t refused = 0; // still, and therefore as they were
    Position end;
};

class Door {
  public:
    Door(store::Database& database, event_log::EventLog& log, const source::Sources& sources, traffic::Traffic& traffic,
        const runtime::Outside& outside);

    // By the first of these keys that is given at all. tracking.unknown_write_key, tracking.source_archived (401).
    Result<Arrival> find(std::initializer_list<std::string> keys, const http::Incoming& incoming) const;
    // Whether what came may be read: tracking.too_fast where its address owes too much already; event_log.busy where
    // too much waits; event_log.recovery_needed.
    Result<> admit(const Arrival& arrival) const;
    // Both; what is not admitted is counted.
    Result<Arrival> arrive(std::initializer_list<std::string> keys, const http::Incoming& incoming) const;
    // event_log.busy, event_log.recovery_needed, before the body is read; counted of the source that the request names
    // ahead of it.
    Result<> check_room(const http::Incoming& incoming) const;
    // The answer (tracking.busy, 429) to a request for which the server has no time. Nothing of it is read but what is
    // ahead of its body.
    http::Outgoing turn_away(const http::Incoming& incoming) const;
    // What is not taken (`cause`) and nobody will send again: kept as refused, to be replayed. Where it cannot be kept
    // either, it is counted and the program's log tells of it.
    void hold_back(const Arrival& arrival, Taken taken, const Error& cause);
    // A request that was refused as a whole: counted as one refused, and kept now and then (tracking/whole.h), so that
    // the source's page tells of it.
    void note_whole(const Arrival& arrival, Refused refused);
    // Counts one request as limited, of the source of this key if there is one.
    void note_limited(const std::string& key) const;
    // What cannot even be kept: counted as limited, and told in the program's log, once a minute.
    void tell_lost(SourceId source, std::size_t count, std::string_view cause);
    // Whether a page of this origin may send to, and ask about, a source.
    static bool may_send(const source::Source& source, std::string_view origin);

    // Keeps what was refused, appends the rest, and answers once both are durable. tracking.too_fast (429) where the
    // visitor or its address sends too fast: nothing is kept. tracking.origin_not_allowed (403): all is kept as
    // refused. What is too much is for the caller to count.
    using Done = std::function<void(Result<Position>)>;
    void take_in(const Arrival& arrival, Taken taken, Done done);

    // Replays one refused message as it is or as corrected. tracking.still_refused with the reason;
    // tracking.already_replayed; tracking.nothing_kept; tracking.no_such_refused_message.
    Result<Replayed> replay(RefusedId id, std::optional<boost::json::value> corrected);
    // Replays all that are open and were refused for this reason, as they are.
    Result<Replayed> replay_all(SourceId source, const RefusedFilter& filter);

    const source::Sources& sources() const { return sources_; }
    RefusedMessages& refused() { return refused_; }
    traffic::Traffic& traffic() { return traffic_; }
    const event_log::EventLog& log() const { return log_; }

  private:
    Result<std::shared_ptr<const source::Source>> source_of(std::initializer_list<std::string> keys) const;
    Occasion occasion_of(const source::Source& source, std::string address) const;
    std::chrono::nanoseconds wait_of(const Arrival& arrival, const Taken& taken) const;
    Result<> keep_refused(const Arrival& arrival, const Taken& taken);
    Result<> append_again(SourceId source, std::vector<Message> messages, Replayed& replayed);

    event_log::EventLog& log_;
    const source::Sources& sources_;
    traffic::Traffic& traffic_;
    const runtime::Outside& outside_;
    RefusedMessages refused_;
    WholeRequests whole_;
    mutable Limits limits_;
    std::atomic<std::int64_t> told_lost_s_ = 0; // when, by the monotonic clock
    std::mutex replaying_;                      // one at a time, so that nothing is replayed twice at once
};

std::vector<event_log::Draft> drafts_of(SourceId source, std::vector<Message> messages);
// tracking.too_fast
Error too_fast(std::chrono::nanoseconds wait);
// tracking.busy
Error busy();
Error origin_not_allowed(std::string_view origin);
// The answer to an error, with what senders look for beside it. More than can be taken is 429: to a 503 their libraries
// give a few tries and then drop what they hold, a 429 they obey.
http::Outgoing refusal(Error error, const Locale& locale, std::string_view request_id);

// The raw routes, and those that people ask.
void add_message_routes(http::Contract& contract, const std::shared_ptr<Door>& door);
void add_pixel_routes(http::Contract& contract, const std::shared_ptr<Door>& door);
void add_settings_routes(http::Contract& contract, const std::shared_ptr<Door>& door);
void add_refused_routes(http::Contract& contract, const std::shared_ptr<Door>& door);
void add_live_routes(http::Contract& contract, const std::shared_ptr<Door>& door);

} // namespace onefold::tracking
