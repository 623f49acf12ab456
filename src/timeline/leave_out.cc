// What the log tells no longer, left out of the runs.
#include "timeline/run_writer.h"
#include "timeline/upkeep.h"

namespace onefold::timeline {
namespace {

using namespace std::chrono_literals;

Result<bool> holds_any(const Run& run, const PositionSet& retracted) {
    Entry entry;
    for (Run::Cursor cursor{run, NodeId{INT64_MIN}}; TRY(cursor.next(entry));)
        if (retracted.has(entry.position))
            return true;
    return false;
}

} // namespace

// Once no more of it comes, or it is a quarter of what its runs hold: so that a long roll-back writes each run anew few
// times, and what is kept in memory has an end.
bool Upkeep::is_time_to_leave_out(const PositionSet& retracted) {
    constexpr std::uint64_t worth_it = 1 << 16;
    const auto now = outside_.clock.monotonic();
    if (retracted.size() != std::exchange(retracted_seen_, retracted.size()))
        retracted_at_ = now;
    std::uint64_t held = 0;
    const auto runs = shelf_.runs();
    for (const RunPointer& run : *runs)
        if (retracted.has_any(run->interval()))
            held += run->count();
    return is_in_haste_ || now - retracted_at_ >= 3s || retracted.size() > std::max(worth_it, held / 4);
}

Result<bool> Upkeep::leave_out() {
    const auto retracted = retracted_.now();
    if (!retracted || !is_time_to_leave_out(*retracted))
        return false;
    shelf_.seal_holding(*retracted);
    while (TRY(flush())) {
    }
    const auto runs = shelf_.runs();
    for (const RunPointer& run : *runs)
        if (retracted->has_any(run->interval()) && !TRY(leave_out_of(run, *retracted)))
            return false;
    TRY(retracted_.forget(*retracted, [&](Position position) { return shelf_.is_in_memory(position); }));
    const auto left = retracted_.now();
    return !left || left->size() < retracted->size();
}

// False where it must be tried again.
Result<bool> Upkeep::leave_out_of(const RunPointer& old, const PositionSet& retracted) {
    const auto is_held = holds_any(*old, retracted);
    if (!is_held) {
        put_aside(old, is_held.error());
        return false;
    }
    if (!*is_held)
        return true;
    const RunPointer run = TRY(write_without(old, retracted));
    if (!run)
        return false;
    TRY(outside_.files.sync_folder(folder_));
    if (!shelf_.put(run, Runs{old})) {
        TRY(remove_files({run}));
        return false;
    }
    TRY(write_manifest(*shelf_.runs()));
    TRY(remove_files({old}));
    return true;
}

// None where the old one is damaged, or there is no more time.
Result<RunPointer> Upkeep::write_without(const RunPointer& old, const PositionSet& retracted) {
    constexpr std::uint64_t between_flushes = 1 << 20;
    auto writer = TRY(RunWriter::create(outside_.files, next_path(), old->interval()));
    Run::Cursor cursor{*old, NodeId{INT64_MIN}};
    Entry entry;
    for (std::uint64_t seen = 1;; ++seen) {
        const auto more = cursor.next(entry);
        if (!more) {
            put_aside(old, more.error());
            return RunPointer{};
        }
        if (!*more)
            return writer.finish();
        if (!retracted.has(entry.position))
            TRY(writer.add(entry));
        if (seen % between_flushes == 0) {
            TRY(flush());
            if (is_stopping())
                return RunPointer{};
        }
    }
}

} // namespace onefold::timeline
