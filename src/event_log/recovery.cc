#include "event_log/recovery.h"

#include "event_log/damage.h"
#include "event_log/redaction.h"

#include <algorithm>
#include <fmt/format.h>

namespace onefold::event_log {

bool is_unfinished_tail(std::string_view bytes, std::uint64_t base, std::uint64_t tail, const Mark& mark) {
    return base + tail >= mark.position && !find_frame(bytes, base, tail + 1, Sought::durable_before);
}

namespace {

class Recovery {
  public:
    Recovery(runtime::Files& files, const std::string& folder, const FrameSink& sink)
        : files_(files), folder_(folder), sink_(sink) {}

    Result<Recovered> run() {
        found_.segments = TRY(list_segments(files_, folder_));
        TRY(read_marks());
        if (!found_.damage)
            TRY(remove_expired());
        if (!found_.damage)
            TRY(finish_redaction());
        if (!found_.damage)
            TRY(finish_redactions());
        TRY(check_sizes());
        if (found_.segments.empty())
            note_missing_end();
        else
            TRY(walk_tail());
        if (!found_.damage && !found_.segments.empty())
            TRY(cut_tail());
        return std::move(found_);
    }

  private:
    void note(Damage damage) {
        if (!found_.damage)
            found_.damage = std::move(damage);
    }

    Result<std::optional<Mark>> mark_in(std::string_view file) {
        auto mark = read_mark(files_, folder_, file);
        if (mark || mark.error().code != "event_log.damaged")
            return mark;
        note({fmt::format("{}/{}", folder_, file), 0, {"the mark cannot be read", "标记无法读取"}});
        return std::nullopt;
    }

    Result<> read_marks() {
        const auto begin = TRY(mark_in(begin_file));
        if (begin)
            found_.begin = *begin;
        else if (found_.damage && !found_.segments.empty())
            found_.begin.position = found_.segments.front().base;
        is_begin_known_ = !found_.damage;
        const auto mark = TRY(mark_in(high_water_mark_file));
        if (!mark && !found_.segments.empty())
            note({fmt::format("{}/{}", folder_, high_water_mark_file), 0,
                {"the high-water mark is missing", "缺少高水位标记"}});
        is_mark_known_ = mark.has_value();
        found_.mark = mark.value_or(found_.begin);
        found_.end = found_.begin;
        return {};
    }

    // What an expiry left when it was cut short.
    Result<> remove_expired() {
        while (!found_.segments.empty() && found_.segments.front().base < found_.begin.position) {
            TRY(files_.remove(found_.segments.front().path));
            found_.segments.erase(found_.segments.begin());
        }
        return {};
    }

    Result<> redact_at(std::uint64_t position) {
        const auto behind = std::ranges::upper_bound(found_.segments, position, {}, &Segment::base);
        if (behind == found_.segments.begin())
            return {};
        const Segment& segment = *std::prev(behind);
        const auto redacted = redact_in(files_, segment, position);
        if (redacted || redacted.error().code != "event_log.damaged")
            return redacted;
        note({segment.path, position - segment.base, {"a redaction cannot be ended", "抹除未能完成"}});
        return {};
    }

    Result<> finish_redactions() {
        auto begun = read_redactions(files_, folder_);
        if (!begun && begun.error().code == "event_log.damaged") {
            note({fmt::format("{}/{}", folder_, redactions_file), 0,
                {"the list of redactions cannot be read", "抹除清单无法读取"}});
            return {};
        }
        if (!begun)
            return fail(begun.error());
        for (const std::uint64_t position : *begun) {
            TRY(redact_at(position));
            if (found_.damage)
                return {};
        }
        return begun->empty() ? Result<>{} : files_.remove(fmt::format("{}/{}", folder_, redactions_file));
    }

    Result<> finish_redaction() {
        const auto begun = TRY(mark_in(redaction_file));
        if (!begun)
            return {};
        TRY(redact_at(begun->position));
        if (found_.damage)
            return {};
        return files_.remove(fmt::format("{}/{}", folder_, redaction_file));
    }

    // That each segment begins where the one before it ends.
    Result<> check_sizes() {
        auto& segments = found_.segments;
        std::uint64_t expected = found_.begin.position;
        for (std::size_t i = 0; i < segments.size(); ++i) {
            if (segments[i].base != expected) {
                note({segments[i].path, 0, {"the segment before it is missing or cut", "前一个文件缺失或被截断"}});
                segments.resize(i);
                return {};
            }
            if (i + 1 == segments.size())
                return {};
            const auto file = TRY(files_.open(segments[i].path, runtime::OpenMode::read));
            expected += TRY(file->size());
            if (expected != segments[i + 1].base) {
                next_base_ = segments[i + 1].base;
                segments.resize(i + 1);
                return {};
            }
        }
        return {};
    }

    void note_missing_end() {
        if (found_.mark.position > found_.begin.position)
            note({fmt::format("{}/{}", folder_, segment_name(found_.begin.position)), 0,
                {"the end of the log is missing", "日志末尾缺失"}});
    }

    Result<> walk_tail() {
        auto& segments = found_.segments;
        const auto behind = std::ranges::upper_bound(segments, found_.mark.position, {}, &Segment::base);
        std::size_t i = behind == segments.begin() ? 0 : std::size_t(behind - segments.begin()) - 1;
        std::optional<Digest> head;
        if (segments[i].base == found_.begin.position && is_begin_known_)
            head = found_.begin.chain;
        if (segments[i].base == found_.mark.position && is_mark_known_)
            head = found_.mark.chain;
        is_mark_met_ = !is_mark_known_ || segments[i].base == found_.mark.position;
        for (; i < segments.size() && !is_broken_; ++i)
            TRY(walk_segment(i, head));
        const Segment& last = segments.back();
        const std::uint64_t offset = found_.end.position - last.base;
        if (is_mark_known_ && found_.end.position < found_.mark.position)
            note({last.path, offset, {"the end of the log is missing", "日志末尾缺失"}});
        else if (!is_mark_met_)
            note({last.path, found_.mark.position - last.base,
                {"the log is not the one of the high-water mark", "日志与高水位标记不属于同一份"}});
        return {};
    }

    Result<> walk_segment(std::size_t i, std::optional<Digest>& head) {
        const Segment segment = found_.segments[i];
        const bool is_last = i + 1 == found_.segments.size();
        const auto file = TRY(files_.open(segment.path, runtime::OpenMode::read));
        const std::string bytes = TRY(file->read_at(0, std::size_t(TRY(file->size()))));
        const auto walked = walk(bytes, segment.base, head, [&](const FrameView& frame) {
            if (frame.position + frame.length == found_.mark.position)
                is_mark_met_ = digest_from(frame.chain) == found_.mark.chain;
            if (is_last)
                sink_(frame);
        });
        head = walked.chain;
        found_.end = {segment.base + walked.end, walked.chain.value_or(Digest{})};
        const bool is_sealed = !is_last || next_base_;
        if (walked.fault && (is_sealed || !is_unfinished_tail(bytes, segment.base, walked.end, mark_or_none())))
            note_broken(i, {segment.path, walked.end, text_of(*walked.fault)});
        else if (next_base_ && is_last)
            note_broken(i, {segment.path, walked.end, text_of(Fault::cut_short)});
        return {};
    }

    Mark mark_or_none() const { return is_mark_known_ ? found_.mark : Mark{}; }

    void note_broken(std::size_t i, Damage damage) {
        note(std::move(damage));
        is_broken_ = true;
        found_.segments.resize(i + 1);
    }

    Result<> cut_tail() {
        const Segment& last = found_.segments.back();
        found_.active = TRY(files_.open(last.path, runtime::OpenMode::read_write));
        if (TRY(found_.active->size()) > found_.end.position - last.base)
            TRY(found_.active->truncate(found_.end.position - last.base));
        TRY(found_.active->sync_data());
        return files_.sync_folder(folder_);
    }

    runtime::Files& files_;
    const std::string& folder_;
    const FrameSink& sink_;
    Recovered found_;
    std::optional<std::uint64_t> next_base_; // of the segment behind a last one that does not reach to it
    bool is_begin_known_ = false;
    bool is_mark_known_ = false;
    bool is_mark_met_ = false;
    bool is_broken_ = false;
};

} // namespace

Result<Recovered> recover(runtime::Files& files, const std::string& folder, const FrameSink& sink) {
    return Recovery{files, folder, sink}.run();
}

} // namespace onefold::event_log
