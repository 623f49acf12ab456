#include "runtime/priority.h"

#include <sys/resource.h>
#include <unistd.h>

namespace onefold::runtime {

void give_way(Urgency urgency) {
    const int nice = urgency == Urgency::request ? 5 : 10;
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), nice);
}

} // namespace onefold::runtime
