#include "customer/timeline_reader.h"

#include "customer/message.h"

namespace onefold::customer {

Result<timeline::Timeline::Reread> read_timeline(timeline::Interval missing, const TimelineRooms& rooms) {
    constexpr std::size_t frames_max = 5000;
    timeline::Timeline::Reread read{{}, missing.from};
    std::vector<identity::Identity::NodeKey> keys;
    for (const event_log::Frame& frame : TRY(rooms.log.read(missing.from, frames_max))) {
        if (frame.position >= missing.to)
            break;
        read.next = frame.next;
        if (frame.kind == event_log::FrameKind::claim)
            continue;
        const Message message = read_message(frame, TRY(rooms.sources.get(frame.source_id)));
        if (message.subject.key.empty())
            continue;
        keys.push_back({message.subject.source, message.subject.kind, message.subject.key});
        read.events.push_back({{}, message.at, frame.position, message.kind, message.name});
    }
    const auto nodes =
        TRY(rooms.database.read([&](store::Session& session) { return rooms.identity.find_node_ids(session, keys); }));
    for (std::size_t i = 0; i < nodes.size(); ++i)
        read.events[i].node = nodes[i];
    std::erase_if(read.events, [](const timeline::Event& event) { return !event.node; });
    return read;
}

} // namespace onefold::customer
