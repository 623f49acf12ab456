#include "timeline/merge.h"

#include <algorithm>

namespace onefold::timeline {

void Merge::add(const Run& run, NodeId from) {
    Way& way = ways_.emplace_back();
    way.run = &run;
    way.cursor.emplace(run, from);
}

void Merge::add(std::vector<Entry> sorted) {
    ways_.emplace_back().entries = std::move(sorted);
}

Result<bool> Merge::advance(Way& way) {
    if (!way.cursor) {
        if (way.at == way.entries.size())
            return false;
        way.head = way.entries[way.at++];
        return true;
    }
    auto more = way.cursor->next(way.head);
    if (!more)
        failed_ = way.run;
    return more;
}

Result<> Merge::begin() {
    has_begun_ = true;
    for (Way& way : ways_)
        if (TRY(advance(way)))
            heap_.push_back(&way);
    std::ranges::make_heap(heap_, [](const Way* a, const Way* b) { return is_before(b->head, a->head); });
    return {};
}

Result<bool> Merge::next(Entry& entry) {
    if (!has_begun_)
        TRY(begin());
    if (heap_.empty())
        return false;
    const auto later = [](const Way* a, const Way* b) { return is_before(b->head, a->head); };
    std::ranges::pop_heap(heap_, later);
    Way& way = *heap_.back();
    entry = way.head;
    if (TRY(advance(way)))
        std::ranges::push_heap(heap_, later);
    else
        heap_.pop_back();
    return true;
}

} // namespace onefold::timeline
