#pragma once
// From a taken body to the log and the answer. Private to this room.
#include "event_log/event_log.h"
#include "http/contract.h"
#include "source/source.h"
#include "tracking/body.h"
#include "tracking/refused.h"

namespace onefold::tracking {

class Door {
  public:
    Door(store::Database& database, event_log::EventLog& log, const source::Sources& sources,
        const runtime::Outside& outside)
        : log_(log), sources_(sources), outside_(outside), refused_(database) {}

    // The source of the first of these keys that is given at all: tracking.unknown_write_key.
    Result<source::Source> source_of(std::initializer_list<std::string> keys) const;
    Occasion occasion_of(const source::Source& source, const http::Incoming& incoming) const;

    // Keeps what was refused, appends the rest, and answers once both are durable.
    using Done = std::function<void(Result<Position>)>;
    void store(const source::Source& source, Taken taken, Done done);

    const source::Sources& sources() const { return sources_; }
    const RefusedMessages& refused() const { return refused_; }

  private:
    event_log::EventLog& log_;
    const source::Sources& sources_;
    const runtime::Outside& outside_;
    RefusedMessages refused_;
};

// The raw routes, and those that people ask.
void add_message_routes(http::Contract& contract, const std::shared_ptr<Door>& door);
void add_pixel_routes(http::Contract& contract, const std::shared_ptr<Door>& door);
void add_settings_routes(http::Contract& contract, const std::shared_ptr<Door>& door);
void add_refused_routes(http::Contract& contract, const std::shared_ptr<Door>& door);

} // namespace onefold::tracking
