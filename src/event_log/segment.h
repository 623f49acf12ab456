#pragma once
// The files of the log and how their frames follow each other.
#include "event_log/frame.h"
#include "event_log/high_water_mark.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

namespace onefold::event_log {

struct Segment {
    std::uint64_t base; // the position of its first frame
    std::string path;
    std::unique_ptr<runtime::File> file;
};
using SegmentPointer = std::shared_ptr<const Segment>;

// "0000000000000001.log"
std::string segment_name(std::uint64_t base);
std::optional<std::uint64_t> base_from(std::string_view name);

// Grows only; thread-safe.
class SegmentList {
  public:
    void add(SegmentPointer segment);
    SegmentPointer find_holding(std::uint64_t position) const; // the last one that begins at or before `position`
    std::vector<SegmentPointer> all() const;

  private:
    mutable std::shared_mutex mutex_;
    std::vector<SegmentPointer> segments_;
};

// Follows the frames of one segment from its beginning while they are whole and chained.
struct Walk {
    std::uint64_t end;          // offset behind the last good frame
    Digest chain;               // its head there
    std::optional<Fault> fault; // why it ended before the bytes did
};
using FrameSink = std::function<void(const FrameView&)>;
Walk walk(std::string_view bytes, std::uint64_t base, const Digest& chain, const FrameSink& sink);

// The first offset from `offset` on where a frame lies that knows its place; with `durable_before` only one that says
// that everything before it was durable. nullopt where there is none.
enum class Sought { any_frame, durable_before };
std::optional<std::uint64_t> find_frame(
    std::string_view bytes, std::uint64_t base, std::uint64_t offset, Sought sought);

// What a start finds in the folder: every frame handed to `sink`, the unfinished tail cut off, everything synced.
struct Recovered {
    std::vector<SegmentPointer> segments; // none in a new log
    HighWaterMark end;
    HighWaterMark mark; // as the file says
};
Result<Recovered> recover(runtime::Files& files, const std::string& folder, const FrameSink& sink);

} // namespace onefold::event_log
