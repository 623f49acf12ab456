#include "event_log/event_log.h"

#include "event_log/copy.h"
#include "event_log/damage.h"
#include "event_log/expiry.h"
#include "event_log/recovery.h"
#include "event_log/redaction.h"
#include "event_log/writer.h"
#include "message_index/message_index.h"

#include <algorithm>
#include <atomic>
#include <fmt/format.h>
#include <future>
#include <mutex>
#include <shared_mutex>
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
        .payload = view.is_redacted() ? std::string() : std::string(view.payload),
        .is_redacted = view.is_redacted(),
    };
}

// The keys that the sealed segments hold.
class SealedKeys final : public message_index::KeySource {
  public:
    SealedKeys(const SegmentList& segments, const message_index::MessageKeyMaker& key_maker)
        : segments_(segments), key_maker_(key_maker) {}

    std::vector<message_index::Range> sealed() const override {
        const auto all = segments_.all();
        std::vector<message_index::Range> ranges;
        for (std::size_t i = 0; i + 1 < all.size(); ++i)
            ranges.push_back({all[i].base, all[i + 1].base});
        return ranges;
    }

    Result<std::vector<message_index::MessageKey>> keys_of(const message_index::Range& range) const override {
        const Segment segment = segments_.holding(range.from);
        const auto file = TRY(segments_.open(segment));
        const std::string bytes = TRY(file->read_at(0, std::size_t(TRY(file->size()))));
        std::vector<message_index::MessageKey> keys;
        each_whole_frame(bytes, segment.base, [&](const FrameView& frame) {
            if (!frame.message_id.empty())
                keys.push_back(key_maker_.key_of(frame.source_id, frame.message_id));
        });
        return keys;
    }

  private:
    const SegmentList& segments_;
    const message_index::MessageKeyMaker& key_maker_;
};

class SegmentedLog final : public EventLog {
  public:
    SegmentedLog(const runtime::Outside& outside, std::string folder, Options options)
        : outside_(outside), folder_(std::move(folder)), options_(options), segments_(outside.files) {}

    Result<> start() {
        std::vector<std::pair<std::int64_t, std::string>> ids; // of the last segment
        auto recovered = TRY(recover(outside_.files, folder_, [&](const FrameView& frame) {
            if (options_.is_deduplicating && !frame.message_id.empty())
                ids.emplace_back(frame.source_id, frame.message_id);
        }));
        for (auto& segment : recovered.segments)
            segments_.add(std::move(segment));
        begin_ = recovered.begin.position;
        durable_.advance(recovered.end.position);
        damage_ = recovered.damage;
        is_appending_ = !recovered.damage;
        if (!is_appending_)
            return {};
        if (options_.is_deduplicating)
            TRY(open_index(ids));
        writer_ = std::make_unique<Writer>(Writer::Setup{outside_, folder_, options_, recovered.end, recovered.mark,
                                               std::move(recovered.active), index_.get()},
            segments_, durable_);
        return {};
    }

    void append(std::vector<Draft> drafts, std::function<void(Result<Appended>)> done) override {
        if (!is_appending_)
            return done(recovery_needed(*condition().damage));
        if (auto checked = check(drafts); !checked)
            return done(fail(checked.error()));
        writer_->submit(encode(drafts, std::move(done)));
    }

    Result<std::vector<bool>> are_known(SourceId source, const std::vector<std::string>& message_ids) override {
        if (!is_appending_)
            return recovery_needed(*condition().damage);
        std::promise<Result<Appended>> answer;
        Batch question;
        question.wish = Batch::Wish::ask;
        question.done = [&](Result<Appended> result) { answer.set_value(std::move(result)); };
        for (const std::string& id : message_ids)
            question.entries.push_back({0, key_of(source, id)});
        writer_->submit(std::move(question));
        const auto appendable = TRY(answer.get_future().get());
        std::vector<bool> known;
        for (const Position position : appendable.positions)
            known.push_back(!position);
        return known;
    }

    Result<> check_room() const override {
        if (!is_appending_)
            return recovery_needed(*condition().damage);
        return writer_->check_room();
    }

    Result<std::vector<Frame>> read(Position from, std::size_t frames_max, std::size_t bytes_max) const override {
        std::vector<Frame> frames;
        const std::uint64_t end = durable_.position();
        std::uint64_t position = std::uint64_t(std::max(from.value, begin().value));
        std::size_t payload_bytes = 0;
        while (position < end && frames.size() < frames_max && (frames.empty() || payload_bytes < bytes_max)) {
            const std::size_t wanted = std::min(frames_max - frames.size(), read_bytes_max / 1024) * 1024;
            const auto taken = take(position, end, wanted, frames, frames_max, payload_bytes, bytes_max);
            if (!taken && position < std::uint64_t(begin().value))
                return read(begin(), frames_max, bytes_max); // it expired meanwhile
            if (!taken && frames.empty())
                return fail(taken.error());
            if (!taken)
                break;
        }
        return frames;
    }

    Result<Frame> get(Position position) const override {
        if (position.value < begin().value)
            return no_such_position(std::uint64_t(position.value));
        auto frames = TRY(read(position, 1, payload_bytes_max));
        if (frames.empty() || frames.front().position != position)
            return no_such_position(std::uint64_t(position.value));
        return std::move(frames.front());
    }

    Position begin() const override { return Position{std::int64_t(begin_.load(std::memory_order_acquire))}; }
    Position end() const override { return Position{std::int64_t(durable_.position())}; }

    bool wait_beyond(Position position, std::chrono::milliseconds timeout) const override {
        return durable_.wait_beyond(std::uint64_t(std::max(position.value, begin().value)), timeout);
    }

    Result<> redact(Position position) override {
        const std::lock_guard change{changing_};
        if (!is_appending_)
            return recovery_needed(*condition().damage);
        TRY(get(position));
        TRY(write_mark(outside_.files, folder_, redaction_file, {std::uint64_t(position.value), {}}));
        {
            const std::lock_guard reading{redacting_};
            TRY(redact_in(
                outside_.files, segments_.holding(std::uint64_t(position.value)), std::uint64_t(position.value)));
        }
        return outside_.files.remove(fmt::format("{}/{}", folder_, redaction_file));
    }

    Result<> redact(std::vector<Position> positions) override {
        const std::lock_guard change{changing_};
        if (!is_appending_)
            return recovery_needed(*condition().damage);
        std::vector<std::uint64_t> all;
        for (const Position position : positions)
            if (position >= begin()) {
                if (position >= end())
                    return no_such_position(std::uint64_t(position.value));
                all.push_back(std::uint64_t(position.value));
            }
        if (all.empty())
            return {};
        std::ranges::sort(all);
        TRY(write_redactions(outside_.files, folder_, all));
        for (std::size_t at = 0; at < all.size();) {
            const Segment segment = segments_.holding(all[at]);
            std::size_t to = at + 1;
            while (to < all.size() && segments_.holding(all[to]).base == segment.base)
                ++to;
            const std::lock_guard reading{redacting_};
            TRY(redact_in(outside_.files, segment, std::span(all).subspan(at, to - at)));
            at = to;
        }
        return outside_.files.remove(fmt::format("{}/{}", folder_, redactions_file));
    }

    void keep_from(std::string_view reader, Position position) override {
        checkpoints_.put(reader, std::uint64_t(std::max<std::int64_t>(position.value, 1)));
    }

    Result<std::size_t> expire(Instant before) override {
        const std::lock_guard change{changing_};
        if (!is_appending_ || !held_.expired())
            return 0;
        const auto begin = TRY(find_new_begin(segments_, checkpoints_.least(), before));
        if (!begin)
            return 0;
        TRY(write_mark(outside_.files, folder_, begin_file, *begin));
        begin_.store(begin->position, std::memory_order_release);
        std::size_t count = 0;
        for (const Segment& segment : segments_.all())
            if (segment.base < begin->position) {
                TRY(outside_.files.remove(segment.path));
                ++count;
            }
        segments_.drop_before(begin->position);
        if (index_)
            index_->drop_before(begin->position);
        TRY(outside_.files.sync_folder(folder_));
        return count;
    }

    std::shared_ptr<const void> hold() override {
        const std::lock_guard change{changing_};
        auto held = held_.lock();
        if (!held)
            held_ = held = std::make_shared<char>();
        return held;
    }

    Result<Copied> copy(Position to, const CopySink& sink) const override {
        const Mark begin = TRY(read_mark(outside_.files, folder_, begin_file)).value_or(Mark{});
        return copy_segments(segments_, begin, std::uint64_t(std::min(to, end()).value), redacting_, sink);
    }

    Condition condition() const override {
        const std::lock_guard lock{damage_mutex_};
        return {is_appending_, damage_, !writer_ || writer_->has_space()};
    }

    Figures figures() const override {
        const auto index = index_ ? index_->figures() : message_index::MessageIndex::Figures{};
        const auto waiting = writer_ ? writer_->waiting() : Writer::Waiting{};
        return {segments_.all().size(), index.messages, index.runs, index.memory_bytes, waiting.bytes, waiting.events,
            waiting.age, waiting.refused};
    }

    Result<Verified> verify() const override { return EventLog::verify(outside_.files, folder_); }

  private:
    Result<> open_index(const std::vector<std::pair<std::int64_t, std::string>>& ids) {
        key_maker_.emplace(TRY(message_index::MessageKeyMaker::open(outside_.files, outside_.random, folder_)));
        sealed_keys_.emplace(segments_, *key_maker_);
        index_ = TRY(message_index::MessageIndex::open(outside_, folder_, *sealed_keys_, key_maker_->mark()));
        for (const auto& [source_id, message_id] : ids)
            index_->restore(key_maker_->key_of(source_id, message_id));
        return {};
    }

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
            const auto length = std::uint32_t(batch.frames.size() - begin);
            batch.entries.push_back({length, key_of(draft.source_id, draft.message_id)});
        }
        return batch;
    }

    // None where a message may come any number of times.
    std::optional<message_index::MessageKey> key_of(SourceId source, const std::string& message_id) const {
        if (!options_.is_deduplicating || message_id.empty())
            return std::nullopt;
        return key_maker_->key_of(source.value, message_id);
    }

    // Appends to `frames` what one read of the disk brings, and moves `position` behind it.
    Result<> take(std::uint64_t& position, std::uint64_t end, std::size_t wanted, std::vector<Frame>& frames,
        std::size_t frames_max, std::size_t& payload_bytes, std::size_t bytes_max) const {
        const Segment segment = segments_.holding(position);
        const std::string bytes = TRY(read_some(segment, position, end, wanted));
        std::string_view rest = bytes;
        while (!rest.empty() && frames.size() < frames_max && (frames.empty() || payload_bytes < bytes_max)) {
            const auto view = parse_frame(rest, position);
            if (!view && view.error() == Fault::cut_short && rest.size() < bytes.size())
                break;
            if (!view && frames.empty() && !is_frame_begin(rest, position))
                return no_such_position(position);
            if (!view)
                return meet({segment.path, position - segment.base, text_of(view.error()), position});
            frames.push_back(frame_of(*view));
            payload_bytes += frames.back().payload.size();
            position += view->length;
            rest.remove_prefix(view->length);
        }
        return {};
    }

    // From `position` to the end of its segment's durable part at most; a whole frame at least.
    Result<std::string> read_some(
        const Segment& segment, std::uint64_t position, std::uint64_t end, std::size_t wanted) const {
        const auto file = TRY(segments_.open(segment));
        const std::shared_lock lock{redacting_};
        const std::size_t size =
            std::min<std::uint64_t>(end - position, std::clamp(wanted, read_bytes_min, read_bytes_max));
        std::string bytes = TRY(file->read_at(position - segment.base, size));
        const std::size_t length = claimed_length(bytes);
        if (length > bytes.size() && length <= frame_bytes_max)
            bytes = TRY(file->read_at(position - segment.base, std::min<std::uint64_t>(length, end - position)));
        return bytes;
    }

    Failure meet(const Damage& damage) const {
        const std::lock_guard lock{damage_mutex_};
        if (!damage_)
            damage_ = damage;
        return damaged(damage);
    }

    static bool is_frame_begin(std::string_view bytes, std::uint64_t position) {
        std::uint64_t claimed = 0;
        if (bytes.size() >= 16)
            std::memcpy(&claimed, bytes.data() + 8, sizeof claimed);
        return claimed == position;
    }

    const runtime::Outside outside_;
    const std::string folder_;
    const Options options_;
    SegmentList segments_;
    DurableEnd durable_;
    std::atomic<std::uint64_t> begin_ = 1;
    Checkpoints checkpoints_;
    bool is_appending_ = false;
    mutable std::mutex damage_mutex_;
    mutable std::optional<Damage> damage_;
    std::mutex changing_; // one redaction or expiry at a time
    std::weak_ptr<const void> held_;
    mutable std::shared_mutex redacting_;
    std::optional<message_index::MessageKeyMaker> key_maker_;
    std::optional<SealedKeys> sealed_keys_;
    std::unique_ptr<message_index::MessageIndex> index_;
    std::unique_ptr<Writer> writer_;
};

} // namespace

Result<std::unique_ptr<EventLog>> EventLog::open(
    const runtime::Outside& outside, const std::string& folder, Options options) {
    VERIFY(sodium_init() >= 0);
    TRY(outside.files.make_folder(folder));
    auto log = std::make_unique<SegmentedLog>(outside, folder, options);
    TRY(log->start());
    return log;
}

Result<Appended> EventLog::append_and_wait(std::vector<Draft> drafts) {
    std::promise<Result<Appended>> answer;
    auto arrives = answer.get_future();
    append(std::move(drafts), [&](Result<Appended> result) { answer.set_value(std::move(result)); });
    return arrives.get();
}

} // namespace onefold::event_log
