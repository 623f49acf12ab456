#pragma once
// What each source sent lately: how much was accepted, sent twice, refused or too fast; which events are the newest;
// and word of it to whoever looks on.
//
// Counted in memory and kept every ten seconds with the position in the log up to which the counts hold. After a kill
// the log is read from there, so accepted events are counted once; what was refused or sent twice in the last ten
// seconds is forgotten.
#include "event_log/event_log.h"
#include "http/contract.h"
#include "runtime/runtime.h"
#include "source/source.h"
#include "store/store.h"
#include "traffic/count.h"

#include <memory>

namespace onefold::traffic {

const store::Schema& schema();

inline constexpr std::size_t newest_max = 200; // events that are remembered of a source

// Thread-safe.
class Traffic {
  public:
    Traffic(store::Database& database, const event_log::EventLog& log, source::Sources& sources,
        const runtime::Outside& outside);
    ~Traffic(); // stops

    // Begins to count what is noted, and to keep it.
    Result<> start();
    void stop(); // keeps what was counted

    // Events that the log took or knew already, in the order of its calls.
    void note_appended(SourceId source, const event_log::Appended& appended);
    void note_refused(SourceId source, std::size_t count);
    void note_limited(SourceId source, std::size_t count);

    // Where the newest accepted events of a source lie in the log, the newest first.
    std::vector<Position> newest(SourceId source) const;
    std::optional<Instant> last_event_at(SourceId source) const;
    // By span, what is kept and what is not kept yet.
    Result<Counts> counts(SourceId source, Span span, Instant from) const;

    void add_routes(http::Contract& contract);

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

// Up to where the log is counted, as that snapshot has it; nullopt before the first count.
Result<std::optional<Position>> counted_up_to(store::Session& session);

} // namespace onefold::traffic
