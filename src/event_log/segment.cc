#include "event_log/segment.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <fmt/format.h>

namespace onefold::event_log {
namespace {

constexpr std::size_t open_files_max = 64;

} // namespace

std::string segment_name(std::uint64_t base) {
    return fmt::format("{:016x}.log", base);
}

std::optional<std::uint64_t> base_from(std::string_view name) {
    std::uint64_t base = 0;
    std::from_chars(name.data(), name.data() + name.size(), base, 16);
    return base != 0 && segment_name(base) == name ? std::optional(base) : std::nullopt;
}

Result<std::vector<Segment>> list_segments(runtime::Files& files, const std::string& folder) {
    std::vector<Segment> segments;
    for (const auto& name : TRY(files.list(folder)))
        if (const auto base = base_from(name))
            segments.push_back({*base, fmt::format("{}/{}", folder, name)});
    return segments;
}

void SegmentList::add(Segment segment) {
    const std::lock_guard lock{mutex_};
    segments_.push_back(std::move(segment));
}

void SegmentList::drop_before(std::uint64_t base) {
    const std::lock_guard lock{mutex_};
    std::erase_if(segments_, [&](const Segment& segment) { return segment.base < base; });
    std::erase_if(opened_, [&](const auto& opened) { return opened.first < base; });
}

Segment SegmentList::holding(std::uint64_t position) const {
    const std::lock_guard lock{mutex_};
    const auto behind = std::ranges::upper_bound(segments_, position, {}, &Segment::base);
    VERIFY(!segments_.empty());
    return behind == segments_.begin() ? segments_.front() : *std::prev(behind);
}

std::vector<Segment> SegmentList::all() const {
    const std::lock_guard lock{mutex_};
    return segments_;
}

Result<std::shared_ptr<const runtime::File>> SegmentList::open(const Segment& segment) const {
    const std::lock_guard lock{mutex_};
    auto found = opened_.find(segment.base);
    if (found == opened_.end()) {
        std::shared_ptr<const runtime::File> file = TRY(files_.open(segment.path, runtime::OpenMode::read));
        if (opened_.size() >= open_files_max)
            opened_.erase(std::ranges::min_element(opened_, {}, [](const auto& each) { return each.second.used_at; }));
        found = opened_.emplace(segment.base, Opened{std::move(file), 0}).first;
    }
    found->second.used_at = ++uses_;
    return found->second.file;
}

Walk walk(std::string_view bytes, std::uint64_t base, const std::optional<Digest>& chain, const FrameSink& sink) {
    Walk walk{.end = 0, .chain = chain};
    while (walk.end < bytes.size()) {
        const auto rest = bytes.substr(walk.end);
        const auto frame = parse_frame(rest, base + walk.end);
        if (!frame)
            walk.fault = frame.error();
        else if (walk.chain && !has_true_chain(*frame, *walk.chain, rest))
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

void each_whole_frame(std::string_view bytes, std::uint64_t base, const FrameSink& sink) {
    std::uint64_t offset = 0;
    while (offset < bytes.size()) {
        if (const auto frame = parse_frame(bytes.substr(offset), base + offset)) {
            sink(*frame);
            offset += frame->length;
        } else {
            offset = find_frame(bytes, base, offset + 1, Sought::any_frame).value_or(bytes.size());
        }
    }
}

} // namespace onefold::event_log
