#include "runtime/priority.h"

#include <sys/resource.h>
#include <unistd.h>

namespace onefold::runtime {

void give_way(Urgency urgency) {
    const int behind = urgency == Urgency::request ? 8 : 15;
    const int nice = ::getpriority(PRIO_PROCESS, static_cast<id_t>(::getpid())) + behind; // of the first thread
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), nice);
}

} // namespace onefold::runtime
