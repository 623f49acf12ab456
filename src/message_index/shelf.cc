#include "message_index/shelf.h"

#include <algorithm>

namespace onefold::message_index {

Layers Shelf::layers() const {
    const std::lock_guard lock{mutex_};
    return layers_;
}

void Shelf::add(Layer layer) {
    const std::lock_guard lock{mutex_};
    const auto place =
        std::ranges::upper_bound(layers_, layer.range.from, {}, [](const Layer& other) { return other.range.from; });
    layers_.insert(place, std::move(layer));
    ++version_;
}

bool Shelf::replace(const Range& range, const Layers& layers) {
    const std::lock_guard lock{mutex_};
    const auto lies_within = [&](const Layer& layer) { return range.holds(layer.range); };
    const auto first = std::ranges::find_if(layers_, lies_within);
    if (first == layers_.end())
        return false;
    const auto place = layers_.erase(first, std::find_if_not(first, layers_.end(), lies_within));
    layers_.insert(place, layers.begin(), layers.end());
    ++version_;
    return true;
}

Layers Shelf::drop_before(std::uint64_t position) {
    const std::lock_guard lock{mutex_};
    const auto kept = std::ranges::find_if(layers_, [&](const Layer& layer) { return layer.range.to > position; });
    Layers dropped(layers_.begin(), kept);
    layers_.erase(layers_.begin(), kept);
    ++version_;
    return dropped;
}

} // namespace onefold::message_index
