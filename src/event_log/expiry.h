#pragma once
// Which of the log's oldest segments nobody needs any more.
#include "event_log/mark.h"
#include "event_log/segment.h"

#include <map>
#include <mutex>
#include <string>

namespace onefold::event_log {

// How far each reader's own durable state reaches; thread-safe.
class Checkpoints {
  public:
    void put(std::string_view reader, std::uint64_t position);
    std::uint64_t least() const; // 0 where there is no reader

  private:
    mutable std::mutex mutex_;
    std::map<std::string, std::uint64_t, std::less<>> positions_;
};

// Where the log begins once it has forgotten all segments that end at or before `passed` and are followed by a frame
// received before `before`; nullopt where nothing goes. event_log.damaged where the last frame cannot be read.
Result<std::optional<Mark>> find_new_begin(const SegmentList& segments, std::uint64_t passed, Instant before);

} // namespace onefold::event_log
