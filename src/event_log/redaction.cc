#include "event_log/redaction.h"

#include "event_log/damage.h"

namespace onefold::event_log {

Result<> redact_in(runtime::Files& files, const Segment& segment, std::uint64_t position) {
    const std::uint64_t offset = position - segment.base;
    const auto file = TRY(files.open(segment.path, runtime::OpenMode::read_write));
    std::string head = TRY(file->read_at(offset, frame_overhead_bytes));
    const std::size_t length = claimed_length(head);
    if (length < frame_overhead_bytes || length > frame_bytes_max)
        return damaged({segment.path, offset, text_of(Fault::length), position});
    std::string frame = TRY(file->read_at(offset, length));
    if (!redact_frame(frame, position))
        return damaged({segment.path, offset, text_of(Fault::position), position});
    TRY(file->write_at(offset, frame));
    return file->sync_data();
}

} // namespace onefold::event_log
