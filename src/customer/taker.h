#pragma once
// What the log says becomes customers: log → identity → golden record.
#include "customer/customer.h"
#include "customer/message.h"

namespace onefold::customer {

// Takes batches of the log up, each in one transaction with the cursor. No thread, no pace: whoever calls has those.
class Taker {
  public:
    // Read and parsed, not yet taken up.
    struct Batch {
        Position from, next;
        std::vector<Message> messages; // one a frame
        std::vector<event_log::FrameKind> kinds;
        std::vector<Position> positions;
        std::vector<Instant> received;
        std::vector<identity::Subject> subjects;
        std::vector<std::size_t> frame_of; // of each subject that an event is about; further ones stand behind these
        std::vector<std::pair<std::size_t, std::size_t>> organisations; // frame → place in subjects
    };
    struct Taken {
        Position next;
        bool was_taken = false; // by an earlier commit whose answer was lost; then there are no events
        std::vector<timeline::Event> events;
    };

    Taker(store::Database& database, const event_log::EventLog& log, const source::Sources& sources,
        const Customers& customers, const runtime::Clock& clock);

    // Before the first batch: none.
    static Result<std::optional<Position>> cursor(store::Session& session);
    // Up to where the figures are written.
    static Result<std::optional<Position>> activity_cursor(store::Session& session);
    // To be called before the first `take`: reads from the log what of the events before `cursor` is in no table yet.
    Result<> begin(Position cursor);
    // Frames before `until`, `frames_max` at most.
    Result<Batch> read(Position from, std::size_t frames_max, Position until = Position{INT64_MAX}) const;
    // With `may_wait`, figures may stay in memory, for thirty seconds at most.
    Result<Taken> take(const Batch& batch, bool may_wait = false);
    // Writes the figures that are in memory alone.
    Result<> settle();
    Position settled() const { return customers_.activity().settled(); }

  private:
    // The nodes whose orders changed.
    Result<std::vector<NodeId>> apply(
        store::Session& session, const Batch& batch, const std::vector<NodeId>& nodes) const;

    store::Database& database_;
    const event_log::EventLog& log_;
    const source::Sources& sources_;
    const Customers& customers_;
    const runtime::Clock& clock_;
    std::chrono::steady_clock::time_point settled_at_{};
    Position taken_;
    bool is_unsure_ = false; // whether the last transaction was committed
};

} // namespace onefold::customer
