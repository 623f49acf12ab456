#include "customer/activity.h"

namespace onefold::customer {
namespace {

using NodeSum = SortedSums::value_type;

// Readings are older than so much only where they take seconds.
constexpr std::size_t formers_max = 100, former_nodes_max = 200'000;

SortedSums sorted(const EventSums& sums) {
    SortedSums all(sums.begin(), sums.end());
    std::ranges::sort(all, {}, &NodeSum::first);
    return all;
}

} // namespace

void EventSum::add(const EventSum& more) {
    count += more.count;
    first_at = std::min(first_at, more.first_at);
    last_at = std::max(last_at, more.last_at);
}

std::optional<Instant> EventSum::seen_at() const {
    return last_at == Instant::min() ? std::nullopt : std::optional(last_at);
}

void Activity::begin(const Written& written, const EventSums& sweeping, EventSums present) {
    auto left = sorted(sweeping);
    const std::lock_guard lock(mutex_);
    written_ = written;
    present_ = std::move(present);
    sweeping_ = std::move(left);
    swept_ = 0;
    formers_.clear();
    former_nodes_ = 0;
}

void Activity::add(const EventSums& more) {
    const std::lock_guard lock(mutex_);
    for (const auto& [node, sum] : more)
        present_[node].add(sum);
}

void Activity::begin_sweep(Position goal) {
    auto gathered = sorted(present_); // readers go on meanwhile
    const std::lock_guard lock(mutex_);
    written_.goal = goal;
    written_.swept_to = {};
    sweeping_ = std::move(gathered);
    swept_ = 0;
    present_ = {};
}

Activity::Piece Activity::next_of_sweep(std::size_t nodes_max) const {
    const std::lock_guard lock(mutex_);
    const auto left = std::span(sweeping_).subspan(swept_);
    const auto next = left.first(std::min(nodes_max, left.size()));
    Piece piece{{next.begin(), next.end()}, written_};
    if (next.size() == left.size())
        piece.then = {written_.goal, written_.goal, {}};
    else if (!next.empty())
        piece.then.swept_to = next.back().first;
    return piece;
}

Activity::Piece Activity::all_with(const EventSums& more, Position end) const {
    EventSums all;
    {
        const std::lock_guard lock(mutex_);
        all = present_;
    }
    for (const auto& [node, sum] : more)
        all[node].add(sum);
    return {sorted(all), {end, end, {}}};
}

void Activity::settle(const Written& then) {
    const bool is_whole = then.settled > written_.goal;
    auto gathered = is_whole ? sorted(present_) : SortedSums();
    const std::lock_guard lock(mutex_);
    if (then.settled > written_.settled) {
        keep(is_whole ? std::move(gathered) : std::move(sweeping_));
        sweeping_ = {};
        swept_ = 0;
        if (is_whole)
            present_ = {};
    } else {
        const auto rest = std::ranges::upper_bound(sweeping_, then.swept_to, {}, &NodeSum::first);
        swept_ = std::size_t(rest - sweeping_.begin());
    }
    written_ = then;
}

void Activity::keep(SortedSums sums) {
    former_nodes_ += sums.size();
    formers_.push_back({written_.settled, std::move(sums)});
    while (formers_.size() > 1 && (formers_.size() > formers_max || former_nodes_ > former_nodes_max)) {
        former_nodes_ -= formers_.front().sums.size();
        formers_.pop_front();
    }
}

Written Activity::written() const {
    const std::lock_guard lock(mutex_);
    return written_;
}

std::size_t Activity::size() const {
    const std::lock_guard lock(mutex_);
    return present_.size() + sweeping_.size() - swept_;
}

std::size_t Activity::left_of_sweep() const {
    const std::lock_guard lock(mutex_);
    return sweeping_.size() - swept_;
}

bool Activity::is_missing(const Written& tables) const {
    const std::lock_guard lock(mutex_);
    return !present_.empty() || swept_ < sweeping_.size() || tables.settled < written_.settled;
}

EventSum Activity::missing(const std::vector<NodeId>& nodes, const Written& tables) const {
    EventSum all;
    const std::lock_guard lock(mutex_);
    const auto find = [](const SortedSums& sums, NodeId node) {
        const auto place = std::ranges::lower_bound(sums, node, {}, &NodeSum::first);
        return place != sums.end() && place->first == node ? &place->second : nullptr;
    };
    for (const NodeId node : nodes) {
        const Position until = tables.of(node);
        if (until > written_.goal) // written in whole, and not yet told
            continue;
        if (const auto found = present_.find(node); found != present_.end())
            all.add(found->second);
        if (until < written_.goal)
            if (const EventSum* sum = find(sweeping_, node))
                all.add(*sum);
        for (const Former& former : formers_)
            if (until <= former.from)
                if (const EventSum* sum = find(former.sums, node))
                    all.add(*sum);
    }
    return all;
}

} // namespace onefold::customer
