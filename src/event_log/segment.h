#pragma once
// The files of the log and how their frames follow each other.
#include "event_log/frame.h"
#include "runtime/runtime.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace onefold::event_log {

struct Segment {
    std::uint64_t base; // the position of its first frame
    std::string path;
};

// "0000000000000001.log"
std::string segment_name(std::uint64_t base);
std::optional<std::uint64_t> base_from(std::string_view name);
// Those of a folder, in order.
Result<std::vector<Segment>> list_segments(runtime::Files& files, const std::string& folder);

// The log's segments, in order; thread-safe. Files are opened when they are read, and 64 are kept open.
class SegmentList {
  public:
    explicit SegmentList(runtime::Files& files) : files_(files) {}

    void add(Segment segment);
    void drop_before(std::uint64_t base);
    Segment holding(std::uint64_t position) const; // the last one that begins at or before `position`
    std::vector<Segment> all() const;
    Result<std::shared_ptr<const runtime::File>> open(const Segment& segment) const;

  private:
    struct Opened {
        std::shared_ptr<const runtime::File> file;
        std::uint64_t used_at;
    };
    runtime::Files& files_;
    mutable std::mutex mutex_;
    std::vector<Segment> segments_;
    mutable std::map<std::uint64_t, Opened> opened_; // by base
    mutable std::uint64_t uses_ = 0;
};

// Follows the frames of one segment from its beginning while they are whole and chained; of the first, the chain is
// only checked where its predecessor's is given.
struct Walk {
    std::uint64_t end;           // offset behind the last good frame
    std::optional<Digest> chain; // its head there
    std::optional<Fault> fault;  // why it ended before the bytes did
};
using FrameSink = std::function<void(const FrameView&)>;
Walk walk(std::string_view bytes, std::uint64_t base, const std::optional<Digest>& chain, const FrameSink& sink);

// The first offset from `offset` on where a frame lies that knows its place; with `durable_before` only one that says
// that everything before it was durable. nullopt where there is none.
enum class Sought { any_frame, durable_before };
std::optional<std::uint64_t> find_frame(
    std::string_view bytes, std::uint64_t base, std::uint64_t offset, Sought sought);

// Every frame that holds, also behind those that do not.
void each_whole_frame(std::string_view bytes, std::uint64_t base, const FrameSink& sink);

} // namespace onefold::event_log
