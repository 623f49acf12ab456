#include "customer/activity.h"

namespace onefold::customer {

void EventSum::add(const EventSum& more) {
    count += more.count;
    first_at = std::min(first_at, more.first_at);
    last_at = std::max(last_at, more.last_at);
    has_passive |= more.has_passive;
}

void Activity::begin(Position position) {
    const std::lock_guard lock(mutex_);
    settled_ = settled_before_ = position;
    present_.clear();
    former_.clear();
}

Position Activity::settled() const {
    const std::lock_guard lock(mutex_);
    return settled_;
}

void Activity::add(const EventSums& more) {
    const std::lock_guard lock(mutex_);
    for (const auto& [node, sum] : more)
        present_[node].add(sum);
}

EventSums Activity::with(const EventSums& more) const {
    const std::lock_guard lock(mutex_);
    EventSums all = present_;
    for (const auto& [node, sum] : more)
        all[node].add(sum);
    return all;
}

void Activity::settle(Position position) {
    const std::lock_guard lock(mutex_);
    settled_before_ = std::exchange(settled_, position);
    former_ = std::exchange(present_, {});
}

std::size_t Activity::size() const {
    const std::lock_guard lock(mutex_);
    return present_.size();
}

EventSum Activity::missing(const std::vector<NodeId>& nodes, Position tables) const {
    EventSum all;
    const std::lock_guard lock(mutex_);
    if (tables > settled_) // written, and not yet told
        return all;
    const auto add = [&](const EventSums& sums) {
        for (const NodeId node : nodes)
            if (const auto found = sums.find(node); found != sums.end())
                all.add(found->second);
    };
    add(present_);
    if (tables < settled_ && tables >= settled_before_)
        add(former_);
    return all;
}

} // namespace onefold::customer
