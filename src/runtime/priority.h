#pragma once
// Which work gives way.

namespace onefold::runtime {

enum class Urgency {
    request,    // done for one request, or what memory waits for: behind what all share, the network and the event log
    background, // nobody waits for it
};

// From now on this thread, and those that it starts, get the processor when more urgent ones do not want it.
void give_way(Urgency urgency = Urgency::background);

} // namespace onefold::runtime
