#include "timeline/newest.h"

#include <algorithm>

namespace onefold::timeline {

void Newest::add(const Entry& entry) {
    if (limit_ == 0 || !wants(entry))
        return;
    if (entries_.size() == limit_) {
        std::ranges::pop_heap(entries_, is_newer);
        entries_.pop_back();
    }
    entries_.push_back(entry);
    std::ranges::push_heap(entries_, is_newer);
}

std::vector<Entry> Newest::take() {
    std::ranges::sort(entries_, is_newer);
    return std::move(entries_);
}

} // namespace onefold::timeline
