#include "columns/projector.h"

#include "customer/message.h"

namespace onefold::columns {
namespace {

constexpr std::size_t rows_max = 100'000;
constexpr std::size_t payload_bytes_max = 32 << 20;
constexpr std::size_t frames_a_read = 10'000;

using NodeKey = identity::Identity::NodeKey;

std::string spelt(const NodeKey& key) {
    return fmt::format("{}/{}/{}", key.source.value, int(key.kind), key.key);
}

bool is_event(const event_log::Frame& frame) {
    return !frame.is_redacted &&
           (frame.kind == event_log::FrameKind::event || frame.kind == event_log::FrameKind::imported);
}

} // namespace

Result<std::vector<NodeId>> NodesOfSubjects::find(const std::vector<NodeKey>& keys) {
    std::vector<NodeId> nodes(keys.size());
    std::unordered_map<std::string, std::size_t> place; // in `unknown`
    std::vector<NodeKey> unknown;
    std::vector<std::pair<std::size_t, std::size_t>> later; // of keys, of unknown
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (keys[i].key.empty())
            continue;
        std::string name = spelt(keys[i]);
        if (const auto known = known_.find(name); known != known_.end()) {
            nodes[i] = known->second;
            continue;
        }
        const auto [entry, is_new] = place.try_emplace(std::move(name), unknown.size());
        if (is_new)
            unknown.push_back(keys[i]);
        later.emplace_back(i, entry->second);
    }
    if (unknown.empty())
        return nodes;
    const auto found = TRY(find_(unknown));
    for (const auto& [to, from] : later)
        nodes[to] = found[from];
    if (known_.size() + unknown.size() > known_max)
        known_.clear();
    for (const auto& [name, from] : place)
        if (found[from])
            known_.emplace(name, found[from]);
    return nodes;
}

Result<> Projector::take(const std::vector<event_log::Frame>& frames) {
    std::vector<EventRow> rows;
    std::vector<NodeKey> subjects;
    for (const event_log::Frame& frame : frames) {
        if (!is_event(frame))
            continue;
        auto message = customer::read_message(frame, *TRY(origin_.sources.share(frame.source_id)));
        if (message.kind.empty())
            continue;
        rows.push_back({frame.position, frame.received_at, message.at, days_.of(message.at), frame.source_id, NodeId{},
            std::move(message.kind), std::move(message.name), frame.message_id, cells_of(message.properties)});
        subjects.push_back({message.subject.source, message.subject.kind, std::move(message.subject.key)});
    }
    const auto nodes = TRY(nodes_.find(subjects));
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i].node = nodes[i];
        file_.add(rows[i]);
    }
    return {};
}

Result<Position> Projector::take_batch(Position from, Position end) {
    Position next = from;
    std::size_t frames = 0, bytes = 0;
    while (next < end && frames < rows_max && bytes < payload_bytes_max) {
        auto some = TRY(origin_.log.read(next, frames_a_read));
        while (!some.empty() && some.back().position >= end)
            some.pop_back();
        if (some.empty())
            break;
        TRY(take(some));
        next = some.back().next;
        frames += some.size();
        for (const auto& frame : some)
            bytes += frame.payload.size();
    }
    return next;
}

Result<Position> Projector::step(Position end) {
    const auto next = take_batch(std::max(file_.position(), origin_.log.begin()), end);
    if (!next) {
        TRY(file_.discard());
        return next;
    }
    if (*next != file_.position())
        TRY(file_.commit(*next));
    return next;
}

} // namespace onefold::columns
