#pragma once
// What the log says becomes customers: log → identity → golden record.
#include "customer/customer.h"
#include "customer/message.h"

namespace onefold::customer {

// When what the events of a batch add up to is written.
enum class Figures {
    at_once, // with the batch
    soon,    // with the batch if few wait, else in pieces
    spread,  // in pieces over `Pace::sweep`: many more events wait
};

// In nodes. A row is written once for all events of a sweep, and rows of one page together.
struct Pace {
    std::size_t at_once_max = 5'000, piece_min = 1'000, piece_max = 20'000;
    std::chrono::milliseconds sweep{15'000};
};

// What one event adds to its node's.
EventSum sum_of(const Message& message);

// Takes batches of the log up, each in one transaction with the cursor. No thread: whoever calls has one.
class Taker {
  public:
    static constexpr std::size_t batch_bytes_max = 32 << 20; // of what is read at once
    // What a subject is to its frame.
    struct Part {
        enum class Role { subject, organisation, bridge };
        std::size_t frame;
        Role role;
    };
    // Read and parsed, not yet taken up.
    struct Batch {
        Position from, next;
        std::vector<Message> messages; // one a frame; what they say of subjects has gone to `subjects`
        std::vector<event_log::FrameKind> kinds;
        std::vector<Position> positions;
        std::vector<Instant> received;
        std::vector<identity::Subject> subjects;
        std::vector<Part> parts;                                       // of each subject
        std::int64_t bytes() const { return next.value - from.value; } // of the log
    };
    struct Taken {
        Position next;
        bool was_taken = false; // by an earlier commit whose answer was lost; then there are no events
        std::vector<timeline::Event> events;
    };

    Taker(store::Database& database, const event_log::EventLog& log, const source::Sources& sources,
        const Customers& customers, const runtime::Clock& clock, Pace pace = {});

    // Before the first batch: none.
    static Result<std::optional<Position>> cursor(store::Session& session);
    // Up to where the figures are written.
    static Result<Written> written(store::Session& session);
    // To be called before the first `take`: reads from the log what of the events before `cursor` is in no table yet.
    Result<> begin(Position cursor);
    // Frames before `until`, `frames_max` at most.
    Result<Batch> read(Position from, std::size_t frames_max, Position until = Position{INT64_MAX}) const;
    // Likewise those that follow on what was read.
    Result<> read_on(Batch& batch, std::size_t frames_max, Position until = Position{INT64_MAX}) const;
    Result<Taken> take(const Batch& batch, Figures figures = Figures::at_once);
    // Writes the figures that are in memory alone: all, or a piece of them.
    Result<> settle();
    Result<> settle_piece();
    bool is_settled() const { return settled() >= taken_; }
    Position settled() const { return customers_.activity().written().settled; }

  private:
    using Piece = Activity::Piece;

    std::optional<Piece> piece_of(const EventSums& sums, Position end, Figures figures) const;
    std::size_t piece_nodes(std::size_t news, Figures figures) const;
    void begin_sweep(); // of all that waits
    void begin_pace();
    // The nodes whose orders changed.
    Result<std::vector<NodeId>> apply(
        store::Session& session, const Batch& batch, const std::vector<NodeId>& nodes) const;

    store::Database& database_;
    const event_log::EventLog& log_;
    const source::Sources& sources_;
    const Customers& customers_;
    const runtime::Clock& clock_;
    const Pace pace_;
    std::chrono::steady_clock::time_point sweep_began_{};
    std::size_t sweep_nodes_ = 0;
    Position taken_;
    bool is_unsure_ = false; // whether the last transaction was committed
};

} // namespace onefold::customer
