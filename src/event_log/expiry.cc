#include "event_log/expiry.h"

#include "event_log/damage.h"

#include <algorithm>

namespace onefold::event_log {
namespace {

// nullopt where the segment is empty as yet.
Result<std::optional<Instant>> first_received_in(const SegmentList& segments, const Segment& segment) {
    const auto file = TRY(segments.open(segment));
    std::string bytes = TRY(file->read_at(0, 8 << 10));
    const std::size_t length = claimed_length(bytes);
    if (length > bytes.size() && length <= frame_bytes_max)
        bytes = TRY(file->read_at(0, length));
    const auto frame = parse_frame(bytes, segment.base);
    return frame ? std::optional(instant_of(frame->received_at)) : std::nullopt;
}

Result<Mark> mark_at_end_of(const SegmentList& segments, const Segment& segment) {
    const auto file = TRY(segments.open(segment));
    const std::string bytes = TRY(file->read_at(0, std::size_t(TRY(file->size()))));
    Mark end{segment.base, {}};
    each_whole_frame(bytes, segment.base,
        [&](const FrameView& frame) { end = {frame.position + frame.length, digest_from(frame.chain)}; });
    if (end.position != segment.base + bytes.size())
        return damaged({segment.path, end.position - segment.base, {"its last frame does not hold", "最后一帧损坏"},
            end.position});
    return end;
}

} // namespace

void Checkpoints::put(std::string_view reader, std::uint64_t position) {
    const std::lock_guard lock{mutex_};
    positions_.insert_or_assign(std::string(reader), position);
}

std::uint64_t Checkpoints::least() const {
    const std::lock_guard lock{mutex_};
    if (positions_.empty())
        return 0;
    return std::ranges::min_element(positions_, {}, [](const auto& each) { return each.second; })->second;
}

Result<std::optional<Mark>> find_new_begin(const SegmentList& segments, std::uint64_t passed, Instant before) {
    const auto all = segments.all();
    std::size_t count = 0;
    while (count + 1 < all.size() && all[count + 1].base <= passed) {
        const auto received = TRY(first_received_in(segments, all[count + 1]));
        if (!received || *received >= before)
            break;
        ++count;
    }
    if (count == 0)
        return std::nullopt;
    return TRY(mark_at_end_of(segments, all[count - 1]));
}

} // namespace onefold::event_log
