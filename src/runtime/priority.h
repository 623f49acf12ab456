#pragma once
// Which work gives way.

namespace onefold::runtime {

// From now on this thread, and those that it starts, get the processor when others do not want it.
void give_way();

} // namespace onefold::runtime
