#include "event_log/copy.h"

#include "core/text.h"
#include "event_log/damage.h"

namespace onefold::event_log {
namespace {

class Copy {
  public:
    Copy(const SegmentList& segments, const Mark& begin, std::uint64_t to, std::shared_mutex& redacting,
        const EventLog::CopySink& sink)
        : segments_(segments), begin_(begin), end_(begin), to_(to), redacting_(redacting), sink_(sink) {}

    Result<EventLog::Copied> run() {
        if (begin_.position > 1)
            TRY(sink_(begin_file, text_of(begin_)));
        const auto all = segments_.all();
        for (std::size_t i = 0; i < all.size() && all[i].base < to_; ++i)
            TRY(take(all[i], i + 1 < all.size() ? std::min(all[i + 1].base, to_) : to_));
        if (end_.position > begin_.position)
            TRY(sink_(high_water_mark_file, text_of(end_)));
        return EventLog::Copied{Position{std::int64_t(begin_.position)}, Position{std::int64_t(end_.position)},
            to_hex({reinterpret_cast<const char*>(end_.chain.data()), end_.chain.size()}), frames_};
    }

  private:
    Result<std::string> read(const Segment& segment, std::uint64_t segment_end) const {
        const auto file = TRY(segments_.open(segment));
        const std::shared_lock lock{redacting_};
        return file->read_at(0, std::size_t(segment_end - segment.base));
    }

    Result<> take(const Segment& segment, std::uint64_t segment_end) {
        const std::string bytes = TRY(read(segment, segment_end));
        std::optional<Fault> fault;
        std::uint64_t wrong = 0;
        const auto walked = walk(bytes, segment.base, end_.chain, [&](const FrameView& frame) {
            ++frames_;
            if (fault || has_true_digest(frame))
                return;
            fault = Fault::digest;
            wrong = frame.position;
        });
        if (!fault && (walked.fault || segment.base + walked.end != segment_end)) {
            fault = walked.fault.value_or(Fault::cut_short);
            wrong = segment.base + walked.end;
        }
        if (fault)
            return damaged({segment.path, wrong - segment.base, event_log::text_of(*fault), wrong});
        TRY(sink_(segment_name(segment.base), bytes));
        end_ = {segment_end, walked.chain.value_or(end_.chain)};
        return {};
    }

    const SegmentList& segments_;
    const Mark begin_;
    Mark end_;
    const std::uint64_t to_;
    std::shared_mutex& redacting_;
    const EventLog::CopySink& sink_;
    std::uint64_t frames_ = 0;
};

} // namespace

Result<EventLog::Copied> copy_segments(const SegmentList& segments, const Mark& begin, std::uint64_t to,
    std::shared_mutex& redacting, const EventLog::CopySink& sink) {
    return Copy{segments, begin, to, redacting, sink}.run();
}

} // namespace onefold::event_log
