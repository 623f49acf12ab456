#include "runtime/priority.h"

#include <sys/resource.h>
#include <unistd.h>

namespace onefold::runtime {

void give_way() {
    constexpr int nice = 10;
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), nice);
}

} // namespace onefold::runtime
