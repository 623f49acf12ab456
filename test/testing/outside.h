#pragma once
// What rooms get from outside: a clock that the test moves, everything else real.
#include "runtime/runtime.h"
#include "testing/clock.h"

#include <memory>

namespace onefold::testing {

struct Outside {
    Clock clock;
    std::unique_ptr<runtime::Random> random = runtime::make_system_random();
    std::unique_ptr<runtime::Files> files = runtime::make_system_files();
    std::unique_ptr<runtime::Network> network = runtime::make_system_network();
    const runtime::Outside all{clock, *random, *files, *network};
};

} // namespace onefold::testing
