#include "runtime/priority.h"

#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

namespace onefold::runtime {

void give_way(Urgency urgency) {
    const int behind = urgency == Urgency::request ? 8 : 15;
    const int nice = ::getpriority(PRIO_PROCESS, static_cast<id_t>(::getpid())) + behind; // of the first thread
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), nice);
    if (urgency != Urgency::spare)
        return;
    const sched_param none{};
    ::sched_setscheduler(::gettid(), SCHED_IDLE, &none); // a processor that only these use is free for others
}

} // namespace onefold::runtime
