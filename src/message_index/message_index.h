#pragma once
// Which messages the log holds already, over its whole life, in less than 2 bytes of memory each.
//
// The keys of the segment that is being written are in memory; those of each sealed segment lie in a sorted run
// (run.h), and runs are merged in the background. All of it is derived: what is missing, damaged, half written or of
// another secret is made again from the log. A key has 128 bits, so what it says is taken for true.
#include "message_index/message_set.h"
#include "message_index/run.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace onefold::message_index {

// The log, as far as runs are made again from it. Thread-safe.
class KeySource {
  public:
    virtual ~KeySource() = default;
    virtual std::vector<Range> sealed() const = 0; // the segments that do not change any more, the oldest first
    virtual Result<std::vector<MessageKey>> keys_of(const Range& segment) const = 0; // in any order
};

class MessageIndex {
  public:
    // Opens the runs of `folder` and makes those that are missing; `source` outlives the index.
    static Result<std::unique_ptr<MessageIndex>> open(
        const runtime::Outside& outside, const std::string& folder, const KeySource& source, std::uint64_t secret_mark);
    virtual ~MessageIndex() = default;

    // By one thread, the log's writer:
    // A key of the segment that is being written, as a start finds it there.
    virtual void restore(const MessageKey& key) = 0;
    // Whether it is new; from now on it is known. Fails only where neither run nor log can be read.
    virtual Result<bool> insert(const MessageKey& key) = 0;
    virtual Result<bool> is_known(const MessageKey& key) = 0;
    virtual void prefetch(const MessageKey& key) const = 0;
    virtual void erase(const MessageKey& key) = 0; // one that was inserted since the last seal
    // What was inserted since the last seal are the keys of this segment. Waits a little where runs cannot be written
    // fast enough.
    virtual void seal(const Range& segment) = 0;

    // By any thread:
    virtual void drop_before(std::uint64_t position) = 0; // forgets the runs that lie before it
    struct Figures {
        std::uint64_t messages = 0; // known
        std::uint64_t runs = 0;
        std::uint64_t unwritten = 0; // sealed segments without a run as yet
        std::uint64_t memory_bytes = 0;
    };
    virtual Figures figures() const = 0;
    // Whether everything sealed is in runs and nothing is left to merge, within `timeout`.
    virtual bool wait_until_idle(std::chrono::milliseconds timeout) const = 0;
};

} // namespace onefold::message_index
