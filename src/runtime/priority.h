#pragma once
// Which work gives way.

namespace onefold::runtime {

enum class Urgency {
    request,    // done for one request, or what memory waits for: behind what all share, the network and the event log
    background, // nobody waits for it
    spare, // likewise, and it may all but stand while all processors are busy: requests seldom wait for what it holds
};

// Work that nobody waits for rests so many times as long as it worked, after each piece: a fifth of one processor, and
// of the disk, is for it.
inline constexpr int rest_a_work = 4;

// From now on this thread, and those that it starts, get the processor when more urgent ones do not want it.
void give_way(Urgency urgency = Urgency::background);

} // namespace onefold::runtime
