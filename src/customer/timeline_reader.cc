#include "customer/timeline_reader.h"

namespace onefold::customer {

Result<Position> reread(timeline::Interval stretch, const TimelineRooms& rooms, const EventSink& sink) {
    constexpr std::size_t frames_max = 5000;
    Position next = stretch.from;
    std::vector<identity::Identity::NodeKey> keys;
    std::vector<std::pair<Position, Message>> events;
    for (const event_log::Frame& frame : TRY(rooms.log.read(stretch.from, frames_max))) {
        if (frame.position >= stretch.to)
            break;
        next = frame.next;
        if (frame.kind == event_log::FrameKind::claim)
            continue;
        Message message = read_message(frame, *TRY(rooms.sources.share(frame.source_id)));
        if (message.subject.key.empty())
            continue;
        keys.push_back({message.subject.source, message.subject.kind, message.subject.key});
        events.emplace_back(frame.position, std::move(message));
    }
    const auto nodes =
        TRY(rooms.database.read([&](store::Session& session) { return rooms.identity.find_node_ids(session, keys); }));
    for (std::size_t i = 0; i < nodes.size(); ++i)
        if (nodes[i])
            sink(nodes[i], events[i].first, events[i].second);
    return next;
}

Result<timeline::Timeline::Reread> read_timeline(timeline::Interval missing, const TimelineRooms& rooms) {
    timeline::Timeline::Reread read{{}, missing.from};
    read.next = TRY(reread(missing, rooms, [&](NodeId node, Position position, const Message& message) {
        read.events.push_back({node, message.at, position, message.kind, message.name});
    }));
    return read;
}

} // namespace onefold::customer
