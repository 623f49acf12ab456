#include "event_log/segment.h"

#include "event_log/damage.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <fmt/format.h>
#include <mutex>

namespace onefold::event_log {

std::string segment_name(std::uint64_t base) {
    return fmt::format("{:016x}.log", base);
}

std::optional<std::uint64_t> base_from(std::string_view name) {
    std::uint64_t base = 0;
    std::from_chars(name.data(), name.data() + name.size(), base, 16);
    return base != 0 && segment_name(base) == name ? std::optional(base) : std::nullopt;
}

void SegmentList::add(SegmentPointer segment) {
    const std::lock_guard lock{mutex_};
    segments_.push_back(std::move(segment));
}

SegmentPointer SegmentList::find_holding(std::uint64_t position) const {
    const std::shared_lock lock{mutex_};
    const auto behind = std::ranges::upper_bound(segments_, position, {}, [](const auto& s) { return s->base; });
    return behind == segments_.begin() ? nullptr : *std::prev(behind);
}

std::vector<SegmentPointer> SegmentList::all() const {
    const std::shared_lock lock{mutex_};
    return segments_;
}

Walk walk(std::string_view bytes, std::uint64_t base, const Digest& chain, const FrameSink& sink) {
    Walk walk{.end = 0, .chain = chain};
    while (walk.end < bytes.size()) {
        const auto rest = bytes.substr(walk.end);
        const auto frame = parse_frame(rest, base + walk.end);
        if (!frame)
            walk.fault = frame.error();
        else if (!has_true_chain(*frame, walk.chain, rest))
            walk.fault = Fault::chain;
        if (walk.fault)
            break;
        sink(*frame);
        walk.chain = digest_from(frame->chain);
        walk.end += frame->length;
    }
    return walk;
}

std::optional<std::uint64_t> find_frame(
    std::string_view bytes, std::uint64_t base, std::uint64_t offset, Sought sought) {
    for (; offset + frame_overhead_bytes <= bytes.size(); ++offset) {
        std::uint64_t position;
        std::memcpy(&position, bytes.data() + offset + 8, sizeof position);
        if (position != base + offset)
            continue;
        const auto frame = parse_frame(bytes.substr(offset), position);
        if (frame && (sought == Sought::any_frame || frame->begins_group()))
            return offset;
    }
    return std::nullopt;
}

namespace {

class Recovery {
  public:
    Recovery(runtime::Files& files, const std::string& folder, const FrameSink& sink)
        : files_(files), folder_(folder), sink_(sink) {}

    Result<Recovered> run() {
        std::vector<std::uint64_t> bases;
        for (const auto& name : TRY(files_.list(folder_)))
            if (const auto base = base_from(name))
                bases.push_back(*base);
        const auto mark = TRY(read_high_water_mark(files_, folder_));
        if (!mark && !bases.empty())
            return damaged({fmt::format("{}/{}", folder_, high_water_mark_file), 0, "the high-water mark is missing"});
        found_.mark = mark.value_or(HighWaterMark{});
        is_mark_met_ = found_.mark.position == 1;
        for (std::size_t i = 0; i < bases.size(); ++i)
            TRY(take_segment(bases[i], i + 1 < bases.size() ? std::optional(bases[i + 1]) : std::nullopt));
        if (found_.end.position < found_.mark.position)
            return damaged({last_path(), found_.end.position - last_base(), "the end of the log is missing"});
        if (!is_mark_met_)
            return damaged(
                {last_path(), found_.mark.position - last_base(), "the log is not the one of the high-water mark"});
        return std::move(found_);
    }

  private:
    Result<> take_segment(std::uint64_t base, std::optional<std::uint64_t> next_base) {
        const std::string path = fmt::format("{}/{}", folder_, segment_name(base));
        if (base != found_.end.position)
            return damaged({path, 0, "the segment before it is missing or cut"});
        auto file = TRY(files_.open(path, runtime::OpenMode::read_write));
        const std::string bytes = TRY(file->read_at(0, std::size_t(TRY(file->size()))));
        const auto walked = walk(bytes, base, found_.end.chain, [&](const FrameView& frame) {
            if (frame.position + frame.length == found_.mark.position)
                is_mark_met_ = digest_from(frame.chain) == found_.mark.chain;
            sink_(frame);
        });
        found_.end = {base + walked.end, walked.chain};
        if (walked.fault)
            TRY(judge(bytes, path, base, walked, next_base));
        const bool is_last = !next_base;
        if (walked.end < bytes.size())
            TRY(file->truncate(walked.end));
        if (is_last || walked.end < bytes.size())
            TRY(file->sync_data());
        if (is_last)
            TRY(files_.sync_folder(folder_));
        found_.segments.push_back(std::make_shared<const Segment>(Segment{base, path, std::move(file)}));
        return {};
    }

    // Zeros, or a frame that nobody was told about, may be cut; anything else is damage.
    Result<> judge(std::string_view bytes, const std::string& path, std::uint64_t base, const Walk& walked,
        std::optional<std::uint64_t> next_base) const {
        const bool is_blank = std::ranges::all_of(bytes.substr(walked.end), [](char c) { return c == '\0'; });
        const bool is_before_mark = found_.end.position < found_.mark.position;
        const bool is_inside = next_base ? found_.end.position != *next_base || !is_blank
                                         : find_frame(bytes, base, walked.end + 1, Sought::durable_before).has_value();
        if (is_before_mark || is_inside)
            return damaged({path, walked.end, std::string(to_string(*walked.fault))});
        return {};
    }

    std::uint64_t last_base() const { return found_.segments.empty() ? 1 : found_.segments.back()->base; }
    std::string last_path() const { return fmt::format("{}/{}", folder_, segment_name(last_base())); }

    runtime::Files& files_;
    const std::string& folder_;
    const FrameSink& sink_;
    Recovered found_;
    bool is_mark_met_ = false;
};

} // namespace

Result<Recovered> recover(runtime::Files& files, const std::string& folder, const FrameSink& sink) {
    return Recovery{files, folder, sink}.run();
}

} // namespace onefold::event_log
