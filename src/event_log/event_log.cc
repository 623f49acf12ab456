#include "event_log/event_log.h"

#include "event_log/damage.h"
#include "event_log/writer.h"

#include <algorithm>
#include <fmt/format.h>
#include <future>
#include <sodium.h>

namespace onefold::event_log {
namespace {

constexpr std::size_t read_bytes_min = 8 << 10;
constexpr std::size_t read_bytes_max = 1 << 20;

Failure no_such_position(std::uint64_t position) {
    return fail(ErrorKind::not_found, "event_log.no_such_position",
        {fmt::format("No event begins at position {}.", position), fmt::format("位置 {} 处没有事件。", position)});
}

Result<> check(const std::vector<Draft>& drafts) {
    for (std::size_t i = 0; i < drafts.size(); ++i) {
        if (drafts[i].message_id.size() > message_id_bytes_max)
            return fail(ErrorKind::invalid, "event_log.message_id_too_long",
                {fmt::format("The message id of event {} is longer than {} bytes.", i + 1, message_id_bytes_max),
                    fmt::format("第 {} 个事件的 message id 超过 {} 字节。", i + 1, message_id_bytes_max)});
        if (drafts[i].payload.size() > payload_bytes_max)
            return fail(ErrorKind::too_large, "event_log.event_too_large",
                {fmt::format("Event {} is larger than {} bytes.", i + 1, payload_bytes_max),
                    fmt::format("第 {} 个事件超过 {} 字节。", i + 1, payload_bytes_max)});
    }
    return {};
}

Frame frame_of(const FrameView& view) {
    return {
        .position = Position{std::int64_t(view.position)},
        .next = Position{std::int64_t(view.position + view.length)},
        .received_at = instant_of(view.received_at),
        .source_id = SourceId{view.source_id},
        .message_id = std::string(view.message_id),
        .kind = view.kind(),
        .payload = std::string(view.payload),
    };
}

class SegmentedLog final : public EventLog {
  public:
    struct Parts {
        MessageKeyMaker key_maker;
        Writer::Setup writer;
    };

    explicit SegmentedLog(Parts parts)
        : outside_(parts.writer.outside),
          options_(parts.writer.options),
          key_maker_(parts.key_maker),
          writer_(std::move(parts.writer), segments_, durable_) {}

    void append(std::vector<Draft> drafts, std::function<void(Result<Appended>)> done) override {
        if (auto checked = check(drafts); !checked)
            return done(fail(checked.error()));
        writer_.submit(encode(drafts, std::move(done)));
    }

    Result<std::vector<Frame>> read(Position from, std::size_t frames_max, std::size_t bytes_max) const override {
        std::vector<Frame> frames;
        const std::uint64_t end = durable_.position();
        std::uint64_t position = std::uint64_t(std::max(from.value, begin().value));
        std::size_t payload_bytes = 0;
        while (position < end && frames.size() < frames_max && (frames.empty() || payload_bytes < bytes_max)) {
            const auto segment = segments_.find_holding(position);
            const std::size_t wanted = std::min(frames_max - frames.size(), read_bytes_max / 1024) * 1024;
            const std::string bytes = TRY(read_some(*segment, position, end, wanted));
            std::string_view rest = bytes;
            while (!rest.empty() && frames.size() < frames_max && (frames.empty() || payload_bytes < bytes_max)) {
                const auto view = parse_frame(rest, position);
                if (!view && view.error() == Fault::cut_short && rest.size() < bytes.size())
                    break;
                if (!view && frames.empty() && !is_frame_begin(rest, position))
                    return no_such_position(position);
                if (!view)
                    return damaged({segment->path, position - segment->base, std::string(to_string(view.error()))});
                payload_bytes += view->payload.size();
                frames.push_back(frame_of(*view));
                position += view->length;
                rest.remove_prefix(view->length);
            }
        }
        return frames;
    }

    Result<Frame> get(Position position) const override {
        if (position.value < begin().value)
            return no_such_position(std::uint64_t(position.value));
        auto frames = TRY(read(position, 1, payload_bytes_max));
        if (frames.empty())
            return no_such_position(std::uint64_t(position.value));
        return std::move(frames.front());
    }

    Position begin() const override { return Position{1}; }
    Position end() const override { return Position{std::int64_t(durable_.position())}; }

    bool wait_beyond(Position position, std::chrono::milliseconds timeout) const override {
        return durable_.wait_beyond(std::uint64_t(std::max(position.value, begin().value)), timeout);
    }

    Result<Verified> verify() const override {
        Verified verified{};
        std::optional<Digest> chain = Digest{};
        const std::uint64_t end = durable_.position();
        for (const auto& segment : segments_.all())
            if (segment->base < end)
                TRY(verify_segment(*segment, end, chain, verified));
        return verified;
    }

  private:
    Batch encode(const std::vector<Draft>& drafts, std::function<void(Result<Appended>)> done) const {
        Batch batch;
        batch.done = std::move(done);
        batch.entries.reserve(drafts.size());
        std::size_t bytes = 0;
        for (const Draft& draft : drafts)
            bytes += frame_overhead_bytes + draft.message_id.size() + draft.payload.size();
        batch.frames.reserve(bytes);
        const Instant now = outside_.clock.now();
        const std::string salts = outside_.random.bytes(drafts.size() * sizeof(Digest));
        for (std::size_t i = 0; i < drafts.size(); ++i) {
            const Draft& draft = drafts[i];
            const std::size_t begin = batch.frames.size();
            encode_frame(batch.frames, draft, now, std::string_view{salts}.substr(i * sizeof(Digest), sizeof(Digest)));
            Batch::Entry entry{.length = std::uint32_t(batch.frames.size() - begin)};
            if (options_.is_deduplicating && !draft.message_id.empty())
                entry.key = key_maker_.key_of(draft.source_id.value, draft.message_id);
            batch.entries.push_back(entry);
        }
        return batch;
    }

    // From `position` to the end of its segment's durable part at most; a whole frame at least.
    Result<std::string> read_some(
        const Segment& segment, std::uint64_t position, std::uint64_t end, std::size_t wanted) const {
        const std::size_t size =
            std::min<std::uint64_t>(end - position, std::clamp(wanted, read_bytes_min, read_bytes_max));
        std::string bytes = TRY(segment.file->read_at(position - segment.base, size));
        const std::size_t length = claimed_length(bytes);
        if (length > bytes.size() && length <= frame_bytes_max)
            bytes =
                TRY(segment.file->read_at(position - segment.base, std::min<std::uint64_t>(length, end - position)));
        return bytes;
    }

    static bool is_frame_begin(std::string_view bytes, std::uint64_t position) {
        std::uint64_t claimed = 0;
        if (bytes.size() >= 16)
            std::memcpy(&claimed, bytes.data() + 8, sizeof claimed);
        return claimed == position;
    }

    static Result<> verify_segment(
        const Segment& segment, std::uint64_t end, std::optional<Digest>& chain, Verified& verified) {
        const std::uint64_t size = std::min(TRY(segment.file->size()), end - segment.base);
        const std::string bytes = TRY(segment.file->read_at(0, std::size_t(size)));
        const std::string_view all{bytes};
        std::uint64_t offset = 0;
        while (offset < all.size()) {
            const auto frame = parse_frame(all.substr(offset), segment.base + offset);
            auto report = [&](Fault fault) {
                verified.damages.push_back({segment.path, offset, std::string(to_string(fault))});
            };
            if (!frame) {
                report(frame.error());
                chain.reset();
                offset = find_frame(all, segment.base, offset + 1, Sought::any_frame).value_or(all.size());
                continue;
            }
            if (chain && !has_true_chain(*frame, *chain, all.substr(offset)))
                report(Fault::chain);
            else if (!has_true_digest(*frame))
                report(Fault::digest);
            chain = digest_from(frame->chain);
            ++verified.frames;
            offset += frame->length;
        }
        return {};
    }

    const runtime::Outside outside_;
    const Options options_;
    const MessageKeyMaker key_maker_;
    SegmentList segments_;
    DurableEnd durable_;
    Writer writer_;
};

} // namespace

Result<std::unique_ptr<EventLog>> EventLog::open(
    const runtime::Outside& outside, const std::string& folder, Options options) {
    VERIFY(sodium_init() >= 0);
    TRY(outside.files.make_folder(folder));
    const MessageKeyMaker key_maker{outside.random};
    MessageSet known;
    auto recovered = TRY(recover(outside.files, folder, [&](const FrameView& frame) {
        if (options.is_deduplicating && !frame.message_id.empty())
            known.insert(key_maker.key_of(frame.source_id, frame.message_id));
    }));
    return std::make_unique<SegmentedLog>(
        SegmentedLog::Parts{key_maker, {outside, folder, options, std::move(recovered), std::move(known)}});
}

Result<Appended> EventLog::append_and_wait(std::vector<Draft> drafts) {
    std::promise<Result<Appended>> answer;
    auto arrives = answer.get_future();
    append(std::move(drafts), [&](Result<Appended> result) { answer.set_value(std::move(result)); });
    return arrives.get();
}

} // namespace onefold::event_log
