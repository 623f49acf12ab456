#include "traffic/traffic.h"

#include "traffic/traffic_parts.h"

#include <spdlog/spdlog.h>

namespace onefold::traffic {
namespace {

using namespace std::chrono_literals;

constexpr auto keep_every = 10s;
constexpr auto tell_every = 250ms;
constexpr auto forget_every = 1h;
// A log that was never counted is counted when it is small; of a large one only what comes.
constexpr std::int64_t uncounted_bytes_max = 256 << 20;
constexpr std::size_t frames_a_read = 5'000;

} // namespace

Traffic::Traffic(store::Database& database, const event_log::EventLog& log, source::Sources& sources,
    const runtime::Outside& outside)
    : parts_(new Parts(database, log, sources, outside)) {}

Traffic::~Traffic() {
    stop();
}

Result<> Traffic::start() {
    Kept kept = TRY(parts_->database.read([](store::Session& session) { return read_kept(session); }));
    const Position begin = parts_->log.begin(), end = parts_->log.end();
    Position from = kept.cursor.value_or(end.value - begin.value <= uncounted_bytes_max ? begin : end);
    if (from < begin || from > end)
        from = from < begin ? begin : end;
    {
        std::lock_guard lock(parts_->mutex);
        parts_->seen = std::move(kept.seen);
        parts_->cursor = end;
    }
    parts_->keeper = std::thread([this, from, end] { parts_->run(from, end); });
    return {};
}

void Traffic::stop() {
    {
        std::lock_guard lock(parts_->mutex);
        parts_->is_stopping = true;
        parts_->onlookers.clear();
    }
    parts_->woken.notify_all();
    if (parts_->keeper.joinable())
        parts_->keeper.join();
}

void Traffic::Parts::add(SourceId source, Instant at, const Count& count) {
    minutes[source][begin_of(Span::minute, at)] += count;
    if (!onlookers.empty())
        news.insert(source);
}

void Traffic::Parts::see(SourceId source, Instant at, Position position) {
    Seen& one = seen[source];
    one.last_event_at = std::max(one.last_event_at, at);
    one.newest.push_back(position);
    if (one.newest.size() > newest_max)
        one.newest.pop_front();
    changed.insert(source);
}

void Traffic::note_appended(SourceId source, const event_log::Appended& appended) {
    const Instant now = parts_->outside.clock.now();
    Count count;
    std::lock_guard lock(parts_->mutex);
    for (const Position position : appended.positions) {
        if (!position) {
            ++count.duplicates;
            continue;
        }
        ++count.accepted;
        parts_->see(source, now, position);
    }
    parts_->add(source, now, count);
    parts_->cursor = std::max(parts_->cursor, appended.end);
}

void Traffic::note_refused(SourceId source, std::size_t count) {
    const Instant now = parts_->outside.clock.now();
    std::lock_guard lock(parts_->mutex);
    parts_->add(source, now, {.refused = std::int64_t(count)});
}

void Traffic::note_limited(SourceId source, std::size_t count) {
    const Instant now = parts_->outside.clock.now();
    std::lock_guard lock(parts_->mutex);
    parts_->add(source, now, {.limited = std::int64_t(count)});
}

std::vector<Position> Traffic::newest(SourceId source) const {
    std::lock_guard lock(parts_->mutex);
    const auto found = parts_->seen.find(source);
    if (found == parts_->seen.end())
        return {};
    return {found->second.newest.rbegin(), found->second.newest.rend()};
}

std::optional<Instant> Traffic::last_event_at(SourceId source) const {
    std::lock_guard lock(parts_->mutex);
    const auto found = parts_->seen.find(source);
    return found == parts_->seen.end() ? std::nullopt : std::optional(found->second.last_event_at);
}

Result<Counts> Traffic::counts(SourceId source, Span span, Instant from) const {
    std::lock_guard keeping(parts_->keeping);
    Counts counts =
        TRY(parts_->database.read([&](store::Session& session) { return read_counts(session, source, span, from); }));
    std::lock_guard lock(parts_->mutex);
    if (const auto minutes = parts_->minutes.find(source); minutes != parts_->minutes.end())
        for (const auto& [at, count] : minutes->second)
            if (at >= from)
                counts[begin_of(span, at)] += count;
    return counts;
}

// Counts what the log took between two runs and nobody counted; it lies before everything that is noted in this run.
Result<> Traffic::Parts::catch_up(Position from, Position to) {
    std::map<SourceId, std::deque<Position>> newest;
    while (from < to) {
        const auto frames = TRY(log.read(from, frames_a_read));
        if (frames.empty())
            break;
        std::lock_guard lock(mutex);
        if (is_stopping)
            return {};
        for (const auto& frame : frames) {
            if (frame.kind != event_log::FrameKind::event || frame.position >= to)
                continue;
            add(frame.source_id, frame.received_at, {.accepted = 1});
            auto& positions = newest[frame.source_id];
            positions.push_back(frame.position);
            if (positions.size() > newest_max)
                positions.pop_front();
            Seen& one = seen[frame.source_id];
            one.last_event_at = std::max(one.last_event_at, frame.received_at);
            changed.insert(frame.source_id);
        }
        from = frames.back().next;
    }
    std::lock_guard lock(mutex);
    for (const auto& [source, positions] : newest) {
        auto& all = seen[source].newest;
        all.insert(all.end(), positions.begin(), positions.end());
        std::ranges::sort(all);
        while (all.size() > newest_max)
            all.pop_front();
    }
    return {};
}

Result<> Traffic::Parts::keep() {
    std::lock_guard keeping_lock(keeping);
    News taken;
    {
        std::lock_guard lock(mutex);
        if (minutes.empty() && changed.empty())
            return {};
        taken.minutes.swap(minutes);
        for (const SourceId source : changed)
            taken.seen[source] = seen[source];
        changed.clear();
        taken.cursor = cursor;
    }
    auto kept = database.write([&](store::Session& session) { return traffic::keep(session, taken); });
    if (kept)
        return {};
    std::lock_guard lock(mutex);
    for (const auto& [source, counts] : taken.minutes)
        for (const auto& [at, count] : counts)
            minutes[source][at] += count;
    for (const auto& [source, one] : taken.seen)
        changed.insert(source);
    return kept;
}

void Traffic::Parts::tell() {
    std::vector<Onlooker> told;
    {
        std::lock_guard lock(mutex);
        std::erase_if(onlookers, [](const Onlooker& one) { return one.stream->is_closed(); });
        for (const Onlooker& one : onlookers)
            if (news.contains(one.source))
                told.push_back(one);
        news.clear();
    }
    for (const Onlooker& one : told)
        one.stream->send("traffic", "{}");
}

void Traffic::Parts::run(Position from, Position to) {
    auto complain = [](const Result<>& done) {
        if (!done)
            spdlog::warn("traffic: {}", done.error().message.in("en"));
    };
    complain(catch_up(from, to));
    auto due = outside.clock.monotonic() + keep_every;
    auto forget_due = outside.clock.monotonic();
    std::unique_lock lock(mutex);
    // What was not counted to its end is counted again from the kept cursor, so nothing of it may be kept.
    if (is_stopping)
        return;
    while (!is_stopping) {
        woken.wait_for(lock, onlookers.empty() ? std::chrono::milliseconds(keep_every) : tell_every);
        lock.unlock();
        tell();
        const auto now = outside.clock.monotonic();
        if (now >= due) {
            complain(keep());
            complain(sources.keep_uses());
            due = now + keep_every;
        }
        if (now >= forget_due) {
            const Instant today = outside.clock.now();
            complain(database.write([&](store::Session& session) -> Result<> {
                TRY(forget(session, Span::minute, today - minutes_kept));
                return forget(session, Span::quarter, today - quarters_kept);
            }));
            forget_due = now + forget_every;
        }
        lock.lock();
    }
    lock.unlock();
    complain(keep());
    complain(sources.keep_uses());
}

} // namespace onefold::traffic
