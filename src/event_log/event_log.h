#pragma once
// The diary: what came from outside, in the order of its arrival, acknowledged once it is durable, never changed.
//
// Segment files in one folder; a file is named by the position of its first frame (16 hex digits, ".log"). A position
// is 1 + the frame's offset in the whole log, so reading one is one read of the disk. Frame (little endian): length
// u32, crc32c u32 (of all that follows), position u64, received_at i64 (µs), source_id i64, key_id u32, flags u32,
// message_id length u16, message_id, salt 16 B, digest 16 B (BLAKE2b-128 of salt ‖ payload), chain 16 B (BLAKE2b-128 of
// the previous chain ‖ header ‖ digest), payload length u32, payload. Thread-safe. One writer thread; those who wait
// together share one fdatasync.
#include "core/id.h"
#include "runtime/runtime.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace onefold::event_log {

enum class FrameKind : std::uint32_t {
    event = 0,    // something that happened (track, page, identify, …); counted, on the timeline
    claim = 1,    // what a source's record says about a customer; not on the timeline
    audit = 2,    // an entry of the audit log
    imported = 3, // an event that a file told
};

inline constexpr std::size_t payload_bytes_max = 1 << 20;

struct Draft {
    SourceId source_id;
    std::string message_id; // ≤ 400 bytes; the pair (source, message id) is appended once; empty: never a duplicate
    FrameKind kind = FrameKind::event;
    std::string payload; // JSON, ≤ 1 MiB
};

struct Frame {
    Position position;
    Position next; // where the following frame begins
    Instant received_at;
    SourceId source_id;
    std::string message_id;
    FrameKind kind;
    std::string payload;
    bool is_redacted = false; // then what it said is erased, and the payload is empty
};

struct Appended {
    Position end;                    // all up to here is durable: the position behind the last frame
    std::vector<Position> positions; // one a draft; 0 for a duplicate
};

struct Damage {
    std::string file;
    std::uint64_t offset;
    LocalText cause;
    std::uint64_t position = 0; // in the log; 0 where it is none's
};

// Whether the log is well.
struct Condition {
    bool is_appending = true;     // no: it was found damaged when it was opened, and is only read
    std::optional<Damage> damage; // that one, or the first that a reader met since
    bool has_space = true;        // no: the last append was refused for want of it
};

// What it takes to know every message, and what waits.
struct Figures {
    std::uint64_t segments = 0;
    std::uint64_t messages = 0; // known, without those of the segment that is being written
    std::uint64_t runs = 0;
    std::uint64_t index_bytes = 0; // of memory
    // What waits for the next group or is in the one being written, and for how long the oldest of it has.
    std::uint64_t waiting_bytes = 0, waiting_events = 0;
    std::chrono::milliseconds waiting_for{0};
    std::uint64_t busy = 0; // how often event_log.busy was said
};

struct Options {
    std::uint64_t segment_bytes = 64 << 20;
    bool is_deduplicating = true; // the audit log is not
    // event_log.busy where more waits than this, or the oldest of it for longer.
    std::size_t queue_bytes_max = 64 << 20;
    std::size_t queue_events_max = 200'000;
    std::chrono::milliseconds queue_age_max{1'000};
    // event_log.full while less than max(512 MiB, 5 %) of the disk is free, though never more than 10 % of it.
    bool is_sparing_space = true;
};

class EventLog {
  public:
    virtual ~EventLog() = default;
    // Opens or creates; cuts an unfinished tail. With any other damage the log is only read, up to it: `condition`
    // tells, and nothing in the folder is changed.
    static Result<std::unique_ptr<EventLog>> open(
        const runtime::Outside& outside, const std::string& folder, Options options = {});

    // `done` is called from the writer's thread once everything is durable (or with store-full: event_log.full, after
    // which reads go on and appends resume by themselves when there is space). After a failed write or sync the process
    // ends with code 74. From the caller's thread, before append returns, where nothing was taken: event_log.busy (with
    // retry_after_s), event_log.recovery_needed, event_log.message_id_too_long, event_log.event_too_large. All drafts
    // are appended together or none is.
    virtual void append(std::vector<Draft> drafts, std::function<void(Result<Appended>)> done) = 0;
    Result<Appended> append_and_wait(std::vector<Draft> drafts);
    // Which of these messages of a source are in the log, so that an append would leave them out; changes nothing.
    // event_log.busy, event_log.recovery_needed.
    virtual Result<std::vector<bool>> are_known(SourceId source, const std::vector<std::string>& message_ids) = 0;
    // What an append would be answered at once, before anything is made ready for it: event_log.busy,
    // event_log.recovery_needed.
    virtual Result<> check_room() const = 0;

    // Up to `frames_max` durable frames (at least one if there is one, at most about `bytes_max` of payload) from
    // `from` on.
    virtual Result<std::vector<Frame>> read(
        Position from, std::size_t frames_max, std::size_t bytes_max = 4 << 20) const = 0;
    virtual Result<Frame> get(Position position) const = 0; // event_log.no_such_position
    virtual Position begin() const = 0;                     // moves when segments expire
    virtual Position end() const = 0;                       // behind the last durable frame
    // Waits until something is durable behind `position`, `timeout` at most; whether there is.
    virtual bool wait_beyond(Position position, std::chrono::milliseconds timeout) const = 0;

    // Erases what the event says, for ever; its place, its message id and the chain stay. event_log.no_such_position
    virtual Result<> redact(Position position) = 0;
    // Of several, 100,000 at most, with a few waits for the disk; those before `begin` are gone anyhow.
    virtual Result<> redact(std::vector<Position> positions) = 0;

    // `reader` has made durable what it needs of everything before `position`; what lies behind it stays. Each reader
    // says so before the first `expire`, with the position it begins at.
    virtual void keep_from(std::string_view reader, Position position) = 0;
    // Deletes the oldest segments of which everything was received before `before` and every reader has passed the end;
    // how many. `begin` moves, positions stay. Messages of deleted segments may come again, so `before` lies 30 days
    // back at least.
    virtual Result<std::size_t> expire(Instant before) = 0;

    // While somebody holds this, nothing expires.
    virtual std::shared_ptr<const void> hold() = 0;
    // Everything up to `to`, the end of a frame, as the files of a log's folder: `sink` gets name and bytes of each, at
    // most a segment at a time. Hold the log meanwhile. event_log.damaged where a frame does not hold; the sink's
    // error.
    struct Copied {
        Position begin, end;
        std::string head; // of the chain there, in hexadecimal digits
        std::uint64_t frames = 0;
    };
    using CopySink = std::function<Result<>(std::string_view name, std::string_view bytes)>;
    virtual Result<Copied> copy(Position to, const CopySink& sink) const = 0;

    virtual Condition condition() const = 0;
    virtual Figures figures() const = 0;

    // Walks every frame: crc, place, digest, chain, and the marks. What was found.
    struct Verified {
        std::uint64_t begin = 1; // where the log begins
        std::uint64_t frames = 0;
        std::uint64_t redacted = 0; // of them
        std::vector<Damage> damages;
    };
    virtual Result<Verified> verify() const = 0;
    // The same of a folder, changing nothing; a server may be writing to it.
    static Result<Verified> verify(runtime::Files& files, const std::string& folder);
};

} // namespace onefold::event_log
