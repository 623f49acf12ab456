#include "timeline/shelf.h"

#include <algorithm>
#include <mutex>

namespace onefold::timeline {
namespace {

Position begin_of(const RunPointer& run) {
    return run->interval().from;
}

} // namespace

Runs Shelf::begin(Runs runs, Position cursor) {
    const std::unique_lock lock{mutex_};
    const auto beyond =
        std::ranges::partition(runs, [&](const RunPointer& run) { return run->interval().to <= cursor; });
    Runs useless(beyond.begin(), beyond.end());
    runs.erase(beyond.begin(), beyond.end());
    std::ranges::sort(runs, {}, begin_of);
    runs_ = std::make_shared<Runs>(std::move(runs));
    live_ = open_at(cursor);
    return useless;
}

RecentPointer Shelf::open_at(Position from) {
    recents_.push_back({std::make_shared<Recent>(from, entries_max_)});
    return recents_.back().recent;
}

void Shelf::seal(const RecentPointer& recent) {
    for (Kept& kept : recents_)
        if (kept.recent == recent)
            kept.is_sealed = true;
}

RecentPointer Shelf::add(RecentPointer to, Interval interval, const std::vector<Entry>& entries) {
    for (const Entry& entry : entries) {
        if (entry.position < to->interval().to)
            continue;
        if (to->is_full()) {
            to->advance(entry.position);
            seal(to);
            to = open_at(entry.position);
        }
        to->append(entry);
    }
    to->advance(std::max(to->interval().to, interval.to));
    return to;
}

bool Shelf::append(Interval interval, const std::vector<Entry>& entries) {
    const std::unique_lock lock{mutex_};
    VERIFY(live_);
    const RecentPointer before = live_;
    const bool is_long = live_->interval().to.value - live_->interval().from.value > stretch_max;
    if (live_->interval().to < interval.from || is_long) {
        seal(live_);
        live_ = open_at(std::max(live_->interval().to, interval.from));
    }
    live_ = add(live_, interval, entries);
    if (live_ != before && filling_)
        seal(std::exchange(filling_, nullptr));
    return live_ != before;
}

void Shelf::fill(Interval interval, const std::vector<Entry>& entries) {
    const std::unique_lock lock{mutex_};
    const bool is_long = filling_ && filling_->interval().to.value - filling_->interval().from.value > stretch_max;
    if (filling_ && (filling_->interval().to != interval.from || is_long))
        seal(std::exchange(filling_, nullptr));
    if (!filling_)
        filling_ = open_at(interval.from);
    filling_ = add(filling_, interval, entries);
}

Shelf::View Shelf::view(const std::vector<NodeId>& nodes, Position log_begin) const {
    const std::shared_lock lock{mutex_};
    View view{runs_, {}, live_ && missing_now(log_begin).empty()};
    for (const Kept& kept : recents_) {
        View::Chains chains{kept.recent, {}};
        for (const NodeId node : nodes)
            if (const auto head = kept.recent->head_of(node))
                chains.heads.push_back(head);
        if (!chains.heads.empty())
            view.recents.push_back(std::move(chains));
    }
    return view;
}

std::pair<std::shared_ptr<const Runs>, std::vector<Shelf::Held>> Shelf::everything() const {
    const std::shared_lock lock{mutex_};
    std::vector<Held> recents;
    for (const Kept& kept : recents_)
        recents.push_back({kept.recent, kept.recent->count()});
    return {runs_, std::move(recents)};
}

std::shared_ptr<const Runs> Shelf::runs() const {
    const std::shared_lock lock{mutex_};
    return runs_;
}

Intervals Shelf::missing_now(Position log_begin) const {
    std::vector<Interval> held;
    for (const RunPointer& run : *runs_)
        held.push_back(run->interval());
    for (const Kept& kept : recents_)
        held.push_back(kept.recent->interval());
    return live_ ? without({log_begin, live_->interval().to}, united(std::move(held))) : Intervals{};
}

Intervals Shelf::missing(Position log_begin) const {
    const std::shared_lock lock{mutex_};
    return missing_now(log_begin);
}

Position Shelf::end() const {
    const std::shared_lock lock{mutex_};
    return live_ ? live_->interval().to : Position{};
}

std::vector<RecentPointer> Shelf::sealed() const {
    const std::shared_lock lock{mutex_};
    std::vector<RecentPointer> sealed;
    for (const Kept& kept : recents_)
        if (kept.is_sealed)
            sealed.push_back(kept.recent);
    return sealed;
}

void Shelf::seal_holding(const PositionSet& positions) {
    const std::unique_lock lock{mutex_};
    for (Kept& kept : recents_)
        kept.is_sealed |= positions.has_any(kept.recent->interval());
    if (filling_ && positions.has_any(filling_->interval()))
        filling_ = nullptr;
    if (live_ && positions.has_any(live_->interval()))
        live_ = open_at(live_->interval().to);
}

bool Shelf::is_in_memory(Position position) const {
    const std::shared_lock lock{mutex_};
    return !live_ || position >= live_->interval().to || std::ranges::any_of(recents_, [&](const Kept& kept) {
        return position >= kept.recent->interval().from && position < kept.recent->interval().to;
    });
}

void Shelf::seal_all() {
    const std::unique_lock lock{mutex_};
    for (Kept& kept : recents_)
        kept.is_sealed = true;
    filling_ = nullptr;
    if (live_)
        live_ = open_at(live_->interval().to);
}

bool Shelf::put(const RunPointer& run, const RecentPointer& instead) {
    const std::unique_lock lock{mutex_};
    if (std::erase_if(recents_, [&](const Kept& kept) { return kept.recent == instead; }) == 0)
        return false;
    Runs runs = *runs_;
    runs.insert(std::ranges::upper_bound(runs, begin_of(run), {}, begin_of), run);
    runs_ = std::make_shared<Runs>(std::move(runs));
    return true;
}

bool Shelf::put(const RunPointer& run, const Runs& instead) {
    const std::unique_lock lock{mutex_};
    Runs runs = *runs_;
    const auto gone =
        std::erase_if(runs, [&](const RunPointer& old) { return std::ranges::find(instead, old) != instead.end(); });
    if (gone != instead.size())
        return false;
    runs.insert(std::ranges::upper_bound(runs, begin_of(run), {}, begin_of), run);
    runs_ = std::make_shared<Runs>(std::move(runs));
    return true;
}

bool Shelf::remove(const RunPointer& run) {
    const std::unique_lock lock{mutex_};
    Runs runs = *runs_;
    if (std::erase(runs, run) == 0)
        return false;
    runs_ = std::make_shared<Runs>(std::move(runs));
    return true;
}

bool Shelf::remove(const RecentPointer& recent) {
    const std::unique_lock lock{mutex_};
    return std::erase_if(recents_, [&](const Kept& kept) { return kept.recent == recent; }) > 0;
}

} // namespace onefold::timeline
