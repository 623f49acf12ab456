#pragma once
// The one thread that appends: takes what waits, writes it at once, syncs once, then answers all.
#include "event_log/frame.h"
#include "event_log/recovery.h"
#include "event_log/segment.h"
#include "message_index/message_index.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

namespace onefold::event_log {

// Where the durable part of the log ends; thread-safe.
class DurableEnd {
  public:
    std::uint64_t position() const { return position_.load(std::memory_order_acquire); }
    void advance(std::uint64_t position);
    bool wait_beyond(std::uint64_t position, std::chrono::milliseconds timeout) const;

  private:
    std::atomic<std::uint64_t> position_{1};
    mutable std::mutex mutex_;
    mutable std::condition_variable moved_;
};

// Drafts that are appended together, encoded by the thread that brought them.
struct Batch {
    struct Entry {
        std::uint32_t length;                         // of its frame
        std::optional<message_index::MessageKey> key; // where it is appended only once
    };
    enum class Wish { append, ask }; // ask: which would be appended, by a position that is not 0
    Wish wish = Wish::append;
    std::string frames; // none where it only asks
    std::vector<Entry> entries;
    std::function<void(Result<Appended>)> done;
    std::chrono::steady_clock::time_point queued_at;
};

class Writer {
  public:
    struct Setup {
        runtime::Outside outside;
        std::string folder;
        Options options;
        Mark end, mark;
        std::unique_ptr<runtime::File> file;   // of the last segment; null before the first append of all
        message_index::MessageIndex* messages; // null where nothing is left out
    };
    Writer(Setup setup, SegmentList& segments, DurableEnd& durable);
    // Writes what still waits, and the high-water mark.
    ~Writer();

    void submit(Batch batch);
    // event_log.busy while nothing more may wait.
    Result<> check_room() const;
    struct Waiting {
        std::size_t bytes = 0, events = 0;
        std::chrono::milliseconds age{0}; // of the oldest
        std::uint64_t refused = 0;
    };
    Waiting waiting() const;
    bool has_space() const { return has_space_; }

  private:
    using Group = std::vector<Batch>;
    using Answers = std::vector<Result<Appended>>;

    using Time = std::chrono::steady_clock::time_point;
    Result<> queue(Batch& batch);
    Result<> find_room(std::size_t bytes, std::size_t events, Time now) const; // under the mutex
    std::chrono::milliseconds age(Time now) const;                             // under the mutex
    void run();
    std::optional<Group> next_group();
    void release();
    Answers write_group(const Group& group);
    Result<> rotate();
    void commit(std::span<const Batch> batches, Answers& answers);
    void give_up(Answers& answers, std::size_t first, std::size_t count, const Failure& failure);
    Result<Appended> assemble(const Batch& batch, Digest& chain);
    Result<Appended> answer(const Batch& question);
    Result<> write(std::string_view bytes);
    void sync();
    Result<> reserve(std::uint64_t bytes);
    Result<> check_space() const;
    void mark_now_and_then();
    void close();
    std::uint64_t offset() const { return end_.position - base_; }

    const runtime::Outside outside_;
    const std::string folder_;
    const Options options_;
    SegmentList& segments_;
    DurableEnd& durable_;

    // The writer thread's own.
    Mark end_;
    Mark mark_; // as it stands in the file
    std::chrono::steady_clock::time_point marked_at_;
    std::unique_ptr<runtime::File> file_; // of the segment being written; null before the first append of all
    std::uint64_t base_ = 0;              // of it
    std::uint64_t reserved_ = 0;
    message_index::MessageIndex* const messages_;
    std::vector<message_index::MessageKey> new_keys_;
    std::atomic<bool> has_space_ = true;
    std::string buffer_;

    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<Batch> queue_;
    std::size_t waiting_bytes_ = 0, waiting_events_ = 0; // queued and being written
    std::size_t writing_bytes_ = 0, writing_events_ = 0;
    std::optional<Time> writing_since_; // when the oldest batch being written was queued
    mutable std::uint64_t refused_ = 0;
    bool is_stopping_ = false;
    std::thread thread_;
};

} // namespace onefold::event_log
