// Which batches of a job are done, and going on behind them.
#include "import/job.h"

namespace onefold::import {
namespace {

Tally tally_of(const std::vector<object::Saved>& saved) {
    const auto times = [&](object::Saved which) { return std::int64_t(std::ranges::count(saved, which)); };
    return {times(object::Saved::created), times(object::Saved::updated), times(object::Saved::unchanged)};
}

} // namespace

// Where an earlier run of the program was.
Result<> Job::begin() {
    TRY(papers_.failed.clear());
    if (is_dry())
        return {};
    TRY(papers_.progress.begin(file_digest_));
    const auto& last = papers_.progress.last();
    if (last && (map.kind == Kind::customer || map.kind == Kind::event)) {
        batches_done_ = last->batches;
        count(last->tally); // none of it stands in the import before its end
        cut_off_ = last->pending;
        return go_on();
    }
    // Records are noted with their batch, in the database, and their counts with them.
    batches_done_ = import.batches_done;
    return batches_done_ > 0 ? wait_until_visible(rooms.log.end()) : Result<>{};
}

// What the batch that was cut off has left in the log.
Result<> Job::go_on() {
    Position at = papers_.progress.last()->log;
    const Position end = rooms.log.end();
    while (map.kind == Kind::event && at < end) {
        const auto frames = TRY(rooms.log.read(at, 10'000));
        if (frames.empty())
            break;
        for (const auto& frame : frames)
            if (frame.source_id == source.id && frame.kind == event_log::FrameKind::imported)
                appended_.insert(frame.message_id);
        at = frames.back().next;
    }
    return wait_until_visible(end);
}

bool Job::was_done() {
    if (batches_ >= batches_done_)
        return false;
    ++batches_;
    import.resumed_at_row = import.counts.read;
    return true;
}

Result<> Job::begin_batch(const std::vector<object::Saved>& pending) {
    if (is_dry() || cut_off_)
        return {};
    const Counts& counts = import.counts;
    return papers_.progress.note(
        {batches_, {counts.created, counts.updated, counts.unchanged}, tally_of(pending), rooms.log.end()});
}

void Job::end_batch(const std::vector<object::Saved>& saved) {
    const bool is_known = cut_off_ && (cut_off_->created || cut_off_->updated || cut_off_->unchanged);
    count(is_known ? *cut_off_ : tally_of(saved));
    cut_off_.reset();
    appended_.clear();
    ++batches_;
}

Result<> Job::write_batch(const Work& work, const std::function<void(std::vector<object::Saved>&)>& look) {
    std::optional<object::SavedRecords> looked_at;
    const auto written = rooms.database.write([&](store::Session& session) -> Result<std::vector<object::Saved>> {
        auto records = TRY(work(session));
        if (is_dry()) {
            looked_at = std::move(records);
            return fail(ErrorKind::conflict, "import.dry_run", {}); // takes back what was written
        }
        TRY(rooms.customers.refresh_activity_of(session, records.nodes));
        std::vector<std::int64_t> unchanged;
        for (const RecordId id : records.unchanged)
            unchanged.push_back(id.value);
        TRY(onefold::import::note_known(
            session, import.id, batches_, map.kind == Kind::order ? Known::order : Known::ticket, unchanged));
        TRY(note_done(session, tally_of(records.saved)));
        return std::move(records.saved);
    });
    if (!written && !looked_at)
        return fail(written.error());
    if (looked_at && look)
        look(looked_at->saved);
    end_batch(looked_at ? looked_at->saved : *written);
    return {};
}

Result<> Job::note_done(store::Session& session, const Tally& tally) {
    const Counts& counts = import.counts;
    TRY(session.execute("UPDATE import SET batches = $1, created = $2, updated = $3, unchanged = $4 WHERE id = $5",
        {batches_ + 1, counts.created + tally.created, counts.updated + tally.updated,
            counts.unchanged + tally.unchanged, import.id.value}));
    return {};
}

Result<> Job::tell_retracted_again(store::Session& session, std::vector<event_log::Draft>& drafts) const {
    std::vector<std::int64_t> numbers;
    for (const auto& draft : drafts)
        numbers.push_back(message_number(rooms.keys, draft.message_id));
    const auto times = TRY(times_retracted(session, source.id, numbers));
    for (std::size_t i = 0; i < drafts.size(); ++i)
        if (times[i] > 0)
            drafts[i].message_id = told_again(rooms.keys, drafts[i].message_id, times[i]);
    return {};
}

Result<> Job::note_known(Known known, const std::vector<std::int64_t>& ids) const {
    if (ids.empty() || is_dry())
        return {};
    return rooms.database.write(
        [&](store::Session& session) { return onefold::import::note_known(session, import.id, batches_, known, ids); });
}

void Job::count(const Tally& tally) {
    import.counts.created += tally.created;
    import.counts.updated += tally.updated;
    import.counts.unchanged += tally.unchanged;
}

} // namespace onefold::import
