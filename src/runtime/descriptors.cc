#include "runtime/descriptors.h"

#include <sys/resource.h>

namespace onefold::runtime {

std::uint64_t raise_descriptors_max() {
    constexpr std::uint64_t cautious = 1'024; // what every system lets a process have
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return cautious;
    const rlimit raised{limit.rlim_max, limit.rlim_max};
    return ::setrlimit(RLIMIT_NOFILE, &raised) == 0 ? raised.rlim_cur : limit.rlim_cur;
}

} // namespace onefold::runtime
