#include "event_log/damage.h"
#include "event_log/event_log.h"
#include "event_log/mark.h"
#include "event_log/recovery.h"
#include "event_log/redaction.h"
#include "event_log/segment.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <thread>

namespace onefold::event_log {
namespace {

using namespace std::chrono_literals;

constexpr int looks_max = 5; // at a place that may just be written
constexpr auto look_interval = 20ms;

class Verification {
  public:
    Verification(runtime::Files& files, const std::string& folder) : files_(files), folder_(folder) {}

    Result<EventLog::Verified> run() {
        // The mark first: what is durable by then is there when the segments are read.
        const auto mark = TRY(mark_in(high_water_mark_file));
        segments_ = TRY(list_segments(files_, folder_));
        const auto begin = TRY(mark_in(begin_file));
        if (!mark && verified_.damages.empty() && !segments_.empty())
            report({path_of(high_water_mark_file), 0, {"the high-water mark is missing", "缺少高水位标记"}, 0});
        mark_ = mark.value_or(Mark{});
        end_ = verified_.begin = begin.value_or(Mark{}).position;
        head_ = begin.value_or(Mark{}).chain;
        std::erase_if(segments_, [&](const Segment& segment) { return segment.base < end_; });
        for (std::size_t i = 0; i < segments_.size(); ++i)
            TRY(take(segments_[i], i + 1 < segments_.size() ? std::optional(segments_[i + 1].base) : std::nullopt));
        if (end_ < mark_.position && !is_reported_at_end_)
            report({segments_.empty() ? path_of(high_water_mark_file) : segments_.back().path,
                segments_.empty() ? 0 : end_ - segments_.back().base, {"the end of the log is missing", "日志末尾缺失"},
                end_});
        else if (mark_.position > verified_.begin && !is_mark_met_ && verified_.damages.empty())
            report({path_of(high_water_mark_file), 0,
                {"the log is not the one of the high-water mark", "日志与高水位标记不属于同一份"}, mark_.position});
        return std::move(verified_);
    }

  private:
    std::string path_of(std::string_view file) const { return fmt::format("{}/{}", folder_, file); }

    Result<std::optional<Mark>> mark_in(std::string_view file) {
        auto mark = read_mark(files_, folder_, file);
        if (mark || mark.error().code != "event_log.damaged")
            return mark;
        report({path_of(file), 0, {"the mark cannot be read", "标记无法读取"}, 0});
        return std::nullopt;
    }

    void report(Damage damage) { verified_.damages.push_back(std::move(damage)); }

    Result<> take(const Segment& segment, std::optional<std::uint64_t> next_base) {
        if (segment.base != end_) {
            if (!is_reported_at_end_)
                report({segment.path, 0, {"the segment before it is missing or cut", "前一个文件缺失或被截断"},
                    segment.base});
            head_.reset();
        }
        is_reported_at_end_ = false;
        const auto file = files_.open(segment.path, runtime::OpenMode::read);
        if (!file)
            return gone_or(file.error(), segment);
        std::string bytes = TRY((*file)->read_at(0, std::size_t(TRY((*file)->size()))));
        end_ = segment.base + TRY(walk_segment(**file, std::move(bytes), segment, next_base));
        return {};
    }

    // A segment that expired in the meantime.
    Result<> gone_or(const Error& error, const Segment& segment) {
        const auto begin = TRY(mark_in(begin_file));
        if (error.code != "files.enoent" || !begin || segment.base >= begin->position)
            return fail(error);
        end_ = begin->position;
        head_ = begin->chain;
        return {};
    }

    // The offset behind the last frame.
    Result<std::uint64_t> walk_segment(
        const runtime::File& file, std::string bytes, const Segment& segment, std::optional<std::uint64_t> next_base) {
        const std::size_t size_max = next_base ? std::size_t(*next_base - segment.base) : bytes.max_size();
        if (bytes.size() > size_max)
            report(
                {segment.path, size_max, {"bytes lie behind its last frame", "最后一帧之后还有多余内容"}, *next_base});
        std::uint64_t offset = 0;
        while (offset < std::min(bytes.size(), size_max)) {
            const auto all = std::string_view{bytes}.substr(0, size_max);
            const auto frame = parse_frame(all.substr(offset), segment.base + offset);
            if (frame) {
                judge(*frame, all.substr(offset), segment);
                offset += frame->length;
                continue;
            }
            if (!next_base && is_unfinished_tail(all, segment.base, offset, mark_))
                return offset;
            if (is_being_written(file, segment, offset, next_base)) {
                bytes = TRY(file.read_at(0, std::size_t(TRY(file.size()))));
                continue;
            }
            report({segment.path, offset, text_of(frame.error()), segment.base + offset});
            head_.reset();
            const auto next = find_frame(all, segment.base, offset + 1, Sought::any_frame);
            is_reported_at_end_ = !next;
            if (!next)
                return next_base ? std::uint64_t(all.size()) : offset;
            offset = *next;
        }
        return offset;
    }

    // Whether the frame holds when it is read again: a server wrote it, or redacts it, just now.
    bool is_being_written(const runtime::File& file, const Segment& segment, std::uint64_t offset,
        std::optional<std::uint64_t> next_base) const {
        const std::uint64_t position = segment.base + offset;
        const bool may_change = (!next_base && position >= mark_.position) || files_.exists(path_of(redaction_file)) ||
                                files_.exists(path_of(redactions_file));
        for (int look = 0; may_change && look < looks_max; ++look) {
            std::this_thread::sleep_for(look_interval);
            const auto bytes = file.read_at(offset, frame_bytes_max);
            if (bytes && parse_frame(*bytes, position))
                return true;
        }
        return false;
    }

    void judge(const FrameView& frame, std::string_view bytes, const Segment& segment) {
        const bool is_chained = !head_ || has_true_chain(frame, *head_, bytes);
        if (!is_chained || !has_true_digest(frame))
            report({segment.path, frame.position - segment.base, text_of(is_chained ? Fault::digest : Fault::chain),
                frame.position});
        head_ = digest_from(frame.chain);
        if (frame.position + frame.length == mark_.position)
            is_mark_met_ = *head_ == mark_.chain;
        ++verified_.frames;
        verified_.redacted += frame.is_redacted() ? 1 : 0;
    }

    runtime::Files& files_;
    const std::string& folder_;
    std::vector<Segment> segments_;
    Mark mark_;
    std::uint64_t end_ = 1;
    std::optional<Digest> head_;
    bool is_mark_met_ = false;
    bool is_reported_at_end_ = false;
    EventLog::Verified verified_;
};

} // namespace

Result<EventLog::Verified> EventLog::verify(runtime::Files& files, const std::string& folder) {
    return Verification{files, folder}.run();
}

} // namespace onefold::event_log
