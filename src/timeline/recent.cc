#include "timeline/recent.h"

#include <algorithm>

namespace onefold::timeline {

void Recent::append(const Entry& entry) {
    auto& chunk = chunks_[count_ / chunk_entries];
    if (!chunk)
        chunk = std::make_unique<Chunk>();
    Head& head = heads_[entry.node];
    (*chunk)[count_ % chunk_entries] = {entry, head};
    head = Head(++count_);
}

Recent::Head Recent::head_of(NodeId node) const {
    const auto found = heads_.find(node);
    return found == heads_.end() ? 0 : found->second;
}

void Recent::each(Head head, const std::function<void(const Entry&)>& sink) const {
    for (; head != 0; head = link(head - 1).previous)
        sink(link(head - 1).entry);
}

void Recent::collect(Head head, const Sought& sought, Newest& newest) const {
    for (; head != 0; head = link(head - 1).previous)
        if (const Entry& entry = link(head - 1).entry; newest.wants(entry) && sought.matches(entry))
            newest.add(entry);
}

std::vector<Entry> Recent::sorted(std::size_t count) const {
    std::vector<Entry> entries;
    entries.reserve(count);
    for (std::size_t i = 0; i < count; ++i)
        entries.push_back(link(i).entry);
    std::ranges::sort(entries, is_before);
    return entries;
}

} // namespace onefold::timeline
